"""Migration of open cases to another version of their definition."""
