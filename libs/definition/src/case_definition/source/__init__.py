"""The files of a tenant: their names, YAML with line numbers, findings."""
