"""How an event of a case moves its clocks."""

from case_definition.calendar.instants import instant_of
from case_definition.lookup import Definition
from case_definition.reference import Reference
from case_events.contracts.cases import (
    AgreementApplied,
    CaseClassified,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.envelope import Record
from msgspec.structs import replace

from case_sla.application.memory import Remembered
from case_sla.application.terms import Calendars, targets
from case_sla.domain.fold import Event, advance, retarget


def move(
    memory: Remembered,
    record: Record,
    definition: Definition,
    reference: Reference,
    calendars: Calendars,
) -> Remembered:
    """The case's clocks after an event of its history."""
    at = instant_of(record.occurred_at)
    match record.data:
        case CaseCreated(case_type=case_type):
            memory = replace(memory, case_type=case_type)
            return _advance(memory, Event(at, "created", by=_by(record)), calendars)
        case AgreementApplied(agreement=agreement):
            memory = replace(memory, agreement=agreement)
        case PriorityAssessed(priority=priority, by=by):
            memory = replace(memory, priority=priority)
            if by == "agent":
                memory = _advance(memory, Event(at, "assessed", by=_by(record)), calendars)
        case CaseClassified(case_type=case_type):
            memory = replace(memory, case_type=case_type)
        case StatusChanged(status=status):
            event = Event(at, _step(memory, status, definition), status, by=_by(record))
            return _advance(replace(memory, status=status), event, calendars)
        case CommentAdded(public=True, author=author):
            name = "agent_reply" if author == "agent" else "customer_reply"
            return _advance(memory, Event(at, name, by=_by(record)), calendars)
        case _:
            return memory
    promised = targets(memory, reference, definition, calendars)
    return replace(memory, clocks=retarget(memory.clocks, promised, at, calendars))


def _advance(memory: Remembered, event: Event, calendars: Calendars) -> Remembered:
    return replace(memory, clocks=advance(memory.clocks, event, calendars))


def _step(memory: Remembered, status: str, definition: Definition) -> str:
    """What a change of status means to clocks: resolved, final, reopened, or just a status."""
    kind = definition.statuses[status].kind
    before = definition.statuses[memory.status].kind if memory.status else "active"
    ended = before in ("resolved", "final")
    if kind in ("resolved", "final"):
        return kind
    return "reopened" if ended else "status"


def _by(record: Record) -> str:
    return f"version {record.version}"
