"""What customers used of what their agreement allows."""
