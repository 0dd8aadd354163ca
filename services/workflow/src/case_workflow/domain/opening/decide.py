"""Opening a case."""

from case_definition.lookup.definition import Definition
from case_definition.rules.channel_rules import choice_of, start_priority_of, start_status_of
from case_definition.rules.variables import event_variables
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    ROUTED,
    AgreementApplied,
    CaseAssigned,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked

from case_workflow.domain.approvals.decide import granted_at_submission
from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Refusal, Requester, UncommittedEvents, variables


def begin(case: Case, created: CaseCreated, agreement: str) -> UncommittedEvents:
    """A new case, under the agreement (empty: none) of its customer."""
    return UncommittedEvents(case).and_then([created, AgreementApplied(agreement)])


def open_case(
    started: UncommittedEvents, created: CaseCreated, requester: Requester, definition: Definition
) -> UncommittedEvents | Refusal:
    """The first events of a new case: its priority, its status, the approvals that its contact
    granted on the form, its team, and the link to the case that it comes from."""
    case_type, channel = created.case_type, started.case.channel
    if case_type not in definition.case_types:
        reason = f"{definition.key} has no case type {case_type!r}."
        return Refusal("unknown", "case_type", "known", reason)
    priority, axes = start_priority_of(case_type, channel, created.fields, definition)
    opened = started.and_then(
        [
            PriorityAssessed(priority, axes=axes),
            StatusChanged(start_status_of(case_type, channel, definition), reason="created"),
            *granted_at_submission(created, definition),
        ]
    )
    choice = choice_of(channel, created.menu, definition)
    team = choice.team if choice else None
    if not team:
        asked = variables(
            opened.case, requester, definition, **event_variables(created, requester.parties)
        )
        team = definition.route(asked)
    return opened.and_then([CaseAssigned(team, reason=ROUTED), *_comes_from(created)])


def _comes_from(created: CaseCreated) -> list[Event]:
    """The link to the case that requested this one; a problem waits for the link from its
    report."""
    origin = created.origin
    if origin is None or origin.kind == "problem":
        return []
    return [
        CaseLinked(kind=origin.kind, direction="to", case=origin.case, reference=origin.reference)
    ]
