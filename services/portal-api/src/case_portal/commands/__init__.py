"""Commands to a case: received, published, answered."""
