"""Approvals of work: how many hours a contact grants, of which request, and what was asked.

Amounts are in minutes. A request is named by its number within the case, from 1.
"""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.parts import Attachment, Words
from case_events.topics import CASES, COMMANDS


@contract("case.approval-requested", CASES, label="approval_requested")
class ApprovalRequested(Event, frozen=True):
    """The contact was asked to approve `minutes` of work.

    `approval` is its name in the definition. `estimate` is how many minutes the whole work is
    expected to take (0: not said), and the attachments are what is approved with it. A request
    that still stood for the same approval is replaced. `reason` names the rule where no person
    asked.
    """

    request: int
    approval: str
    minutes: int
    estimate: int = 0
    reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    personal: Words = Words()


@contract("case.approval-granted", CASES, label="approval_granted")
class ApprovalGranted(Event, frozen=True):
    """`minutes` of work were approved: as `request` asked, or (0) when the case was submitted,
    by accepting what the field `accepted` of the form says."""

    approval: str
    minutes: int
    request: int = 0
    accepted: str = ""
    personal: Words = Words()


@contract("case.approval-declined", CASES, label="approval_declined")
class ApprovalDeclined(Event, frozen=True):
    """What `request` asked was not approved."""

    approval: str
    request: int
    personal: Words = Words()


@contract("command.request-approval", COMMANDS, label="request_approval")
class RequestApproval(Command, frozen=True, kw_only=True):
    """Ask the contact to approve `minutes` of work, with an estimate and what it is based on."""

    approval: str
    minutes: int
    estimate: int = 0
    attachments: tuple[Attachment, ...] = ()
    personal: Words = Words()


@contract("command.grant-approval", COMMANDS, label="grant_approval")
class GrantApproval(Command, frozen=True, kw_only=True):
    """Approve what a request asks, or fewer `minutes` of it (0: all)."""

    request: int
    minutes: int = 0
    personal: Words = Words()


@contract("command.decline-approval", COMMANDS, label="decline_approval")
class DeclineApproval(Command, frozen=True, kw_only=True):
    """Do not approve what a request asks."""

    request: int
    personal: Words = Words()
