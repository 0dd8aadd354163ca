"""The reaction of sla: which events move clocks, and what is announced about them."""
