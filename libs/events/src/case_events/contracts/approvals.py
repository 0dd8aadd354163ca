"""Approvals of work: how many hours a contact grants, of which request, and what was asked.

Amounts are in minutes. A request is named by its number within the case, from 1.
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
    """`minutes` of work were approved: as `request` asked, or (0) when the case was submitted,
    by accepting what the field `accepted` of the form says."""

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
    """What `request` asked was not approved."""

    approval: str
    request: int
    personal: WrittenContent = WrittenContent()


@contract("command.request-approval", COMMANDS, label="request_approval", asked_by="agents")
class RequestApproval(Command, frozen=True, kw_only=True):
    """Ask the contact to approve `minutes` of work, with an estimate and what it is based on."""

    approval: str
    minutes: int
    estimate: int = 0
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.grant-approval", COMMANDS, label="grant_approval", asked_by="anybody")
class GrantApproval(Command, frozen=True, kw_only=True):
    """Approve what a request asks, or fewer `minutes` of it (0: all)."""

    request: int
    minutes: int = 0
    personal: WrittenContent = WrittenContent()


@contract("command.decline-approval", COMMANDS, label="decline_approval", asked_by="anybody")
class DeclineApproval(Command, frozen=True, kw_only=True):
    """Do not approve what a request asks."""

    request: int
    personal: WrittenContent = WrittenContent()
