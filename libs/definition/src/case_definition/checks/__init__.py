"""What a definition must be beyond its shape, one module a subject."""
