"""The files that tenants write: their names, YAML with line numbers, findings."""
