"""Deciding on the priority: assessing it, and asking for another assessment."""

from case_definition.lookup.definition import Definition
from case_events.contracts.cases import AssessmentRequested, PriorityAssessed
from case_events.contracts.commands import AssessPriority, RequestAssessment

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import (
    UNCHANGED,
    Refusal,
    Requester,
    Verdict,
    conflict,
    not_allowed,
)


def assess(
    case: Case, command: AssessPriority, requester: Requester, definition: Definition
) -> Verdict:
    """Assess the priority. Confirming a priority that a rule had set is an event too, once."""
    priority = command.priority
    if not priority:
        priority = definition.priority_for(command.axes) or ""
    if priority not in definition.document.priorities.scale:
        scale = ", ".join(definition.document.priorities.scale)
        return Refusal("invalid", "priority", "options", f"Choose a priority of {scale}.")
    if priority == case.priority and case.assessed:
        return UNCHANGED
    return conflict(case, command.seen, "priority") or [
        PriorityAssessed(priority, case.priority, command.axes, by="agent")
    ]


def request_assessment(
    case: Case, command: RequestAssessment, requester: Requester, definition: Definition
) -> Verdict:
    """Ask for another assessment, with the reason."""
    if requester.capacity not in definition.document.priorities.reassessed_by:
        reason = f"A {requester.capacity} does not ask for another priority."
        return not_allowed("reassessed_by", reason, field="priority")
    if definition.statuses[case.status].kind == "final":
        return not_allowed("status", f"A {case.status} case is not assessed again.", "status")
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Say why the priority should be another.")
    return [AssessmentRequested(case.priority, personal=command.personal)]
