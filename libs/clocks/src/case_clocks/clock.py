"""The clocks of a case, as frozen values.

All instants and spans are whole microseconds. A case has one list of status intervals; each clock
counts those in which it does not pause. `counting` computes, `fold` moves the clocks.
"""

from collections.abc import Mapping

import msgspec
from case_definition.calendar.lengths import Length
from case_definition.calendar.working_time import WorkingTime

Calendars = Mapping[str, WorkingTime]
"""Compiled calendars by the names in targets.

A cycle keeps the target under which it was breached, so a name must mean the same calendar while a
case is open; it contains the definition's version.
"""


class ClockTarget(msgspec.Struct, frozen=True, gc=False):
    """A target: a metric's length on a calendar, and the statuses that pause its clock.

    `ends` are further events that end it, in addition to those of the metric. `warn_at` are
    percentages of the length, `promised` is the promised share of cases in time. The last two are
    settings: begin again when a case is reopened, and count from a change of target instead of from
    the start.
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
    """An interval in which a case has one status and the same person or team has to act, from
    `since` on.

    `by` names the event that began the status.
    """

    since: int
    status: str | None = None
    resolved: bool = False
    by: str = ""
    hands: str = ""


class Cycle(msgspec.Struct, frozen=True, gc=False):
    """One run of a clock.

    `span` is its fixed length; `first_due` is the due of an undisturbed run, which no pause makes
    earlier; `due` is its due, None while it does not run; `missed` is the due that was breached.
    `gaps` are the times between an end and a reopening.

    `banked` is the count up to `counted_from`, so that no event has to look back further. History
    before `cut` is archived; `early` is the count there, and `passed` has the instants at which the
    needed spans were reached there. `half` is the count up to the middle of the unarchived history.

    `aim` is the instant at which a running clock reaches its span from `aim_from` on, with
    `aim_banked` as the count there; None if unknown.
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
    """A cycle that begins at an instant, without a target yet."""
    return Cycle(number, start, counted_from=start, cut=start)


class Clock(msgspec.Struct, frozen=True, gc=False):
    """A metric of a case: the events that begin and end its cycles, and its cycles so far.

    New cycles have `target`; without a target, cycles exist but have no due.
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

    `history` is the later part, `archived` the earlier part, packed by `archive`. `middle` is the
    instant at which the history will be cut next.
    """

    clocks: tuple[Clock, ...]
    history: tuple[StatusInterval, ...] = ()
    archived: tuple[bytes, ...] = ()
    middle: int = 0


class ClockReading(msgspec.Struct, frozen=True):
    """A clock at an instant.

    `state` is running, paused, met, breached, idle or excluded. `left` is None if the length is not
    known before a cycle begins. Spans are in microseconds.
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
"""The events that begin and end the cycles of each known metric."""


def clock(
    metric: str,
    target: ClockTarget | None = None,
    begins: tuple[str, ...] = (),
    ends: tuple[str, ...] = (),
) -> Clock:
    """A clock that has not begun. A metric that is not in METRICS needs its own events."""
    own_begins, own_ends = METRICS.get(metric, ((), ()))
    return Clock(metric, begins or own_begins, ends or own_ends, target)
