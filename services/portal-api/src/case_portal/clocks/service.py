"""Explains the clocks of a case, recomputed from the entries of its history."""

from case_clocks.explanation import Explanation, explain
from case_definition.lookup.reference import Reference
from case_events.envelope import SYSTEM, Record
from case_events.wire.codec import read_data

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import HistoryEntry


async def explained(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, at: int
) -> list[Explanation] | Problem:
    """Each cycle of each target as it was known at an instant (microseconds), for people who may
    see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    entries = await cases.entries(case.case.id, True)
    return explain([_record(case, entry) for entry in entries], reference, at)


def _record(case: OpenCase, entry: HistoryEntry) -> Record:
    """The record of an entry, without its author and texts, which no clock needs."""
    return Record(
        id=entry.record,
        type=entry.ce_type,
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
        data=read_data(entry.ce_type, entry.what),
    )
