"""Explains each clock of a case to a person, from the case history alone."""

from collections.abc import Sequence
from itertools import accumulate

from case_definition.calendar.instants import instant_of
from case_definition.calendar.lengths import Length
from case_definition.lookup.reference import Reference
from case_events.contracts.base import label_of
from case_events.contracts.parts import TimeSpent
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineSet,
    EscalationRaised,
    TargetBreached,
)
from case_events.envelope import Record
from msgspec import Struct
from msgspec.structs import replace

from case_clocks.case_time import CaseTime, empty_case_time
from case_clocks.clock import Cycle
from case_clocks.counting import due, elapsed, state
from case_clocks.fold import GRACE, expire
from case_clocks.ledger import LedgerEntry, held, ledger
from case_clocks.moves import move
from case_clocks.terms import CompiledCalendars

KEEP = 100_000
"""The maximum number of intervals of an explained history."""


class ExplainedInterval(Struct, frozen=True, kw_only=True):
    """One interval: its counted time, and the sum up to its end (microseconds)."""

    start: int
    end: int
    counted: int
    total: int
    why: str


class RecordedChange(Struct, frozen=True, kw_only=True):
    """A recorded change: at which version, when, and what it says.

    `level` and `role` are those of an escalation, `record` is the record that took a breach back.
    """

    version: int
    at: int
    what: str
    reason: str = ""
    due: int | None = None
    level: int = 0
    role: str = ""
    record: str = ""


class Explanation(Struct, frozen=True, kw_only=True):
    """One cycle of a target. Instants and spans are in microseconds.

    `source` is the agreement (tenant/id/version), or the definition for the tenant's own target.
    `agrees` is true if the records equal the result of the history.
    """

    metric: str
    cycle: int
    state: str
    source: str
    calendar: str
    zone: str
    length: Length
    start: int
    end: int | None
    due: int | None
    missed: int | None
    elapsed: int
    left: int
    lines: tuple[ExplainedInterval, ...]
    held: tuple[TimeSpent, ...]
    moves: tuple[RecordedChange, ...]
    agrees: bool


def explain(history: Sequence[Record], reference: Reference, at: int) -> list[Explanation]:
    """Every cycle that the history (up to `at`) began, in the order of their beginnings."""
    known = [record for record in history if instant_of(record.recorded_at) <= at]
    calendars, case = CompiledCalendars(), empty_case_time()
    cycles: dict[tuple[str, int], Cycle] = {}
    for record in known:
        case = move(case, record, reference, calendars, KEEP)
        _remember(cycles, case)
    now = replace(case, clocks=expire(case.clocks, at))
    _remember(cycles, now)
    explained = [
        _explained(metric, cycle, now, calendars, known, at)
        for (metric, _), cycle in cycles.items()
        if cycle.target is not None
    ]
    return sorted(explained, key=lambda one: (one.start, one.metric))


def _remember(cycles: dict[tuple[str, int], Cycle], case: CaseTime) -> None:
    for clock in case.clocks.clocks:
        if clock.cycle is not None:
            cycles[clock.metric, clock.cycle.number] = clock.cycle


def _explained(
    metric: str,
    cycle: Cycle,
    case: CaseTime,
    calendars: CompiledCalendars,
    known: Sequence[Record],
    at: int,
) -> Explanation:
    target, history = cycle.target, case.clocks.history
    assert target is not None, "only cycles under a target are explained"
    entries = ledger(cycle, history, calendars, at)
    spent = elapsed(cycle, history, calendars, at)
    source, _, calendar = target.calendar.partition("#")
    moves = tuple(_moves(metric, cycle.number, known))
    until = at if cycle.ended is None else cycle.ended
    return Explanation(
        metric=metric,
        cycle=cycle.number,
        state=state(cycle, history),
        source=source,
        calendar=calendar,
        zone=calendars[target.calendar].zone.name,
        length=target.length,
        start=cycle.start,
        end=cycle.ended,
        due=due(cycle, history, calendars),
        missed=cycle.missed,
        elapsed=spent,
        left=cycle.span - spent,
        lines=_summed(entries),
        held=held(cycle, history, calendars, until),
        moves=moves,
        agrees=_agrees(cycle, moves, at),
    )


def _summed(entries: Sequence[LedgerEntry]) -> tuple[ExplainedInterval, ...]:
    totals = accumulate(entry.counted for entry in entries)
    return tuple(
        ExplainedInterval(start=e.start, end=e.end, counted=e.counted, total=total, why=e.why)
        for e, total in zip(entries, totals, strict=True)
    )


def _moves(metric: str, cycle: int, known: Sequence[Record]) -> list[RecordedChange]:
    """The recorded changes of a cycle."""
    return [
        _recorded(record, record.data)
        for record in known
        if isinstance(record.data, ClockEvent)
        and (record.data.target, record.data.cycle) == (metric, cycle)
    ]


def _recorded(record: Record, event: ClockEvent) -> RecordedChange:
    change = RecordedChange(
        version=record.version, at=instant_of(record.occurred_at), what=label_of(event)
    )
    match event:
        case DeadlineSet(due=due_at):
            due = None if due_at is None else instant_of(due_at)
            return replace(change, due=due, reason=event.reason)
        case TargetBreached():
            return replace(change, due=instant_of(event.due_at), reason=event.cause)
        case BreachWithdrawn():
            return replace(change, record=event.fact)
        case EscalationRaised():
            return replace(change, level=event.level, role=event.role, reason=event.why)
        case _:
            return change


def _agrees(cycle: Cycle, moves: Sequence[RecordedChange], at: int) -> bool:
    """Whether the last recorded due or breach is the one that follows from the history. A breach is
    recorded only after the grace period."""
    announced: int | None = None
    missed: int | None = None
    for one in moves:
        if one.what == "deadline_set":
            announced = one.due
        elif one.what == "target_breached":
            missed = one.due
        elif one.what == "breach_withdrawn":
            missed = None
    if missed is None and cycle.missed is not None and cycle.missed >= at - GRACE:
        return announced == cycle.missed
    if cycle.missed is not None or missed is not None:
        return cycle.missed == missed
    return announced == (cycle.due if cycle.ended is None else None)
