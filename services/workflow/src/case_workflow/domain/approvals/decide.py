"""Deciding on approvals: only a contact grants or declines them, never an agent or a mail."""

from collections.abc import Iterator

from case_definition.lookup.definition import Definition
from case_definition.rules.booking import is_whole
from case_definition.rules.ledger import Request
from case_definition.schema.amounts import in_words
from case_definition.schema.approvals import Approval
from case_definition.schema.consequences import Consequence
from case_events.contracts.approvals import (
    ApprovalDeclined,
    ApprovalGranted,
    ApprovalRequested,
    DeclineApproval,
    GrantApproval,
    RequestApproval,
)
from case_events.contracts.base import Event
from case_events.contracts.intake import CaseCreated

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Refusal, Requester, Verdict, not_allowed

MAX_REQUESTS = 100
"""The most requests for approval of one case, answered or not."""
MAX_MINUTES = 100_000
"""The most minutes of one request: more is a mistake in typing."""


def request_approval(
    case: Case, command: RequestApproval, requester: Requester, definition: Definition
) -> Verdict:
    """Ask the contact to approve an amount of work. An open request is replaced."""
    approval = definition.approvals.get(command.approval)
    if approval is None or not approval.is_for(case.case_type):
        known = [name for name, one in definition.approvals.items() if one.is_for(case.case_type)]
        reason = f"A {case.case_type} knows these approvals: {', '.join(known) or 'none'}."
        return Refusal("invalid", "approval", "options", reason)
    if definition.statuses[case.status].kind == "final":
        return not_allowed("status", f"Nothing is approved on a {case.status} case.", "status")
    refusal = _amount(command.minutes, approval, definition)
    if refusal is None and not 0 <= command.estimate <= MAX_MINUTES:
        reason = f"An estimate is 0 to {MAX_MINUTES} minutes."
        refusal = Refusal("invalid", "estimate", "range", reason)
    if refusal is None and not _may_ask(case):
        reason = f"Approval was asked {MAX_REQUESTS} times: go on in another case."
        refusal = not_allowed("most", reason, "approval")
    return refusal or [
        ApprovalRequested(
            case.ledger.next_request,
            command.approval,
            command.minutes,
            command.estimate,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def grant(
    case: Case, command: GrantApproval, requester: Requester, definition: Definition
) -> Verdict:
    """Grant a request, in full or for fewer minutes."""
    asked = _answerable(case, command.request, requester, definition)
    if isinstance(asked, Refusal):
        return asked
    minutes = command.minutes or asked.minutes
    refusal = _amount(minutes, definition.approvals[asked.approval], definition)
    if refusal is not None:
        return refusal
    if minutes > asked.minutes:
        reason = f"Request {command.request} asks for {in_words(asked.minutes, 'en')} and no more."
        return Refusal("invalid", "minutes", "asked", reason)
    return [ApprovalGranted(asked.approval, minutes, command.request, personal=command.personal)]


def decline(
    case: Case, command: DeclineApproval, requester: Requester, definition: Definition
) -> Verdict:
    """Decline a request."""
    asked = _answerable(case, command.request, requester, definition)
    if isinstance(asked, Refusal):
        return asked
    return [ApprovalDeclined(asked.approval, command.request, personal=command.personal)]


def granted_at_submission(created: CaseCreated, definition: Definition) -> Iterator[Event]:
    """The approvals that the contact granted by a field of the form."""
    for approval in definition.approvals.values():
        given = approval.at_submission
        if given is None or not approval.is_for(created.case_type):
            continue
        if created.fields.get(given.accepts) == "true":
            minutes = definition.minutes_of(given.amount)
            yield ApprovalGranted(approval.name, minutes, accepted=given.accepts)


def ask_approval(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    """The automatic request for an approval; none while one is open or the most are reached."""
    approval = definition.approvals[consequence.ask_approval or ""]
    stands = case.ledger.asked(approval.name) is not None
    if stands or not approval.is_for(case.case_type) or not _may_ask(case):
        return []
    minutes = definition.minutes_of(approval.asks or 0)
    number = case.ledger.next_request
    return [ApprovalRequested(number, approval.name, minutes, reason="ask_approval")]


def _may_ask(case: Case) -> bool:
    return len(case.ledger.requests) < MAX_REQUESTS


def _answerable(
    case: Case, number: int, requester: Requester, definition: Definition
) -> Request | Refusal:
    """The open request that the requester may answer, or the refusal."""
    if requester.capacity != "contact":
        return not_allowed("by", "Only a contact of the customer approves work.", "command")
    asked = case.ledger.requests.get(number)
    if asked is None:
        return Refusal("unknown", "request", "known", f"This case has no request {number}.")
    if asked.state != "open":
        reason = f"Request {number} was {asked.state} already."
        return not_allowed("answered", reason, "request")
    if definition.statuses[case.status].kind == "final":
        return not_allowed("status", f"Nothing is approved on a {case.status} case.", "status")
    roles = definition.approvals[asked.approval].granted_by
    if roles and not set(roles) & set(requester.roles):
        reason = f"This is approved by contacts who are {' or '.join(roles)}."
        return not_allowed("granted_by", reason, "request")
    return asked


def _amount(minutes: int, approval: Approval, definition: Definition) -> Refusal | None:
    if not 0 < minutes <= MAX_MINUTES:
        return Refusal("invalid", "minutes", "range", f"Say 1 to {MAX_MINUTES} minutes.")
    if not is_whole(minutes, approval.unit, definition):
        reason = f"This is approved in whole working days of {definition.working_day} minutes."
        return Refusal("invalid", "minutes", "whole_days", reason)
    return None
