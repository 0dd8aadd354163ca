"""What a case waits for a yes or no about, and what was said."""

from collections.abc import Mapping
from typing import Literal

from case_events.contracts.decisions import DecisionMade, DecisionRequested

DecisionState = Literal["asked", "yes", "no"]


def fold_decisions(
    decisions: Mapping[str, DecisionState], event: DecisionRequested | DecisionMade, version: int
) -> dict[str, DecisionState]:
    """How each decision stands, after one more question or answer."""
    stand: DecisionState = event.outcome if isinstance(event, DecisionMade) else "asked"
    return {**decisions, event.decision: stand}
