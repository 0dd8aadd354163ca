"""The state of the decisions of a case: asked, yes or no."""

from collections.abc import Mapping
from typing import Literal

from case_events.contracts.decisions import DecisionMade, DecisionRequested

DecisionState = Literal["asked", "yes", "no"]


def fold_decisions(
    decisions: Mapping[str, DecisionState], event: DecisionRequested | DecisionMade, version: int
) -> dict[str, DecisionState]:
    """The state of each decision by name, after one more event."""
    state: DecisionState = event.outcome if isinstance(event, DecisionMade) else "asked"
    return {**decisions, event.decision: state}
