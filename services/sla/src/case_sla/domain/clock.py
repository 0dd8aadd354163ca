"""Clocks of a case, as frozen values: what is remembered, and what it says at an instant.

All instants and spans are whole microseconds. The statuses of a case are kept once, as stretches
of time; each clock counts those that it does not pause in. `fold` moves these values.
"""

from collections.abc import Iterator, Mapping

import msgspec
from case_definition.calendar.lengths import Length, OpenTime, Ruler, measure, ruler
from case_definition.calendar.working_time import WorkingTime

Calendars = Mapping[str, WorkingTime]
"""Compiled calendars by the name that targets use.

A cycle keeps the target under which it was breached, so a name means the same calendar for as long
as a case is open: let it carry the definition's version.
"""


class Target(msgspec.Struct, frozen=True):
    """What was promised: a metric's length on a calendar, and what stops its clock.

    `warn_at` holds percentages of the length. The last two are settings of the definition: start
    anew when a case is reopened, and count from a change of target instead of from the start.
    """

    metric: str
    length: Length
    calendar: str = ""
    pause_in: tuple[str, ...] = ()
    warn_at: tuple[int, ...] = ()
    restart_on_reopening: bool = False
    recount_from_change: bool = False


class Stretch(msgspec.Struct, frozen=True):
    """The case in one status from an instant on. `by` names the event that began it."""

    since: int
    status: str | None = None
    resolved: bool = False
    by: str = ""


class Cycle(msgspec.Struct, frozen=True):
    """One run of a clock.

    `span` is its length, fixed; `first_due` the due of an undisturbed run, which no pause brings
    forward; `due` the instant it is due, None while it does not run; `missed` the due that was
    breached. `gaps` are the times between an end and a reopening. `banked` is what was counted
    up to `counted_from`, older history having been let go.
    """

    number: int
    start: int
    counted_from: int
    target: Target | None = None
    span: int = 0
    first_due: int = 0
    due: int | None = None
    missed: int | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    ended: int | None = None
    taken: int = 0
    excluded: bool = False
    banked: int = 0


class Clock(msgspec.Struct, frozen=True):
    """A metric of a case: the events that begin and end its cycles, and its cycles so far.

    `target` is what new cycles run under; without one, cycles are kept but have no due.
    """

    metric: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    target: Target | None = None
    begun: int = 0
    breaches: int = 0
    cycle: Cycle | None = None
    longest: Cycle | None = None


class CaseClocks(msgspec.Struct, frozen=True):
    """All that is remembered of a case's time."""

    clocks: tuple[Clock, ...]
    history: tuple[Stretch, ...] = ()


class Reading(msgspec.Struct, frozen=True):
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
    target: Target | None = None,
    begins: tuple[str, ...] = (),
    ends: tuple[str, ...] = (),
) -> Clock:
    """A clock that has not begun. A metric not in METRICS names its own events."""
    own_begins, own_ends = METRICS.get(metric, ((), ()))
    return Clock(metric, begins or own_begins, ends or own_ends, target)


def counts(stretch: Stretch, target: Target | None) -> bool:
    """Whether a target's clock counts in that stretch."""
    return not stretch.resolved and (target is None or stretch.status not in target.pause_in)


def stretches(
    cycle: Cycle, history: tuple[Stretch, ...], until: int | None
) -> Iterator[tuple[int, int | None, Stretch]]:
    """The history of a cycle: from, to (None: goes on), and the stretch. Gaps are left out."""
    edges = [*(stretch.since for stretch in history[1:]), until]
    for stretch, end in zip(history, edges, strict=True):
        high = end if until is None or (end is not None and end < until) else until
        low = max(stretch.since, cycle.counted_from)
        for gap_start, gap_end in cycle.gaps:
            if gap_end <= low or (high is not None and gap_start >= high):
                continue
            if low < gap_start:
                yield low, gap_start, stretch
            low = gap_end
        if high is None or low < high:
            yield low, high, stretch


def ruler_of(target: Target, calendars: Calendars) -> Ruler:
    """What counts a target's time."""
    return ruler(target.length, calendars[target.calendar])


def elapsed(cycle: Cycle, history: tuple[Stretch, ...], calendars: Calendars, at: int) -> int:
    """What a cycle has counted up to an instant; its end, once it has ended."""
    if cycle.ended is not None:
        return cycle.taken
    if cycle.target is None:
        return 0
    counter = ruler_of(cycle.target, calendars)
    return cycle.banked + sum(
        counter.between(low, high)
        for low, high, stretch in stretches(cycle, history, at)
        if high is not None and counts(stretch, cycle.target)
    )


def reach(
    cycle: Cycle, history: tuple[Stretch, ...], calendars: Calendars, span: int
) -> int | None:
    """The earliest instant at which a cycle has counted `span`; None if it is stopped first.

    Raises NeverOpens.
    """
    if cycle.target is None:
        return None
    if span <= cycle.banked:
        return cycle.counted_from
    counter = ruler_of(cycle.target, calendars)
    left = span - cycle.banked
    for low, high, stretch in stretches(cycle, history, None):
        if not counts(stretch, cycle.target):
            continue
        if high is None:
            return counter.add(low, left)
        found = counter.between(low, high)
        if found >= left:
            return counter.add(low, left)
        left -= found
    return None


def due(cycle: Cycle, history: tuple[Stretch, ...], calendars: Calendars) -> int | None:
    """When a cycle is due: None while it is paused, held or ended, the missed due once breached.

    Raises NeverOpens.
    """
    if cycle.missed is not None:
        return cycle.missed
    if cycle.target is None or cycle.ended is not None or not counts(history[-1], cycle.target):
        return None
    reached = reach(cycle, history, calendars, cycle.span)
    return None if reached is None else max(reached, cycle.first_due)


def warnings(
    cycle: Cycle, history: tuple[Stretch, ...], calendars: Calendars
) -> tuple[tuple[int, int], ...]:
    """When to warn of a running cycle: percentage of its length, and the instant."""
    if cycle.target is None or cycle.due is None or cycle.missed is not None:
        return ()
    found = (
        (share, reach(cycle, history, calendars, cycle.span * share // 100))
        for share in cycle.target.warn_at
    )
    return tuple((share, at) for share, at in found if at is not None)


def measured(cycle: Cycle, target: Target | None, calendars: Calendars) -> Cycle:
    """The cycle under that target, its length counted from its own start."""
    if target is None:
        return msgspec.structs.replace(cycle, target=None, span=0, first_due=0, due=None)
    if isinstance(target.length, OpenTime):
        return msgspec.structs.replace(cycle, target=target, span=target.length.span, first_due=0)
    found = measure(target.length, calendars[target.calendar], cycle.start)
    return msgspec.structs.replace(cycle, target=target, span=found.span, first_due=found.due)


def state(cycle: Cycle | None, history: tuple[Stretch, ...]) -> str:
    """The state of a clock's cycle: running, paused, met, breached, excluded, or idle."""
    if cycle is None or cycle.target is None:
        return "idle"
    if cycle.missed is not None:
        return "breached"
    if cycle.excluded:
        return "excluded"
    if cycle.ended is not None:
        return "met"
    return "running" if counts(history[-1], cycle.target) else "paused"


def shown(clock: Clock) -> Cycle | None:
    """The cycle whose time is told: for `next_response` the longest finished exchange."""
    if clock.metric == "next_response" and clock.longest is not None:
        return clock.longest
    return clock.cycle


def read(clock: Clock, history: tuple[Stretch, ...], calendars: Calendars, at: int) -> Reading:
    """What a clock says at an instant. Expire the case first, for breaches up to it."""
    told = shown(clock)
    if told is None or told.target is None:
        length = clock.target.length if clock.target is not None else None
        left = length.span if isinstance(length, OpenTime) else None
        return Reading(clock.metric, "idle", None, 0, left, clock.breaches > 0, clock.begun)
    spent = elapsed(told, history, calendars, at)
    return Reading(
        clock.metric,
        state(clock.cycle, history),
        clock.cycle.due if clock.cycle is not None else None,
        spent,
        told.span - spent,
        clock.breaches > 0,
        clock.begun,
    )
