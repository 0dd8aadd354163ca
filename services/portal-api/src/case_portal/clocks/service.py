"""Why the clocks of a case say what they say: worked out anew from the entries of its history."""

from case_clocks.explanation import Explanation, explain
from case_definition.reference import Reference
from case_events.contracts.base import Event, every_contract, type_name
from case_events.envelope import SYSTEM, Record
from case_events.topics import CASES
from msgspec import convert

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import Entry

_EVENTS: dict[str, type[Event]] = {
    one.event.__name__: one.event for one in every_contract() if CASES in one.topics
}


async def explained(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, at: int
) -> list[Explanation] | Problem:
    """Each cycle of each target as it was known at an instant (microseconds), for those who see
    the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    entries = await cases.entries(case.case.id, True)
    return explain([_record(case, entry) for entry in entries], reference, at)


def _record(case: OpenCase, entry: Entry) -> Record:
    """The record of an entry, without who did it and what they wrote: no clock asks for that."""
    event = convert(entry.what, _EVENTS[entry.type])
    return Record(
        id=entry.record,
        type=type_name(event),
        source="",
        tenant=case.view.tenant,
        occurred_at=entry.at,
        recorded_at=entry.recorded_at,
        actor=SYSTEM,
        channel=entry.channel,
        correlation=entry.record,
        definition=entry.definition,
        case=case.case.id,
        version=entry.version,
        data=event,
    )
