"""A mail sink: takes every mail, keeps it in a Maildir, and shows it in pages."""
