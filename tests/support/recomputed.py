"""Deadlines and breaches worked out anew from a case history, beside what was recorded."""

from collections.abc import Sequence
from datetime import datetime

from case_definition.calendar.instants import instant_of, utc
from case_definition.reference import Reference
from case_events.contracts.sla import BreachWithdrawn, DeadlineSet, TargetBreached
from case_events.envelope import Record
from case_sla.application.memory import Remembered, unborn
from case_sla.application.moves import move
from case_sla.application.terms import Calendars, know_calendars
from case_sla.domain.fold import expire
from msgspec import Struct
from msgspec.structs import replace


class Standing(Struct, frozen=True):
    """How a target stands: its due, or the due that was missed."""

    due: datetime | None
    missed: datetime | None = None


def recomputed(
    history: Sequence[Record], reference: Reference, as_of: datetime
) -> dict[str, Standing]:
    """The targets of a case, from nothing but its history, the agreement and the calendar."""
    memory, calendars = unborn(), Calendars()
    for record in history:
        know_calendars(calendars, memory, reference)
        definition = reference.definition(record.definition)
        memory = move(memory, record, definition, reference, calendars)
    memory = replace(memory, clocks=expire(memory.clocks, instant_of(as_of)))
    return dict(_standings(memory))


def recorded(history: Sequence[Record]) -> dict[str, Standing]:
    """The targets of a case as the history says that they stand."""
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
    return said


def _standings(memory: Remembered) -> list[tuple[str, Standing]]:
    found = []
    for clock in memory.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.target is None:
            continue
        missed = utc(cycle.missed) if cycle.missed is not None else None
        running = utc(cycle.due) if cycle.due is not None else None
        found.append((clock.metric, Standing(missed or running, missed)))
    return found
