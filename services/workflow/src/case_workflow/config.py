"""Workflow's settings: those that every service has."""

from case_events.runtime.host import Settings


class Config(Settings):
    """Workflow needs nothing of its own."""
