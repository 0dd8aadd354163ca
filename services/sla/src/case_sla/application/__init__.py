"""What the service does: which events move clocks, and what is said of them."""
