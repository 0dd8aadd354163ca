"""D16: mail of one case is one thread, and every answer finds its case."""

import pytest
from case_events.contracts.base import Event
from case_events.contracts.cases import CaseAssigned, CommentAdded
from case_events.contracts.parts import WrittenContent
from case_events.contracts.sla import TargetBreached
from case_events.testing.keys import SECRET
from case_events.tokens.thread import read_token

from tests.unit.notify.sample_desk import (
    ANNA,
    BO,
    CASE,
    CY,
    INCOMING,
    START,
    Story,
    begun,
    created,
    mails,
)

BREACH = TargetBreached(target="fix", cycle=1, rests_on=3, due_at=START, detected_at=START)
COMMENT = CommentAdded("c1", "agent", public=True, personal=WrittenContent(text="Which floor?"))


def test_d16_mail_of_one_case_is_one_thread() -> None:
    story = Story()
    first = mails(story.tell(created(), ANNA))["contact/anna"]
    assert (first.in_reply_to, first.references) == (INCOMING, (INCOMING,))
    story.tell(CaseAssigned("desk", "bo"))
    reply = CommentAdded("c1", "contact", True, message_id="second@customer.example")
    to_agent = mails(story.tell(reply, ANNA))["agent/bo"]
    assert (to_agent.in_reply_to, to_agent.references) == (first.message_id, (first.message_id,))
    later = mails(story.tell(COMMENT, BO))["contact/anna"]
    assert later.in_reply_to == "second@customer.example"
    assert later.references == (INCOMING, first.message_id, "second@customer.example")
    assert not later.answers


def test_a_case_that_came_by_form_threads_on_our_first_mail() -> None:
    story = Story()
    first = mails(story.tell(created(message_id="")))["contact/anna"]
    assert (first.in_reply_to, first.references, first.answers) == ("", (), False)
    later = mails(story.tell(COMMENT, BO))["contact/anna"]
    assert (later.in_reply_to, later.references) == (first.message_id, (first.message_id,))


def test_the_reply_address_and_message_id_give_back_the_case() -> None:
    mail = mails(Story().tell(created(), ANNA))["contact/anna"]
    for text in (mail.reply_to, mail.message_id):
        token = read_token(SECRET, "sample", text)
        assert token is not None
        assert (token.case, token.public) == (CASE, True)


@pytest.mark.parametrize(
    ("event", "public"),
    [
        (CommentAdded("c", "contact", public=True), True),
        (CommentAdded("c", "agent", public=False), False),
        (BREACH, False),
        (CaseAssigned("desk", "bo"), False),
    ],
)
def test_an_agents_answer_is_public_only_to_what_the_contact_can_read(
    event: Event, public: bool
) -> None:
    mail = mails(begun(Story()).tell(event, CY))["agent/bo"]
    token = read_token(SECRET, "sample", mail.reply_to)
    assert token is not None
    assert token.public is public
