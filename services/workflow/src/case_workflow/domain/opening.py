"""How a case begins: what came in, and what the definition makes of it."""

from case_definition.happened import ROUTED
from case_definition.lookup import Definition
from case_definition.ways_in import begins_at, begins_with, choice_of
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked

from case_workflow.domain.approving import granted_at_submission
from case_workflow.domain.asking import Asker, Refusal, facts
from case_workflow.domain.case import Case, fold


def open_case(
    case: Case, created: CaseCreated, asker: Asker, agreement: str, definition: Definition
) -> list[Event] | Refusal:
    """The first facts of a case: created, under an agreement, prioritised, open, with what its
    contact approved by submitting it, routed, and linked to where it comes from."""
    if case.exists:
        return Refusal("exists", "case", "unique", "This case exists already.")
    case_type = definition.case_types.get(created.case_type)
    if case_type is None:
        reason = f"{definition.key} has no case type {created.case_type!r}."
        return Refusal("unknown", "case_type", "known", reason)
    channel = case.channel
    priority, axes = begins_with(case_type.name, channel, created.fields, definition)
    events: list[Event] = [
        created,
        AgreementApplied(agreement),
        PriorityAssessed(priority, axes=axes),
        StatusChanged(begins_at(case_type.name, channel, definition), reason="created"),
    ]
    events += granted_at_submission(created, definition)
    opened = case
    for event in events:
        opened = fold(opened, event)
    choice = choice_of(channel, created.menu, definition)
    chosen = choice.team if choice else None
    team = chosen or definition.route(facts(opened, asker, type="case_created"))
    return [*events, CaseAssigned(team, reason=ROUTED), *_comes_from(created)]


def _comes_from(created: CaseCreated) -> list[Event]:
    """The case that asked for this one. A problem is pointed to, and waits to be."""
    origin = created.origin
    if origin is None or origin.kind == "problem":
        return []
    return [
        CaseLinked(kind=origin.kind, direction="to", case=origin.case, reference=origin.reference)
    ]
