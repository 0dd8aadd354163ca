"""The changes between two states of a case's clocks."""

from typing import Literal

import msgspec

from case_clocks.clock import CaseClocks, Clock, Cycle, cycle_from

Kind = Literal["due", "stopped", "met", "breached", "answered", "withdrawn", "excluded"]


class ClockChange(msgspec.Struct, frozen=True):
    """A change of one cycle. `elapsed` and `left` (microseconds) are known after its end.

    due: the cycle has a due, or another one. stopped: it has none, because it is paused or held.
    met: it ended in time. breached: `due` was missed. answered: the missed cycle ended after all.
    withdrawn: the breach of `due` did not hold; if another due was missed instead, a breach of that
    due follows. excluded: the case ended without it.
    """

    kind: Kind
    metric: str
    cycle: int
    due: int | None = None
    elapsed: int | None = None
    left: int | None = None


def changes(before: CaseClocks, after: CaseClocks) -> tuple[ClockChange, ...]:
    """The changes from one state to the next, in the order of the clocks."""
    if after is before:
        return ()
    earlier = {clock.metric: clock for clock in before.clocks}
    return tuple(
        change
        for clock in after.clocks
        if clock is not earlier.get(clock.metric)
        for change in _of_clock(earlier.get(clock.metric), clock)
    )


def _of_clock(before: Clock | None, after: Clock) -> list[ClockChange]:
    now = after.cycle
    if now is None:
        return []
    then = before.cycle if before is not None else None
    if then is None or then.number != now.number:
        then = cycle_from(now.number, now.start)
    metric, found = after.metric, []
    if then.missed is not None and now.missed != then.missed:
        found.append(ClockChange("withdrawn", metric, now.number, then.missed))
    if now.missed is not None and now.missed != then.missed:
        found.append(ClockChange("breached", metric, now.number, now.missed))
    if now.target is not None and now.ended is not None and then.ended is None:
        found += _ended(metric, now)
    elif now.ended is None and now.missed is None and now.due != then.due:
        kind: Kind = "stopped" if now.due is None else "due"
        found.append(ClockChange(kind, metric, now.number, now.due))
    return found


def _ended(metric: str, cycle: Cycle) -> list[ClockChange]:
    kind: Kind = "excluded" if cycle.excluded else "met"
    if cycle.missed is not None:
        if cycle.excluded:
            return []
        kind = "answered"
    left = cycle.span - cycle.taken
    return [ClockChange(kind, metric, cycle.number, elapsed=cycle.taken, left=left)]
