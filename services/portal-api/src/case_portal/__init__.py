"""Shows cases and takes commands."""
