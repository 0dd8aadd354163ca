"""Moves a case's time by the events of its history."""

from collections.abc import Mapping

from case_definition.calendar.instants import instant_of
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.case_state import STATE_EVENTS, fold_case_state
from case_definition.rules.event_variables import triggers_of
from case_events.contracts import CLOCK_EVENTS, every_contract
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    AssessmentRequested,
    CaseAssigned,
    CaseClassified,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.migration import DefinitionMigrated
from case_events.envelope import Record
from msgspec.structs import replace

from case_clocks.case_time import CaseTime, hands, with_metrics
from case_clocks.clock import CaseClocks, ClockTarget
from case_clocks.fold import MAX_INTERVALS, ClockSignal, advance, retarget
from case_clocks.terms import (
    CompiledCalendars,
    know_calendars,
    targets,
    timer_lengths,
    variables_of,
)
from case_clocks.timers import advance_timers, timers_of, timers_under

MOVING_EVENTS = (
    CLOCK_EVENTS
    | STATE_EVENTS
    | frozenset(known.event for known in every_contract() if known.triggers)
)
"""The events that may move the time of a case: by their signals, by the state of the case, which
determines its targets, and by their triggers."""


def move(
    case: CaseTime,
    record: Record,
    reference: Reference,
    calendars: CompiledCalendars,
    keep: int = MAX_INTERVALS,
) -> CaseTime:
    """The case's time after an event of its history. Any other record changes nothing.

    At most `keep` intervals of its history stay unarchived.
    """
    know_calendars(calendars, case, reference)
    definition = reference.definition(record.definition)
    data = record.data
    if isinstance(data, CaseCreated):
        started = replace(case, channel=record.channel, timers=timers_of(definition))
        case = with_metrics(started, definition)
    elif isinstance(data, DefinitionMigrated):
        case = replace(with_metrics(case, definition), timers=timers_under(case.timers, definition))
    moved = fold_case_state(case, data)
    event = _event(case, moved, record, definition)
    if event is not None:
        moved = replace(
            moved,
            clocks=advance(moved.clocks, event, calendars, keep),
            timers=advance_timers(moved.timers, event, calendars, keep),
        )
    if _concerns_targets(data):
        at = instant_of(record.occurred_at)
        asked = variables_of(moved, reference, definition, record.occurred_at)
        promised = targets(moved, asked, reference, definition, calendars)
        lengths = timer_lengths(asked, definition, calendars)
        moved = replace(
            moved,
            clocks=_under(moved.clocks, promised, at, calendars),
            timers=_under(moved.timers, lengths, at, calendars),
        )
    return moved


def _under(
    clocks: CaseClocks, promised: Mapping[str, ClockTarget], at: int, calendars: CompiledCalendars
) -> CaseClocks:
    if promised == {c.metric: c.target for c in clocks.clocks if c.target is not None}:
        return clocks
    return retarget(clocks, promised, at, calendars)


def _event(
    before: CaseTime, case: CaseTime, record: Record, definition: Definition
) -> ClockSignal | None:
    """The signal of an event for clocks; None if it has none."""
    name = _name(before, record.data, definition)
    also = _also(before, record.data)
    if name is None and not also:
        return None
    status = record.data.status if isinstance(record.data, StatusChanged) else None
    by = f"version {record.version}"
    return ClockSignal(
        instant_of(record.occurred_at),
        name or also[0],
        status,
        by=f"{status} ({by})" if status else by,
        hands=hands(case, definition),
        also=also,
    )


def _also(before: CaseTime, event: Event) -> tuple[str, ...]:
    """The further signals of an event: the status that was left, and its triggers."""
    if isinstance(event, StatusChanged):
        return (f"left:{before.status}",) if before.status else ()
    # A case is created once, whatever its routing triggers.
    return tuple(trigger for trigger in triggers_of(event) if trigger != "created")


def _name(case: CaseTime, event: Event, definition: Definition) -> str | None:
    match event:
        case CaseCreated():
            return "created"
        case StatusChanged(status=status):
            return _step(case.status, status, definition)
        case CommentAdded(public=True, author=author):
            return "agent_reply" if author == "agent" else "customer_reply"
        case PriorityAssessed(by="agent"):
            return "assessed"
        case AssessmentRequested():
            return "assessment_requested"
        case CaseClassified(case_type=case_type):
            return f"type:{case_type}"
        case CaseAssigned():
            return "assigned"
        case _:
            return None


def _step(before: str, status: str, definition: Definition) -> str:
    """The signal of a change of status: resolved, final, reopened, or status."""
    kind = definition.statuses[status].kind
    # After a migration, the earlier status may not exist in this version.
    left = definition.statuses.get(before)
    was = left.kind if left is not None else "active"
    if kind in ("resolved", "final"):
        return kind
    return "reopened" if was in ("resolved", "final") else "status"


def _concerns_targets(event: Event) -> bool:
    return isinstance(
        event,
        CaseCreated
        | AgreementApplied
        | PriorityAssessed
        | CaseClassified
        | DefinitionMigrated
        | FieldsSet,
    )
