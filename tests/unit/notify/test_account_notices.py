"""D9, D11, D19, O4: what mails tell of approvals, of work and of another type of case."""

from typing import Any

import pytest
from case_definition.vocabulary import PLACEHOLDERS
from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import CaseClassified
from case_events.contracts.parts import WorkPart, WrittenContent
from case_events.contracts.work import WorkCorrected, WorkLogged

from tests.unit.notify.sample_desk import ANNA, BO, START, Story, begun, mails, places

ASKED = ApprovalRequested(
    1, "extra", 600, 750, personal=WrittenContent(text="Ten hours, as designed.")
)
GRANTED = ApprovalGranted("extra", 600, 1)
WORK: dict[str, Any] = {
    "entry": 1,
    "minutes": 90,
    "began": START,
    "kind": "advice",
    "parts": (WorkPart(30, free=True), WorkPart(45), WorkPart(15, 50)),
    "billable": True,
    "why": "standard",
    "approval": "extra",
}


@pytest.mark.parametrize(
    "event",
    [
        ASKED,
        GRANTED,
        ApprovalDeclined("extra", 1),
        WorkLogged(**WORK),
        WorkCorrected(**WORK),
        CaseClassified("request", "request"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_every_event_of_the_account_fills_all_its_places(event: Event) -> None:
    story = begun(Story())
    story.tell(ASKED, BO)
    sent = mails(story.tell(event))
    assert {"contact/anna", "agent/bo"} <= sent.keys()
    for mail in sent.values():
        assert places(mail).keys() == PLACEHOLDERS[label_of(event)]


def test_the_contact_reads_what_is_asked_of_which_estimate() -> None:
    """D9: in their own language, with the words of who asks."""
    filled = places(mails(begun(Story()).tell(ASKED, BO))["contact/anna"])
    assert (filled["approval"], filled["amount"]) == ("Meerwerk", "10 uur")
    assert filled["estimate"] == "12 uur 30 minuten"
    assert filled["comment"] == "Ten hours, as designed."


def test_work_is_told_with_its_kind_why_and_what_is_left() -> None:
    """D19: billable, at which kind of rate and why."""
    story = begun(Story())
    story.tell(ASKED, BO)
    story.tell(GRANTED, ANNA)
    mail = places(mails(story.tell(WorkLogged(**WORK)))["contact/anna"])
    assert (mail["amount"], mail["free"]) == ("1 uur 30 minuten", "30 minuten")
    assert (mail["kind"], mail["billing"]) == ("Advies", "wordt gefactureerd")
    assert (mail["why"], mail["surcharges"]) == ("Het standaardtarief", "15 minuten +50%")
    assert (mail["granted"], mail["used"], mail["left"]) == ("10 uur", "1 uur", "9 uur")


def test_what_was_declined_is_told_by_what_was_asked() -> None:
    story = begun(Story())
    story.tell(ASKED, BO)
    mail = places(mails(story.tell(ApprovalDeclined("extra", 1), ANNA))["agent/bo"])
    assert (mail["amount"], mail["left"]) == ("10 hours", "0 minutes")
