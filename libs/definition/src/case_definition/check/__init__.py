"""The checks of a tenant's folder before it is published: one module a subject."""
