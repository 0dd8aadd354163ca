"""Opening: the beginning of a case, and what the definition derives from its input."""
