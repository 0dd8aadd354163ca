"""Open cases brought under another version of their definition."""
