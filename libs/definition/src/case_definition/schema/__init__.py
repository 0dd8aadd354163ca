"""The members of a tenant's YAML, as pydantic models: one module for each subject."""
