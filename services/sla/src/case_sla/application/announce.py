"""The announcements about a case's clocks, once a cycle: warnings, breaches, escalations, dues."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from case_clocks.archive import from_start, whole_history
from case_clocks.changes import ClockChange
from case_clocks.clock import CaseClocks, Clock, ClockTarget, Cycle
from case_clocks.counting import elapsed, ruler_of, warnings
from case_clocks.ledger import held
from case_clocks.terms import CompiledCalendars
from case_clocks.timers import fired
from case_definition.calendar.instants import utc
from case_definition.calendar.lengths import OpenTime, measure, parse_wait
from case_definition.calendar.zones import TZ_VERSION
from case_definition.schema.notices import Level, Raise
from case_events.contracts.base import Event, label_of
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TargetMet,
    TimerFired,
)
from msgspec import Struct

from case_sla.application.state import SlaState

Warned = tuple[int, int]
"""A warning: percentage of the length of a cycle, and the instant."""


class PendingAnnouncement(Struct, frozen=True):
    """An event to announce at the instant `at` (microseconds), unless the clock moves before:
    `event` makes it."""

    at: int
    key: str
    event: Callable[[], Event]


class CaseAtInstant(Struct, frozen=True):
    """The state of a case at the instant `now` (microseconds)."""

    memory: SlaState
    calendars: CompiledCalendars
    now: int


def pending(moment: CaseAtInstant, policy: tuple[Level, ...]) -> list[PendingAnnouncement]:
    """The announcements that the clocks lead to as they are, soonest first.

    At one instant, a warning or breach comes before the level that it raises; levels come in
    their order.
    """
    clocks, found = moment.memory.time.clocks, list(_fired(moment))
    for clock in clocks.clocks:
        cycle = clock.cycle
        if cycle is not None and cycle.target is not None:
            warned = warnings(cycle, clocks.history, moment.calendars)
            found += _of_cycle(clock, cycle, warned, moment)
            found += _levels(clock, cycle, warned, policy, moment)
    new = (item for item in found if item.key not in moment.memory.announced)
    return sorted(new, key=attrgetter("at"))


def _fired(moment: CaseAtInstant) -> Iterator[PendingAnnouncement]:
    """The process timers whose time has passed."""
    for timer in moment.memory.time.timers.clocks:
        due = fired(timer)
        if due is not None:
            event = partial(_timer_fired, timer, due, moment)
            yield PendingAnnouncement(due, f"{timer.metric}/{timer.started}/fired", event)


def _timer_fired(timer: Clock, due: int, moment: CaseAtInstant) -> TimerFired:
    return TimerFired(
        timer=timer.metric,
        cycle=timer.started,
        rests_on=moment.memory.version,
        due_at=utc(due),
        fired_at=utc(moment.now),
    )


def _of_cycle(
    clock: Clock, cycle: Cycle, warned: Sequence[Warned], moment: CaseAtInstant
) -> Iterator[PendingAnnouncement]:
    """The breach of a cycle, or the warnings before it."""
    key = f"{clock.metric}/{cycle.number}"
    if cycle.missed is not None:
        event: Callable[[], Event] = partial(_breach, clock, cycle, cycle.missed, moment)
        yield PendingAnnouncement(cycle.missed, f"{key}/breach", event)
    elif cycle.due is not None:
        for share, at in warned:
            if at < cycle.due:
                event = partial(_warning, clock, cycle, share, cycle.due, moment)
                yield PendingAnnouncement(at, f"{key}/warning/{share}", event)


def _breach(clock: Clock, cycle: Cycle, missed: int, moment: CaseAtInstant) -> TargetBreached:
    memory, history = moment.memory, whole_history(moment.memory.time.clocks)
    return TargetBreached(
        due_at=utc(missed),
        detected_at=utc(moment.now),
        cause=memory.causes.get(f"{clock.metric}/{cycle.number}", ""),
        held=held(from_start(cycle), history, moment.calendars, missed),
        ended=cycle.ended is not None,
        **_promise(cycle),
        **_about(clock.metric, cycle.number, memory),
    )


def _warning(
    clock: Clock, cycle: Cycle, share: int, due: int, moment: CaseAtInstant
) -> DeadlineWarned:
    about = _about(clock.metric, cycle.number, moment.memory)
    return DeadlineWarned(share=share / 100, due=utc(due), **about)


def _levels(
    clock: Clock,
    cycle: Cycle,
    warned: Sequence[Warned],
    policy: tuple[Level, ...],
    moment: CaseAtInstant,
) -> Iterator[PendingAnnouncement]:
    """The escalation levels that a cycle raises; none after the case was resolved."""
    memory, last_warning = moment.memory, max((at for _, at in warned), default=None)
    if cycle.ended is not None or (cycle.missed is None and last_warning is None):
        return
    last = memory.time.clocks.history[-1]
    for level in policy:
        reached = [
            (_after(on, since, cycle.target, moment.calendars), on.on)
            for on in level.raised
            if (since := cycle.missed if on.on == "breach" else last_warning) is not None
            if _concerns(on, clock, memory)
        ]
        if reached and not (last.resolved and min(reached)[0] > last.since):
            first, why = min(reached)
            key = f"{clock.metric}/{cycle.number}/level/{level.level}"
            event = partial(_raised, clock, cycle, level, why, moment)
            yield PendingAnnouncement(first, key, event)


def _raised(
    clock: Clock, cycle: Cycle, level: Level, why: str, moment: CaseAtInstant
) -> EscalationRaised:
    about = _about(clock.metric, cycle.number, moment.memory)
    return EscalationRaised(level=level.level, role=level.role, why=why, **about)


def _concerns(on: Raise, clock: Clock, memory: SlaState) -> bool:
    return (not on.metrics or clock.metric in on.metrics) and (
        not on.priorities or memory.time.priority in on.priorities
    )


def _after(on: Raise, since: int, target: ClockTarget | None, calendars: CompiledCalendars) -> int:
    """The instant at which a level is reached whose warning or breach was at `since`."""
    if target is None or on.after is None:
        return since
    length = parse_wait(on.after)
    if isinstance(length, OpenTime):
        return ruler_of(target, calendars).add(since, length.span)
    return measure(length, calendars[target.calendar], since).due


def next_due(memory: SlaState, grace: int) -> int | None:
    """The instant (microseconds) after the earliest due of a running clock and the grace."""
    dues = [
        clock.cycle.due + grace + 1
        for clock in (*memory.time.clocks.clocks, *memory.time.timers.clocks)
        if clock.cycle is not None and clock.cycle.due is not None and clock.cycle.missed is None
    ]
    return min(dues, default=None)


def ends(changed: Sequence[ClockChange], memory: SlaState, fact: str) -> Iterator[Event]:
    """The events for cycles that ended, and for breaches that did not hold. A withdrawal names
    the record `fact`."""
    cycles = {clock.metric: clock.cycle for clock in memory.time.clocks.clocks}
    for change in changed:
        about = _about(change.metric, change.cycle, memory)
        spent, left = change.elapsed or 0, change.left or 0
        match change.kind:
            case "met":
                yield TargetMet(
                    elapsed=spent, left=left, **_promise(cycles[change.metric]), **about
                )
            case "excluded":
                yield TargetExcluded(elapsed=spent, **_promise(cycles[change.metric]), **about)
            case "answered":
                levels = raised_levels(memory, change.metric, change.cycle)
                yield TargetAnswered(elapsed=spent, left=left, levels=levels, **about)
            case "withdrawn":
                yield BreachWithdrawn(fact=fact, **about)


def raised_levels(memory: SlaState, metric: str, cycle: int) -> tuple[int, ...]:
    """The escalation levels that were raised for a cycle."""
    stem = f"{metric}/{cycle}/level/"
    announced = memory.announced.keys() | memory.warned_at.keys()
    return tuple(sorted(int(key.removeprefix(stem)) for key in announced if key.startswith(stem)))


def moved_into_past(before: CaseClocks, changed: Sequence[ClockChange]) -> Iterator[str]:
    """The cycles (metric/number) that were breached because their due moved into the past."""
    dues = {
        (clock.metric, clock.cycle.number): clock.cycle.due
        for clock in before.clocks
        if clock.cycle is not None
    }
    for change in changed:
        key = (change.metric, change.cycle)
        if change.kind == "breached" and key in dues and dues[key] != change.due:
            yield f"{change.metric}/{change.cycle}"


def deadlines(
    memory: SlaState, calendars: CompiledCalendars, now: int, cause: Event | type[Event]
) -> list[tuple[str, int, DeadlineSet]]:
    """The dues that differ from those last announced: metric, due (0: none) and event.

    Their reason is the label of `cause`. Empty before a case has its priority: its targets are
    unknown until then.
    """
    if not memory.time.priority:
        return []
    moved: list[tuple[str, int, DeadlineSet]] = []
    for clock in memory.time.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.missed is not None:
            continue
        due = cycle.due or 0
        if due == memory.dues.get(clock.metric, 0):
            continue
        target = cycle.target or clock.target
        fact = DeadlineSet(
            due=utc(due) if due else None,
            elapsed=elapsed(cycle, memory.time.clocks.history, calendars, now),
            reason=label_of(cause),
            calendar=target.calendar if target else "",
            tz_version=TZ_VERSION,
            **_about(clock.metric, cycle.number, memory),
        )
        moved.append((clock.metric, due, fact))
    return moved


def _promise(cycle: Cycle | None) -> dict[str, Any]:
    """The agreement, or definition, that promised a cycle, and the promised share."""
    if cycle is None or cycle.target is None:
        return {}
    source = cycle.target.calendar.partition("#")[0]
    return {"agreement": source, "promised": cycle.target.promised}


def _about(metric: str, cycle: int, memory: SlaState) -> dict[str, Any]:
    return {"target": metric, "cycle": cycle, "rests_on": memory.version}
