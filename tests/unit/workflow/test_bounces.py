"""C4: which notice came back, and whether that is news."""

from typing import Any

import pytest
from case_events.contracts.bounces import (
    AddressMended,
    BounceReceived,
    MendAddress,
    NoticeBounced,
)
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import BounceContent, Person, WrittenContent
from case_events.contracts.refusals import CommandRefused
from case_events.tokens.thread import mark_of
from case_events.topics import MESSAGES, REFUSALS
from case_workflow.application.outcomes import answers
from case_workflow.application.react import NO_SUCH_CASE
from case_workflow.domain.bounces.decide import bounced
from case_workflow.domain.case import Case, fold
from case_workflow.domain.notices.state import MAX_NOTICES
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import ANNA, BO, Desk, opened, record

ADDRESS = "anna@customer.example"
SENT = NoticeSent(
    notice="answer",
    about=4,
    recipient="contact/anna",
    message_id="a.b@sample.example",
    personal=Person(ADDRESS, "Anna Bos"),
)
REPORT = BounceReceived(
    message_id=SENT.message_id,
    status="5.1.1",
    hard=True,
    raw="0a",
    personal=BounceContent(("bo@sample.example",), "550 no such user"),
)


def case(*notices: NoticeSent) -> Case:
    """A case that sent these notices."""
    known = Case(reference="S-0001")
    for one in notices:
        known = fold(known, one)
    return known


def bounces(known: Case, **report: Any) -> list[NoticeBounced]:
    """What a report about the notice says to a case."""
    events = bounced(known, replace(REPORT, **report))
    assert isinstance(events, list)
    return [event for event in events if isinstance(event, NoticeBounced)]


@pytest.mark.parametrize(
    "named", [{}, {"message_id": "", "mark": mark_of(SENT.message_id)}], ids=["id", "mark"]
)
def test_a_bounce_names_its_notice_and_the_address_that_it_was_sent_to(
    named: dict[str, str],
) -> None:
    """Whatever address the report names."""
    (bounce,) = bounces(case(SENT), **named)
    assert (bounce.notice, bounce.about, bounce.recipient) == ("answer", 4, "contact/anna")
    assert bounce.personal == Person(address=ADDRESS)
    assert (bounce.status, bounce.hard, bounce.reason, bounce.raw) == (
        "5.1.1", True, "550 no such user", "0a")  # fmt: skip


def test_a_bounce_of_a_mail_that_the_case_does_not_know_marks_nobody() -> None:
    for known in (case(), case(replace(SENT, channel="webhook"))):
        (bounce,) = bounces(known)
        assert (bounce.notice, bounce.recipient) == ("", "")
        assert bounce.personal == Person(address="bo@sample.example")


def test_a_bounce_is_news_once_and_again_if_it_is_worse() -> None:
    known = case(SENT)
    degrees = []
    for report in ({"delayed": True, "hard": False}, {"delayed": True, "hard": False},
                   {"hard": False}, {"delayed": True, "hard": False}, {}, {}):  # fmt: skip
        for bounce in bounces(known, **report):
            degrees.append((bounce.delayed, bounce.hard))
            known = fold(known, bounce)
    assert degrees == [(True, False), (False, False), (False, True)]


def test_a_case_remembers_its_last_notices_to_anybody() -> None:
    many = [replace(SENT, about=number, message_id=f"{number}@x", recipient="agent/bo")
            for number in range(MAX_NOTICES + 1)]  # fmt: skip
    known = case(*many)
    assert len(known.sent_notices) == MAX_NOTICES
    assert bounces(known, message_id="0@x")[0].notice == ""
    assert bounces(known, message_id="1@x")[0].recipient == "agent/bo"


def test_a_report_of_a_server_becomes_an_event_of_the_history() -> None:
    """No person asked for it, so that no answer given before it comes too late."""
    desk = opened()
    desk.ask(SENT)
    before = desk.snapshot_state.last
    (bounce,) = desk.ask(REPORT)
    assert isinstance(bounce, NoticeBounced)
    assert bounce.recipient == "contact/anna"
    assert desk.snapshot_state.last == before


MEND = MendAddress(recipient="contact/anna", personal=Person(ADDRESS))


def test_an_agent_says_that_an_address_takes_mail_again() -> None:
    mended = AddressMended(recipient="contact/anna", personal=Person(ADDRESS))
    assert opened().ask(MEND, BO) == [mended]


@pytest.mark.parametrize("command", [replace(MEND, personal=Person()), replace(MEND, recipient="")])
def test_it_names_the_address_and_whose_it_is(command: MendAddress) -> None:
    (refused,) = opened().ask(command, BO)
    assert isinstance(refused, CommandRefused)
    assert (refused.field, refused.rule) == ("address", "required")


def test_a_contact_mends_no_address() -> None:
    (refused,) = opened().ask(MEND, ANNA)
    assert isinstance(refused, CommandRefused)
    assert refused.rule == "by"


def test_a_refused_mail_that_wants_no_answer_gets_none() -> None:
    reply = ReplyReceived(found_by="token", participant=True, message_id="m@x",
                          personal=WrittenContent(author=Person(ADDRESS)))  # fmt: skip
    for no_answer, topics in ((False, [REFUSALS, MESSAGES]), (True, [REFUSALS])):
        asked = record(replace(reply, no_answer=no_answer), ANNA)
        drafts = answers(NO_SUCH_CASE, Case(), asked, Desk().reference)
        assert [draft.topic for draft in drafts] == topics


def test_a_reply_that_wants_no_answer_is_a_comment_that_wants_none() -> None:
    reply = ReplyReceived(found_by="token", participant=True, no_answer=True,
                          personal=WrittenContent(text="Yes"))  # fmt: skip
    comment = opened().ask(reply, ANNA)[0]
    assert isinstance(comment, CommentAdded)
    assert comment.no_answer
