"""Clocks of a case, as frozen values.

All instants and spans are whole microseconds. A case has one list of status intervals; each clock
counts those that it does not pause in. `counting` computes, `fold` moves the clocks.
"""

from collections.abc import Mapping

import msgspec
from case_definition.calendar.lengths import Length
from case_definition.calendar.working_time import WorkingTime

Calendars = Mapping[str, WorkingTime]
"""Compiled calendars by the name that targets use.

A cycle keeps the target under which it was breached, so a name means the same calendar for as long
as a case is open: let it carry the definition's version.
"""


class ClockTarget(msgspec.Struct, frozen=True, gc=False):
    """What was promised: a metric's length on a calendar, and what stops its clock.

    `ends` are further events that end it, next to those of the metric. `warn_at` holds percentages
    of the length, `promised` is the share of cases that will be in time. The last two are settings:
    start anew when a case is reopened, and count from a change of target instead of from the
    start.
    """

    metric: str
    length: Length
    calendar: str = ""
    pause_in: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    warn_at: tuple[int, ...] = ()
    promised: float = 1.0
    restart_on_reopening: bool = False
    recount_from_change: bool = False


class StatusInterval(msgspec.Struct, frozen=True, gc=False):
    """An interval in which a case has one status and is in the same hands, from `since` on.

    `by` names the event that began the status.
    """

    since: int
    status: str | None = None
    resolved: bool = False
    by: str = ""
    hands: str = ""


class Cycle(msgspec.Struct, frozen=True, gc=False):
    """One run of a clock.

    `span` is its length, fixed; `first_due` the due of an undisturbed run, which no pause brings
    forward; `due` the instant it is due, None while it does not run; `missed` the due that was
    breached. `gaps` are the times between an end and a reopening.

    `banked` is what was counted up to `counted_from`, so that no event has to look back further.
    Before `cut`, history was let go; `early` had been counted there, and `passed` says when the
    spans that are asked for were reached, of those that lie there. `half` is what was counted up
    to the middle of the history at hand.

    `aim` is when the span is reached by a clock that runs on from `aim_from`, with `aim_banked`
    counted there; None where that is not known.
    """

    number: int
    start: int
    counted_from: int
    cut: int
    target: ClockTarget | None = None
    span: int = 0
    first_due: int = 0
    due: int | None = None
    missed: int | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    ended: int | None = None
    taken: int = 0
    excluded: bool = False
    banked: int = 0
    early: int = 0
    passed: tuple[tuple[int, int], ...] = ()
    half: int = 0
    aim: int | None = None
    aim_from: int = 0
    aim_banked: int = 0


def cycle_from(number: int, start: int) -> Cycle:
    """A cycle that begins at that instant, without a target yet."""
    return Cycle(number, start, counted_from=start, cut=start)


class Clock(msgspec.Struct, frozen=True, gc=False):
    """A metric of a case: the events that begin and end its cycles, and its cycles so far.

    `target` is what new cycles run under; without one, cycles are kept but have no due.
    """

    metric: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    target: ClockTarget | None = None
    started: int = 0
    breaches: int = 0
    cycle: Cycle | None = None
    longest: Cycle | None = None


class CaseClocks(msgspec.Struct, frozen=True, gc=False):
    """The state of a case's time.

    `history` is its later part, `archived` its earlier part, packed by `archive`. `middle` is the
    instant at which the history will be cut next.
    """

    clocks: tuple[Clock, ...]
    history: tuple[StatusInterval, ...] = ()
    archived: tuple[bytes, ...] = ()
    middle: int = 0


class ClockReading(msgspec.Struct, frozen=True):
    """A clock at an instant.

    `state` is running, paused, met, breached, idle or excluded. `left` is None where the length
    is not known before a cycle begins. Spans in microseconds.
    """

    metric: str
    state: str
    due: int | None
    elapsed: int
    left: int | None
    breached: bool
    cycles: int


METRICS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "first_response": (("created",), ("agent_reply",)),
    "next_response": (("customer_reply",), ("agent_reply",)),
    "assessment": (("created", "assessment_requested"), ("assessed",)),
    "resolution": (("created",), ("resolved",)),
}
"""The events that begin and end the cycles of each metric that has a meaning of its own."""


def clock(
    metric: str,
    target: ClockTarget | None = None,
    begins: tuple[str, ...] = (),
    ends: tuple[str, ...] = (),
) -> Clock:
    """A clock that has not begun. A metric not in METRICS names its own events."""
    own_begins, own_ends = METRICS.get(metric, ((), ()))
    return Clock(metric, begins or own_begins, ends or own_ends, target)
