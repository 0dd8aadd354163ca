"""What is said of a case's clocks, once a cycle: warnings, breaches, escalations, dues, ends."""

from collections.abc import Iterator
from typing import Any

from case_definition.calendar.instants import utc
from case_definition.calendar.lengths import OpenTime, measure, parse_length
from case_definition.calendar.zones import TZ_VERSION
from case_definition.schema import Level, Raise
from case_events.contracts.base import Event
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
    TargetMet,
)
from msgspec import Struct

from case_sla.application.memory import Remembered
from case_sla.application.terms import Calendars
from case_sla.domain.changes import changes
from case_sla.domain.clock import CaseClocks, Clock, Cycle, elapsed, ruler_of, warnings


class Pending(Struct, frozen=True):
    """Something that will be said at an instant, unless the clock is moved before it."""

    at: int
    key: str
    event: Event


def pending(
    memory: Remembered, ladder: tuple[Level, ...], calendars: Calendars, now: int
) -> list[Pending]:
    """Everything that waits to be said of the clocks as they are, soonest first.

    Of one instant, what raises a level comes before it, and levels in their order.
    """
    found = [
        item
        for clock in memory.clocks.clocks
        if clock.cycle is not None and clock.cycle.target is not None
        for item in _of_cycle(clock, clock.cycle, memory, ladder, calendars, now)
        if item.key not in memory.said
    ]
    return sorted(found, key=lambda item: item.at)


def _of_cycle(
    clock: Clock,
    cycle: Cycle,
    memory: Remembered,
    ladder: tuple[Level, ...],
    calendars: Calendars,
    now: int,
) -> Iterator[Pending]:
    about = _about(clock.metric, cycle.number, memory)
    key = f"{clock.metric}/{cycle.number}"
    missed = cycle.missed
    if missed is not None:
        breached = TargetBreached(due_at=utc(missed), detected_at=utc(now), **about)
        yield Pending(missed, f"{key}/breach", breached)
    elif cycle.due is not None:
        for share, at in warnings(cycle, memory.clocks.history, calendars):
            if at < cycle.due:
                warned = DeadlineWarned(share=share / 100, due=utc(cycle.due), **about)
                yield Pending(at, f"{key}/warning/{share}", warned)
    for level in ladder:
        reached = [
            (since, on.on)
            for on in level.raised
            if (since := _raised_at(on, clock, cycle, memory, calendars)) is not None
        ]
        if reached:
            first, why = min(reached)
            raised = EscalationRaised(level=level.level, role=level.role, why=why, **about)
            yield Pending(first, f"{key}/level/{level.level}", raised)


def _raised_at(
    on: Raise, clock: Clock, cycle: Cycle, memory: Remembered, calendars: Calendars
) -> int | None:
    """When a rung of the ladder is reached; None while it is not, or once it was answered."""
    if cycle.ended is not None or (on.metrics and clock.metric not in on.metrics):
        return None
    if on.on == "breach":
        since = cycle.missed
    else:
        since = max(
            (at for _, at in warnings(cycle, memory.clocks.history, calendars)), default=None
        )
    if since is None or cycle.target is None or on.after is None:
        return since
    length = parse_length(on.after)
    if isinstance(length, OpenTime):
        return ruler_of(cycle.target, calendars).add(since, length.span)
    return measure(length, calendars[cycle.target.calendar], since).due


def next_due(memory: Remembered, grace: int) -> int | None:
    """The first microsecond at which a running clock is breached and the grace has gone by."""
    dues = [
        clock.cycle.due + grace + 1
        for clock in memory.clocks.clocks
        if clock.cycle is not None and clock.cycle.due is not None and clock.cycle.missed is None
    ]
    return min(dues, default=None)


def ends(before: CaseClocks, memory: Remembered, fact: str) -> Iterator[Event]:
    """What ended with this event, or did not hold: met, and breaches withdrawn by `fact`."""
    for change in changes(before, memory.clocks):
        about = _about(change.metric, change.cycle, memory)
        if change.kind == "met" and change.elapsed is not None and change.left is not None:
            yield TargetMet(elapsed=change.elapsed, left=change.left, **about)
        elif change.kind == "withdrawn":
            yield BreachWithdrawn(fact=fact, **about)


def deadlines(
    memory: Remembered, calendars: Calendars, now: int, reason: str
) -> list[tuple[str, int, DeadlineSet]]:
    """Dues that differ from what was last said: metric, due (0: none) and what to say."""
    moved: list[tuple[str, int, DeadlineSet]] = []
    for clock in memory.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.missed is not None:
            continue
        due = cycle.due or 0
        if due == memory.dues.get(clock.metric, 0):
            continue
        target = cycle.target or clock.target
        fact = DeadlineSet(
            due=utc(due) if due else None,
            elapsed=elapsed(cycle, memory.clocks.history, calendars, now),
            reason=reason,
            calendar=target.calendar if target else "",
            tz_version=TZ_VERSION,
            **_about(clock.metric, cycle.number, memory),
        )
        moved.append((clock.metric, due, fact))
    return moved


def _about(metric: str, cycle: int, memory: Remembered) -> dict[str, Any]:
    return {"target": metric, "cycle": cycle, "rests_on": memory.version}
