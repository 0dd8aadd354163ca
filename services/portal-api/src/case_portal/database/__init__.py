"""What all queries share: row-level security, notifications, migrations."""
