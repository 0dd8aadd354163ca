"""The settings of workflow."""

from case_events.runtime.host import Settings


class Config(Settings):
    """The settings of every service. Workflow adds none."""
