"""The source of the histories that the tools of sla read."""
