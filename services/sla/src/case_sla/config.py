"""The settings of sla."""

from case_events.runtime.host import Settings


class Config(Settings):
    """The settings of every service. sla adds none."""
