"""A case as it is kept to be read, and what of it somebody may see."""
