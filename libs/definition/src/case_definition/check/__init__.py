"""The checks of a tenant's folder before publishing: one module for each subject."""
