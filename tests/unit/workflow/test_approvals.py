"""D9, D20: approvals asked, granted, declined, replaced; by whom, and what follows."""

import pytest
from case_definition.rules.ledger import Request
from case_events.contracts.approvals import (
    ApprovalDeclined,
    ApprovalGranted,
    ApprovalRequested,
    DeclineApproval,
    GrantApproval,
)
from case_events.contracts.cases import StatusChanged
from case_events.contracts.commands import ChangeStatus
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.parts import Attachment, WrittenContent

from tests.unit.workflow.workflow_desk import ANNA, BO, KIM, ZOE, Desk
from tests.unit.workflow.working_desk import request, working

DESIGN = Attachment("ab" * 32, 10, "application/pdf")


def asked() -> Desk:
    """A case whose contact was asked to approve ten hours of building."""
    desk = working()
    desk.ask(request("building", 600, estimate=750, attachments=(DESIGN,)))
    return desk


def test_what_is_accepted_on_the_form_is_granted_with_the_case() -> None:
    desk = working()
    granted = [one.event for one in desk.history if isinstance(one.event, ApprovalGranted)]
    assert granted == [ApprovalGranted("thinking", 120, accepted="costs")]
    assert desk.snapshot_state.case.ledger.left("thinking") == 120
    unaccepted = working(fields={"title": "Noise"})
    assert unaccepted.snapshot_state.case.ledger.approved_minutes == 0


def test_a_request_names_its_estimate_and_its_document_and_sets_off_a_step() -> None:
    facts = working().ask(request("building", 600, estimate=750, attachments=(DESIGN,)))
    assert facts == [
        ApprovalRequested(1, "building", 600, 750, attachments=(DESIGN,)),
        StatusChanged("asked", "new", "wait", reason="approval_requested"),
    ]


def test_a_contact_grants_and_the_case_goes_on() -> None:
    desk = asked()
    facts = desk.ask(GrantApproval(request=1, personal=WrittenContent(text="Go.")), ZOE)
    assert facts == [
        ApprovalGranted("building", 600, 1, personal=WrittenContent(text="Go.")),
        StatusChanged("new", "asked", "go_on", reason="approval_granted:building"),
    ]
    assert desk.snapshot_state.case.ledger.requests[1] == Request(
        "building", 600, 750, "granted", 600
    )  # fmt: skip


def test_a_contact_may_grant_less_and_never_more() -> None:
    desk = asked()
    assert desk.refused(GrantApproval(request=1, minutes=601), ZOE) == (
        "invalid", "minutes", "asked",
    )  # fmt: skip
    desk.ask(GrantApproval(request=1, minutes=60), ZOE)
    assert desk.snapshot_state.case.ledger.left("building") == 60


def test_what_is_declined_grants_nothing() -> None:
    desk = asked()
    assert desk.ask(DeclineApproval(request=1), ZOE) == [ApprovalDeclined("building", 1)]
    assert desk.snapshot_state.case.ledger.left("building") == 0
    assert desk.refused(GrantApproval(request=1), ZOE) == ("not_allowed", "request", "answered")


def test_a_new_request_replaces_the_one_that_stands() -> None:
    """Nobody approves an estimate that the desk took back."""
    desk = asked()
    desk.ask(request("building", 900))
    assert desk.refused(GrantApproval(request=1), ZOE) == ("not_allowed", "request", "answered")
    desk.ask(GrantApproval(request=2), ZOE)
    assert desk.snapshot_state.case.ledger.left("building") == 900


@pytest.mark.parametrize("command", [GrantApproval(request=1), DeclineApproval(request=1)])
def test_no_agent_answers_for_the_contact(command: GrantApproval | DeclineApproval) -> None:
    assert asked().refused(command, BO) == ("not_allowed", "command", "by")


def test_only_the_roles_that_the_definition_names_grant() -> None:
    desk = working(customer="acme", contact="anna")
    desk.ask(request("building", 600))
    assert desk.refused(GrantApproval(request=1), ANNA) == (
        "not_allowed", "request", "granted_by",
    )  # fmt: skip
    assert isinstance(desk.ask(GrantApproval(request=1), KIM)[0], ApprovalGranted)


def test_a_mail_never_approves() -> None:
    desk = asked()
    reply = ReplyReceived("token", participant=True, personal=WrittenContent(text="Approved!"))
    desk.ask(reply, ZOE, channel="mail")
    assert desk.snapshot_state.case.ledger.requests[1].state == "open"


@pytest.mark.parametrize(
    ("approval", "minutes", "refusal"),
    [
        ("more", 60, ("invalid", "approval", "options")),
        ("nothing", 60, ("invalid", "approval", "options")),
        ("building", 0, ("invalid", "minutes", "range")),
        ("building", 100_001, ("invalid", "minutes", "range")),
    ],
)
def test_what_cannot_be_asked_is_refused(
    approval: str, minutes: int, refusal: tuple[str, str, str]
) -> None:
    assert working().refused(request(approval, minutes)) == refusal


def test_days_are_asked_and_granted_whole() -> None:
    desk = working("visit")
    assert desk.refused(request("days", 300)) == ("invalid", "minutes", "whole_days")
    desk.ask(request("days", 960))
    assert desk.refused(GrantApproval(request=1, minutes=60), ZOE) == (
        "invalid", "minutes", "whole_days",
    )  # fmt: skip
    desk.ask(GrantApproval(request=1, minutes=480), ZOE)
    assert desk.snapshot_state.case.ledger.left("days") == 480


def test_nothing_is_asked_or_approved_after_the_end() -> None:
    desk = working("question")
    desk.ask(ChangeStatus(transition="solve"))
    assert desk.status == "solved"
    assert isinstance(desk.ask(request("more", 60))[0], ApprovalRequested)
    assert desk.refused(GrantApproval(request=9), ZOE) == ("unknown", "request", "known")
