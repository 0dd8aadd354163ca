"""The clocks of a case in its history: enough to decide whether a report still holds."""

from collections.abc import Mapping
from datetime import datetime

from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TimerFired,
)
from msgspec import Struct
from msgspec.structs import replace

RECORDED_CLOCK_EVENTS = (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
)
"""The reports that decide whether later ones still hold."""


class RecordedClock(Struct, frozen=True):
    """The newest cycle of one target in the history. `missed` are all cycles that were breached.

    `levels` are the escalation levels raised; `by_breach` are those raised by a breach.
    `answered`: an answer came after the breach. `excluded`: the case ended without an answer.
    `due` is the last due; `warned` are the shares (0 to 1) warned of since it was set.
    """

    cycle: int = 0
    missed: tuple[int, ...] = ()
    breached: bool = False
    warned: tuple[float, ...] = ()
    levels: tuple[int, ...] = ()
    by_breach: tuple[int, ...] = ()
    answered: bool = False
    excluded: bool = False
    due: datetime | None = None


def fold_clocks(
    clocks: Mapping[str, RecordedClock], event: ClockEvent, version: int
) -> dict[str, RecordedClock]:
    """The clocks by target after one more report."""
    before = clocks.get(event.target, RecordedClock())
    clock = before
    if event.cycle > before.cycle:
        clock = RecordedClock(event.cycle, before.missed)
    if event.cycle >= before.cycle:
        clock = _moved(clock, event)
    if isinstance(event, TargetBreached):
        clock = replace(clock, missed=(*clock.missed, event.cycle))
    elif isinstance(event, BreachWithdrawn):
        clock = replace(clock, missed=tuple(n for n in clock.missed if n != event.cycle))
    return {**clocks, event.target: clock}


def fold_timers(fired: Mapping[str, int], event: TimerFired, version: int) -> dict[str, int]:
    """The last cycle in which each timer fired."""
    return {**fired, event.timer: event.cycle}


def _moved(clock: RecordedClock, event: ClockEvent) -> RecordedClock:
    match event:
        case TargetBreached():
            return replace(clock, breached=True, answered=False)
        case BreachWithdrawn():
            levels = tuple(level for level in clock.levels if level not in clock.by_breach)
            return replace(clock, breached=False, answered=False, levels=levels, by_breach=())
        case DeadlineSet(due=due) if due is not None and due != clock.due:
            # A share is warned of again for another due.
            return replace(clock, due=due, warned=(), levels=clock.by_breach)
        case DeadlineWarned(share=share):
            return replace(clock, warned=(*clock.warned, share))
        case EscalationRaised(level=level, why=why):
            by_breach = (*clock.by_breach, level) if why == "breach" else clock.by_breach
            return replace(clock, levels=(*clock.levels, level), by_breach=by_breach)
        case TargetAnswered():
            return replace(clock, answered=True)
        case TargetExcluded():
            return replace(clock, excluded=True)
        case _:
            return clock
