"""What a case waits for a yes or no about, and what was said."""

from collections.abc import Mapping
from typing import Literal

from case_events.contracts.decisions import DecisionMade, DecisionRequested

Stand = Literal["asked", "yes", "no"]


def fold_decisions(
    decisions: Mapping[str, Stand], event: DecisionRequested | DecisionMade, version: int
) -> dict[str, Stand]:
    """How each decision stands, after one more question or answer."""
    stand: Stand = event.outcome if isinstance(event, DecisionMade) else "asked"
    return {**decisions, event.decision: stand}
