"""Shared by all queries: row-level security, notifications, migrations."""
