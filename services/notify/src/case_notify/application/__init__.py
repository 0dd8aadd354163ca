"""What notify does: which mail an event of a case leads to."""
