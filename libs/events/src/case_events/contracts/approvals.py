"""Approvals of work: the hours that a contact grants.

Amounts are in minutes. A request is identified by its number within the case, from 1.
"""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import OF_AN_ACCOUNT, Trigger, notice
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import CASES, COMMANDS


@contract(
    "case.approval-requested",
    CASES,
    label="approval_requested",
    triggers=(Trigger(name="approval_requested", about="approval", section="approvals"),),
    notice=notice(*OF_AN_ACCOUNT, "estimate"),
    rule_members=("reason", "approval", "minutes"),
)
class ApprovalRequested(Event, frozen=True):
    """The contact was asked to approve `minutes` of work.

    `approval` is its name in the definition. `estimate` is the expected duration of the whole work
    in minutes (0: not stated). The attachments are approved with it. An open request for the same
    approval is replaced. `reason` names the rule, if no person asked.
    """

    request: int
    approval: str
    minutes: int
    estimate: int = 0
    reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract(
    "case.approval-granted",
    CASES,
    label="approval_granted",
    triggers=(Trigger(name="approval_granted", about="approval", section="approvals"),),
    notice=notice(*OF_AN_ACCOUNT),
    rule_members=("approval", "minutes"),
)
class ApprovalGranted(Event, frozen=True):
    """`minutes` of work were approved: by `request`, or (0) when the case was submitted, by
    accepting the form field `accepted`."""

    approval: str
    minutes: int
    request: int = 0
    accepted: str = ""
    personal: WrittenContent = WrittenContent()


@contract(
    "case.approval-declined",
    CASES,
    label="approval_declined",
    triggers=(Trigger(name="approval_declined", about="approval", section="approvals"),),
    notice=notice(*OF_AN_ACCOUNT),
    rule_members=("approval",),
)
class ApprovalDeclined(Event, frozen=True):
    """The approval that `request` asked for was declined."""

    approval: str
    request: int
    personal: WrittenContent = WrittenContent()


@contract("command.request-approval", COMMANDS, label="request_approval", asked_by="agents")
class RequestApproval(Command, frozen=True, kw_only=True):
    """Ask the contact to approve `minutes` of work, with an estimate and its basis."""

    approval: str
    minutes: int
    estimate: int = 0
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.grant-approval", COMMANDS, label="grant_approval", asked_by="anybody")
class GrantApproval(Command, frozen=True, kw_only=True):
    """Approve a request, or fewer `minutes` than it asks for (0: all of them)."""

    request: int
    minutes: int = 0
    personal: WrittenContent = WrittenContent()


@contract("command.decline-approval", COMMANDS, label="decline_approval", asked_by="anybody")
class DeclineApproval(Command, frozen=True, kw_only=True):
    """Decline a request."""

    request: int
    personal: WrittenContent = WrittenContent()
