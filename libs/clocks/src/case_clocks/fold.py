"""Moves clocks by an event, by a change of targets, or by the passing of time."""

from collections.abc import Callable, Mapping
from functools import partial
from operator import is_
from typing import NamedTuple

import msgspec

from case_clocks.archive import archive_history, cut_again, from_start, whole_history
from case_clocks.clock import (
    Calendars,
    CaseClocks,
    Clock,
    ClockTarget,
    Cycle,
    StatusInterval,
    cycle_from,
)
from case_clocks.counting import aimed, counted_to, counts, due, elapsed, measured

MAX_INTERVALS = 48
"""The maximum number of unarchived intervals."""

GRACE = 2_000_000
"""The time between a due and its breach, in microseconds: an answer may still be on its way."""

replace = msgspec.structs.replace


class ClockSignal(msgspec.Struct, frozen=True, gc=False):
    """An event of a case, as clocks see it.

    Names with their own meaning: created, customer_reply, agent_reply (public), status, resolved,
    reopened, assessment_requested, assessed, final. Other names begin or end the clocks that name
    them; `status:<name>` is the change to that status. `by` is a reference to the event, for the
    ledger; `hands` says who has to act from now on, if that changes. `customer_message` matters for
    `created` only. `also` are the further signals of the event.
    """

    at: int
    name: str
    status: str | None = None
    customer_message: bool = True
    by: str = ""
    hands: str | None = None
    also: tuple[str, ...] = ()


def advance(
    case: CaseClocks, event: ClockSignal, calendars: Calendars, keep: int = MAX_INTERVALS
) -> CaseClocks:
    """The clocks after an event. `event.at` is not before that of the event before, unless a timer
    or a breach had set that off.

    A due before the event is breached first. If a timer found a breach, but the event stopped that
    clock in time, the breach is withdrawn. At most `keep` intervals of history stay unarchived.
    Raises NeverOpens.
    """
    case = expire(case, event.at)
    history = _history(case.history, event)
    step = _Step(event, signals_of(event), case.history, history)
    move = partial(_applied, step, calendars)
    moved = tuple(_in_time(clock, event.at, move) for clock in case.clocks)
    if history is case.history and all(map(is_, moved, case.clocks)):
        return case
    case = expire(replace(case, clocks=moved, history=history), event.at)
    return archive_history(case, calendars, keep)


def expire(case: CaseClocks, at: int) -> CaseClocks:
    """Breach every running clock with a due before `at`. A clock that stops at its due is met."""
    moved = tuple(
        _breached(clock, cycle)
        if (cycle := clock.cycle) is not None
        and cycle.due is not None and cycle.missed is None and at > cycle.due
        else clock
        for clock in case.clocks
    )  # fmt: skip
    return case if all(map(is_, moved, case.clocks)) else replace(case, clocks=moved)


def retarget(
    case: CaseClocks, targets: Mapping[str, ClockTarget], at: int, calendars: Calendars
) -> CaseClocks:
    """The clocks under other targets, by metric, after a change of priority or agreement.

    Each unfinished clock is counted again from its own start, or from the change if the new target
    says so. Finished and breached cycles stay. A metric that is left out no longer has a target.
    Raises NeverOpens.
    """
    case = expire(case, at)
    moved = tuple(
        _in_time(clock, at, partial(_retargeted, case, targets, at, calendars))
        for clock in case.clocks
    )
    return expire(replace(case, clocks=moved), at)


def _retargeted(
    case: CaseClocks,
    targets: Mapping[str, ClockTarget],
    at: int,
    calendars: Calendars,
    clock: Clock,
) -> Clock:
    target = targets.get(clock.metric)
    if target == clock.target:
        return clock
    cycle = clock.cycle
    if cycle is not None and cycle.ended is None and cycle.missed is None:
        anew = target is not None and target.recount_from_change
        cycle = cycle_from(cycle.number, at) if anew else from_start(cycle)
        history = whole_history(case)
        cycle = counted_to(measured(cycle, target, calendars), history, calendars, at)
        cycle = cut_again(_settled(cycle, history, calendars), case, calendars)
    return replace(clock, target=target, cycle=cycle)


def _in_time(clock: Clock, at: int, move: Callable[[Clock], Clock]) -> Clock:
    """Move a clock, without a breach that an event of the same instant is in time to undo.

    A timer may have breached the clock before the event was recorded. The breach stays if the event
    does not change the due.
    """
    cycle = clock.cycle
    if cycle is None or cycle.missed is None or cycle.ended is not None or cycle.missed < at:
        return move(clock)
    moved = move(replace(clock, breaches=clock.breaches - 1, cycle=replace(cycle, missed=None)))
    after = moved.cycle
    if after is not None and after.ended is None and after.due == cycle.missed:
        return replace(moved, breaches=clock.breaches, cycle=replace(after, missed=cycle.missed))
    return moved


def _history(history: tuple[StatusInterval, ...], event: ClockSignal) -> tuple[StatusInterval, ...]:
    last = history[-1] if history else StatusInterval(event.at)
    resolved = last.resolved
    if event.name in ("resolved", "final"):
        resolved = True
    elif event.name == "reopened":
        resolved = False
    status = last.status if event.status is None else event.status
    hands = last.hands if event.hands is None else event.hands
    # A step may be recorded after the change of status that a timer or a breach triggered, although
    # it was taken before: no interval begins before the one before it.
    since = max(event.at, last.since)
    if not history or (status, resolved) != (last.status, last.resolved):
        return (*history, StatusInterval(since, status, resolved, event.by, hands))
    if hands != last.hands:
        return (*history, StatusInterval(since, status, resolved, last.by, hands))
    return history


class _Step(NamedTuple):
    """An event, its signals, and the history before and after it."""

    event: ClockSignal
    signals: frozenset[str]
    before: tuple[StatusInterval, ...]
    history: tuple[StatusInterval, ...]

    def turns(self, target: ClockTarget | None) -> bool:
        """Whether the event stops or starts a target's clock."""
        if not self.before:
            return self.history is not self.before
        then, now = self.before[-1], self.history[-1]
        if (then.status, then.resolved) == (now.status, now.resolved):  # only in other hands
            return False
        return counts(then, target) != counts(now, target)


def signals_of(event: ClockSignal) -> frozenset[str]:
    """Every signal by which an event begins or ends a clock."""
    signals = [event.name, *event.also]
    if event.status is not None:
        signals.append(f"status:{event.status}")
    if event.name == "created" and event.customer_message:
        signals.append("customer_reply")
    return frozenset(signals)


def _applied(step: _Step, calendars: Calendars, clock: Clock) -> Clock:
    event, history, before = step.event, step.history, clock.cycle
    if before is not None and before.ended is None:
        if not step.signals.isdisjoint(_ends(clock, before)):
            clock = _finished(clock, before, history, event.at, calendars)
        elif event.name == "final":
            clock = _excluded(clock, before, history, event.at, calendars)
    elif before is not None and event.name == "reopened" and _goes_on(clock, before):
        clock = _reopened(clock, before, event.at, calendars)
    elif not step.signals.isdisjoint(clock.begins):
        clock = _started(clock, event.at, calendars)
    cycle = clock.cycle
    if cycle is None or cycle.ended is not None:
        return clock
    if cycle is before and not step.turns(cycle.target):
        return clock
    cycle = counted_to(cycle, history, calendars, event.at)
    return replace(clock, cycle=_settled(cycle, history, calendars))


def _ends(clock: Clock, cycle: Cycle) -> tuple[str, ...]:
    return (*clock.ends, *cycle.target.ends) if cycle.target is not None else clock.ends


def _started(clock: Clock, at: int, calendars: Calendars) -> Clock:
    number = clock.started + 1
    cycle = measured(cycle_from(number, at), clock.target, calendars)
    return replace(clock, started=number, cycle=cycle)


def _finished(
    clock: Clock, cycle: Cycle, history: tuple[StatusInterval, ...], at: int, calendars: Calendars
) -> Clock:
    cycle = replace(cycle, ended=at, taken=elapsed(cycle, history, calendars, at))
    cycle = _settled(cycle, history, calendars)
    longest = clock.longest
    if cycle.target is not None and (longest is None or cycle.taken > longest.taken):
        longest = cycle
    return replace(clock, cycle=cycle, longest=longest)


def _excluded(
    clock: Clock, cycle: Cycle, history: tuple[StatusInterval, ...], at: int, calendars: Calendars
) -> Clock:
    taken = elapsed(cycle, history, calendars, at)
    cycle = replace(cycle, ended=at, taken=taken, excluded=True)
    return replace(clock, cycle=_settled(cycle, history, calendars))


def _goes_on(clock: Clock, cycle: Cycle) -> bool:
    """Whether a finished cycle takes part in a reopening; other met clocks stay met."""
    restarts = clock.target is not None and clock.target.restart_on_reopening
    return restarts or cycle.excluded or clock.metric == "resolution"


def _reopened(clock: Clock, cycle: Cycle, at: int, calendars: Calendars) -> Clock:
    if clock.target is not None and clock.target.restart_on_reopening:
        return _started(clock, at, calendars)
    ended = at if cycle.ended is None else cycle.ended
    gaps = (*cycle.gaps, (ended, at)) if ended < at else cycle.gaps
    cycle = replace(cycle, ended=None, taken=0, excluded=False, gaps=gaps)
    longest = clock.longest
    if longest is not None and longest.number == cycle.number:
        longest = None
    return replace(clock, cycle=cycle, longest=longest)


def _settled(cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars) -> Cycle:
    if cycle.missed is None:
        cycle = aimed(cycle, history, calendars)
    now_due = due(cycle, history, calendars)
    return cycle if now_due == cycle.due else replace(cycle, due=now_due)


def _breached(clock: Clock, cycle: Cycle) -> Clock:
    return replace(clock, breaches=clock.breaches + 1, cycle=replace(cycle, missed=cycle.due))
