"""sla's settings."""

from case_events.runtime.host import Settings


class Config(Settings):
    """sla needs nothing of its own."""
