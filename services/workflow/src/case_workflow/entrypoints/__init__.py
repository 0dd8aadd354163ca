"""The entry points of workflow: HTTP, the command line."""
