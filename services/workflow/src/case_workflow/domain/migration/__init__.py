"""Migration of a case to another version of its definition."""
