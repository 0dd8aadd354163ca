"""What the portal does, in terms of ports."""
