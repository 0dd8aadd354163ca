"""Deadlines and breaches worked out anew from a case history, beside what was recorded."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from case_clocks.case_time import CaseTime, unborn
from case_clocks.explanation import explain
from case_clocks.fold import expire
from case_clocks.moves import move
from case_clocks.terms import Calendars
from case_definition.calendar.instants import instant_of, utc
from case_definition.reference import Reference
from case_events.contracts.sla import BreachWithdrawn, DeadlineSet, TargetBreached
from case_events.envelope import Record
from msgspec import Struct
from msgspec.structs import replace


class Standing(Struct, frozen=True):
    """How a target stands: its due, or the due that was missed."""

    due: datetime | None
    missed: datetime | None = None


def check_recomputed(
    history: Sequence[Record], reference: Reference, as_of: datetime, played: Sequence[str] = ()
) -> None:
    """C8, C11: the deadlines and breaches that a history leads to are those that were recorded,
    and each is explained to the last microsecond.

    AssertionError with the whole history, after what was `played` to come to it.
    """
    told = "\n".join((*played, *(_line(record) for record in history)))
    worked_out, said = recomputed(history, reference, as_of), recorded(history)
    assert worked_out == said, f"at {as_of} it is {worked_out}, recorded is {said}:\n{told}"
    for one in explain(history, reference, instant_of(as_of)):
        cycle = f"{one.metric}/{one.cycle} at {as_of}"
        counted = sum(line.counted for line in one.lines)
        assert counted == one.elapsed, f"{cycle} took {one.elapsed}, explained {counted}:\n{told}"
        assert one.agrees, f"{cycle} is not as recorded, {one.moves}:\n{told}"


def recomputed(
    history: Sequence[Record], reference: Reference, as_of: datetime
) -> dict[str, Standing]:
    """The targets of a case that run or were missed, worked out from its history alone."""
    case, calendars = unborn(), Calendars()
    for record in history:
        case = move(case, record, reference, calendars)
    return dict(_standings(replace(case, clocks=expire(case.clocks, instant_of(as_of)))))


def recorded(history: Sequence[Record]) -> dict[str, Standing]:
    """The targets of a case that run or were missed, as the history says."""
    said: dict[str, Standing] = {}
    for record in history:
        match record.data:
            case DeadlineSet(target=target, due=due):
                said[target] = Standing(due)
            case TargetBreached(target=target, due_at=due_at):
                said[target] = Standing(due_at, missed=due_at)
            case BreachWithdrawn(target=target):
                said[target] = Standing(None)
            case _:
                pass
    return {target: standing for target, standing in said.items() if standing.due is not None}


def _line(record: Record) -> str:
    """An event with all that time rests on, so that a difference can be told again."""
    at = f"{record.occurred_at.isoformat()} (recorded {record.recorded_at.isoformat()})"
    name, data = type(record.data).__name__, msgspec.json.encode(record.data).decode()
    return f"{record.case} {record.version} {at} {record.definition} {name} {data}"


def _standings(case: CaseTime) -> list[tuple[str, Standing]]:
    found = []
    for clock in case.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.target is None:
            continue
        missed = utc(cycle.missed) if cycle.missed is not None else None
        running = utc(cycle.due) if cycle.due is not None else None
        if missed or running:
            found.append((clock.metric, Standing(missed or running, missed)))
    return found
