"""Mail as bytes, and the relay that takes it."""
