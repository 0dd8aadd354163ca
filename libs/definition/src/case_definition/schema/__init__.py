"""What a tenant writes, as pydantic models: one module a subject."""
