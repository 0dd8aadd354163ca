"""Deadlines and breaches recomputed from a case history, compared with the recorded ones."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from case_clocks.case_time import empty_case_time
from case_clocks.clock import CaseClocks, Cycle
from case_clocks.counting import warnings
from case_clocks.explanation import explain
from case_clocks.fold import GRACE, expire
from case_clocks.moves import move
from case_clocks.terms import CompiledCalendars
from case_definition.calendar.instants import instant_of, utc
from case_definition.lookup.reference import Reference
from case_events.contracts import CLOCK_EVENTS
from case_events.contracts.base import label_of
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    TargetBreached,
)
from case_events.envelope import Record
from msgspec import Struct


class Standing(Struct, frozen=True):
    """The state of a cycle: its due, or the due that was missed."""

    due: datetime | None
    missed: datetime | None = None


Standings = dict[tuple[str, int], Standing]
"""By target and cycle."""


def check_recomputed(
    history: Sequence[Record], reference: Reference, as_of: datetime, played: Sequence[str] = ()
) -> None:
    """C8, C11: the deadlines and breaches that follow from a history are the recorded ones, and
    each is explained to the last microsecond.

    The AssertionError has the whole history, after the steps that were `played`.
    """
    story = "\n".join((*played, *(line(record) for record in history)))
    worked_out, published = recomputed(history, reference, as_of), recorded(history)
    assert worked_out == published, (
        f"at {as_of} it is {worked_out}, recorded is {published}:\n{story}"
    )
    for one in explain(history, reference, instant_of(as_of)):
        cycle = f"{one.metric}/{one.cycle} at {as_of}"
        counted = sum(line.counted for line in one.lines)
        assert counted == one.elapsed, f"{cycle} took {one.elapsed}, explained {counted}:\n{story}"
        assert one.agrees, f"{cycle} is not as recorded, {one.moves}:\n{story}"


def check_warned(history: Sequence[Record], reference: Reference, as_of: datetime) -> None:
    """C9: nobody was warned twice of one due; and for each clock that runs, every reached share is
    recorded, for the current due if nothing has moved the clock since.

    The AssertionError has the whole history.
    """
    story = "\n".join(line(record) for record in history)
    warned = [
        (one.data.target, one.data.cycle, round(one.data.share * 100), one.data.due)
        for one in history
        if isinstance(one.data, DeadlineWarned)
    ]
    assert len(set(warned)) == len(warned), f"warned twice of one due, {warned}:\n{story}"
    case, calendars, moved = empty_case_time(), CompiledCalendars(), 0
    for record in history:
        case = move(case, record, reference, calendars)
        if type(record.data) in CLOCK_EVENTS:
            moved = instant_of(record.occurred_at)
    intervals, at = case.clocks.history, instant_of(as_of)
    for (target, number), cycle in _cycles(expire(case.clocks, at)).items():
        for share, moment in warnings(cycle, intervals, calendars):
            dues = [due for *what, due in warned if what == [target, number, share]]
            assert moment > at or dues, f"{target}/{number}: no warning of {share} %:\n{story}"
            late = moved < moment <= at and utc(cycle.due or 0) not in dues
            assert not late, f"{target}/{number}: {share} % of {cycle.due} not told:\n{story}"


def recomputed(history: Sequence[Record], reference: Reference, as_of: datetime) -> Standings:
    """The cycles that run or were missed, computed only from the history of a case."""
    case, calendars, cycles = empty_case_time(), CompiledCalendars(), dict[tuple[str, int], Cycle]()
    for record in history:
        case = move(case, record, reference, calendars)
        cycles |= _cycles(case.clocks)
    # A due within the grace period has passed, but may not be reported yet.
    cycles |= _cycles(expire(case.clocks, instant_of(as_of) - GRACE))
    return {
        key: Standing(_utc(cycle.due if cycle.missed is None else cycle.missed), _utc(cycle.missed))
        for key, cycle in cycles.items()
        if cycle.target is not None and (cycle.missed or cycle.due)
    }


def recorded(history: Sequence[Record]) -> Standings:
    """The cycles that run or were missed, according to the recorded events.

    By cycle, because a cycle that begins without a due is not recorded: the last record of the
    target is then the breach of the cycle before.
    """
    standings: Standings = {}
    for record in history:
        match record.data:
            case DeadlineSet(target=target, cycle=cycle, due=due):
                standings[target, cycle] = Standing(due)
            case TargetBreached(target=target, cycle=cycle, due_at=due_at):
                standings[target, cycle] = Standing(due_at, missed=due_at)
            case BreachWithdrawn(target=target, cycle=cycle):
                standings[target, cycle] = Standing(None)
            case _:
                pass
    return {key: standing for key, standing in standings.items() if standing.due is not None}


def line(record: Record) -> str:
    """An event with everything that its time rests on, so that a difference can be reproduced."""
    at = f"{record.occurred_at.isoformat()} (recorded {record.recorded_at.isoformat()})"
    name, data = label_of(record.data), msgspec.json.encode(record.data).decode()
    return f"{record.case} {record.version} {at} {record.definition} {name} {data}"


def _cycles(clocks: CaseClocks) -> dict[tuple[str, int], Cycle]:
    return {
        (clock.metric, clock.cycle.number): clock.cycle
        for clock in clocks.clocks
        if clock.cycle is not None
    }


def _utc(at: int | None) -> datetime | None:
    return None if at is None else utc(at)
