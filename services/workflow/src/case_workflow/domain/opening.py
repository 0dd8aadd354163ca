"""How a case begins: what came in, and what the definition makes of it."""

from case_definition.happened import ROUTED
from case_definition.lookup import Definition
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
    events: list[Event] = [
        created,
        AgreementApplied(agreement),
        PriorityAssessed(
            definition.start_priority(case_type.name, created.fields),
            axes=definition.chosen_axes(case_type.name, created.fields),
        ),
        StatusChanged(case_type.start_status, reason="created"),
    ]
    events += granted_at_submission(created, definition)
    opened = case
    for event in events:
        opened = fold(opened, event)
    team = definition.route(facts(opened, asker, type="CaseCreated"))
    return [*events, CaseAssigned(team, reason=ROUTED), *_comes_from(created)]


def _comes_from(created: CaseCreated) -> list[Event]:
    """The case that asked for this one. A problem is pointed to, and waits to be."""
    origin = created.origin
    if origin is None or origin.kind == "problem":
        return []
    return [
        CaseLinked(kind=origin.kind, direction="to", case=origin.case, reference=origin.reference)
    ]
