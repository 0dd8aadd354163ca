"""The entry points of sla: the command line."""
