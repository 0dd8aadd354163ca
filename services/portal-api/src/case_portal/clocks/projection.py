"""The clocks of a case as readers see them."""

from collections.abc import Mapping

from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TargetMet,
)
from case_events.envelope import Record

from case_portal.read_model.view import ClockState, ClockView

ENDED = ("met", "breached", "excluded")


def follow_clocks(
    clocks: Mapping[str, ClockView], event: ClockEvent, record: Record
) -> dict[str, ClockView]:
    """The clocks by target after one more event."""
    return {**clocks, event.target: _clock(clocks.get(event.target), event)}


def _clock(before: ClockView | None, event: ClockEvent) -> ClockView:
    same = before is not None and before.cycle == event.cycle
    level = before.level if before and same else 0
    due = before.due if before else None
    state: ClockState = before.state if before and same else "running"
    answered = before.answered if before and same else False
    match event:
        case DeadlineSet(due=None):
            # A clock that has ended has no due either: it keeps its final state.
            due, state = None, state if state in ENDED else "paused"
        case DeadlineSet():
            due, state = event.due, "running"
        case DeadlineWarned():
            due, state = event.due, "warned"
        case TargetBreached():
            due, state = event.due_at, "breached"
        case EscalationRaised():
            level = max(level, event.level)
        case BreachWithdrawn():
            # The clock did not end by this event: the event that comes with it says whether the
            # clock runs, pauses or was met.
            state, level = state if state == "met" else "running", 0
        case TargetMet():
            state, level = "met", 0
        case TargetAnswered():
            answered, level = True, 0
        case TargetExcluded():
            state, level = "excluded", 0
    return ClockView(
        target=event.target,
        due=due,
        state=state,
        level=level,
        cycle=event.cycle,
        answered=answered,
    )
