"""The phase of a case, as its history leaves it."""

from case_events.contracts.phases import PhaseChanged


def fold_phase(phase: str, event: PhaseChanged, version: int) -> str:
    """The phase after one more change of it."""
    return event.phase
