"""The knowledge base: searched, read, suggested, indexed."""
