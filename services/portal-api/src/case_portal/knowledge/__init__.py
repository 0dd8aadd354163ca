"""The knowledge base: search, reading, suggestions, index."""
