"""The deadlines of an open case that another agreement would move, if it held from now on."""

from collections.abc import Iterator, Sequence

from case_definition.calendar.instants import instant_of, utc
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import Agreement
from case_events.contracts.base import type_name
from case_events.contracts.cases import AgreementApplied
from case_events.contracts.intake import CaseCreated
from case_events.envelope import Record
from msgspec import Struct
from msgspec.structs import replace

from case_clocks.case_time import CaseTime, empty_case_time
from case_clocks.fold import expire
from case_clocks.moves import move
from case_clocks.terms import CompiledCalendars


class MovedDeadline(Struct, frozen=True):
    """A deadline that would change; None means no deadline. `breached` is true if it would be
    missed at once, because it would be in the past."""

    reference: str
    target: str
    due: int | None
    would_be: int | None
    breached: bool


def preview(
    history: Sequence[Record],
    reference: Reference,
    calendars: CompiledCalendars,
    agreement: Agreement,
    at: int,
) -> Iterator[MovedDeadline]:
    """The deadlines that the agreement, which `reference` has, would move at that instant.

    They are computed as they would be in reality: by the event that the agreement was applied.
    """
    case = empty_case_time()
    for record in history:
        case = move(case, record, reference, calendars)
    last = history[-1]
    at = max(at, instant_of(last.occurred_at))
    applied = AgreementApplied(agreement.key, previous=case.agreement)
    then = move(
        replace(case, clocks=expire(case.clocks, at)),
        replace(last, type=type_name(AgreementApplied), data=applied, occurred_at=utc(at)),
        reference,
        calendars,
    )
    created = history[0].data
    name = created.reference if isinstance(created, CaseCreated) else str(last.case)
    now = replace(case, clocks=expire(case.clocks, at))
    yield from _differences(name, now, then)


def _differences(name: str, now: CaseTime, then: CaseTime) -> Iterator[MovedDeadline]:
    before = {clock.metric: clock.cycle for clock in now.clocks.clocks}
    for clock in then.clocks.clocks:
        cycle, was = clock.cycle, before.get(clock.metric)
        if cycle is None or cycle.ended is not None or (was and was.missed is not None):
            continue
        due = was.due if was is not None else None
        breached = cycle.missed is not None
        if due != cycle.due or breached:
            yield MovedDeadline(name, clock.metric, due, cycle.due, breached)
