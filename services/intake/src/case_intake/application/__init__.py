"""What intake does, in terms of its ports."""
