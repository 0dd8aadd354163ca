"""Replies: by mail and by the portal, and the step that they set off."""

import pytest
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.commands import AddComment, ChangeStatus, SetFields
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import Attachment, Person, WrittenContent
from case_events.envelope import SYSTEM, Actor
from case_events.topics import MESSAGES, REFUSALS
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import (
    ANNA,
    BO,
    GRACE,
    KIM,
    UNKNOWN_ACTOR,
    Desk,
    opened,
    record,
)

TEXT = WrittenContent(text="The one upstairs.")
ASK = ChangeStatus(transition="ask", personal=TEXT)
FILE = Attachment("00" * 32, 3, "text/plain")


def reply(participant: bool = False, *, public: bool = True) -> ReplyReceived:
    return ReplyReceived(
        found_by="token" if participant else "subject",
        participant=participant,
        public=public,
        attachments=(FILE,),
        message_id="1@customer.example",
        raw="11" * 32,
        personal=TEXT,
    )


def asked() -> Desk:
    desk = opened()
    desk.ask(ASK)
    return desk


def test_a_contacts_reply_sets_off_the_step_by_itself() -> None:
    """D9: and the step is the system's own, with its reason."""
    desk = asked()
    for expected in (AddComment(public=True, personal=TEXT), reply()):
        outcome = desk.take(record(expected, ANNA, 9, channel="mail"))
        comment, step = outcome.events
        assert isinstance(comment.event, CommentAdded)
        assert comment.actor is None
        assert step.event == StatusChanged("new", "asked", "answered", reason="contact_replied")
        assert step.actor == SYSTEM
        desk.ask(ASK)


def test_what_sets_off_nothing() -> None:
    """An agent's reply, an internal note, and a reply where the definition has no such step."""
    desk = asked()
    assert len(desk.ask(AddComment(public=True, personal=TEXT), BO)) == 1
    assert len(desk.ask(AddComment(public=False, personal=TEXT), BO)) == 1
    assert desk.status == "asked"
    assert len(opened().ask(reply(), ANNA)) == 1


def test_a_reply_is_a_comment_with_all_that_came() -> None:
    taken = record(reply(), ANNA, 9, channel="mail")
    (draft,) = opened().take(taken).events
    assert draft.event == CommentAdded(
        str(taken.id),
        "contact",
        True,
        attachments=(FILE,),
        message_id="1@customer.example",
        raw="11" * 32,
        personal=TEXT,
    )


@pytest.mark.parametrize(("actor", "author"), [(ANNA, "contact"), (KIM, "contact"), (BO, "agent")])
def test_who_takes_part_replies_as_who_they_are(actor: Actor, author: str) -> None:
    (comment,) = opened().ask(reply(), actor)
    assert isinstance(comment, CommentAdded)
    assert comment.author == author


@pytest.mark.parametrize("actor", [UNKNOWN_ACTOR, GRACE])
def test_a_signed_address_vouches_for_its_holder_and_nobody_else_gets_in(actor: Actor) -> None:
    """D10."""
    (comment,) = opened().ask(reply(participant=True), actor)
    assert isinstance(comment, CommentAdded)
    assert comment.author == "contact"
    assert opened().refused(reply(), actor) == ("not_allowed", "from", "participant")


def test_whoever_reads_the_mailbox_of_a_team_writes_for_the_desk() -> None:
    """Their address is nobody's of the directory: the mail that they answer was for the desk."""
    mailbox = Actor(kind="unknown", id="", capacity="agent")
    (comment,) = opened().ask(reply(participant=True, public=False), mailbox)
    assert isinstance(comment, CommentAdded)
    assert (comment.author, comment.public) == ("agent", False)


def closed() -> Desk:
    desk = opened()
    desk.ask(SetFields(fields={"cause": "Dust"}))
    desk.ask(ChangeStatus(transition="solve"))
    desk.ask(ChangeStatus(transition="agree"), ANNA)
    return desk


def test_a_closed_case_takes_no_replies_of_contacts() -> None:
    assert closed().refused(reply(), ANNA) == ("not_allowed", "status", "comments_by")


@pytest.mark.parametrize(("actor", "language"), [(ANNA, "en"), (UNKNOWN_ACTOR, "en"), (KIM, "nl")])
def test_who_writes_to_a_closed_case_is_told_by_mail_in_their_language(
    actor: Actor, language: str
) -> None:
    """C4: once for each mail; of those whom the directory does not know, in the contact's."""
    author = Person("somebody@customer.example", "Somebody")
    by_mail = replace(reply(participant=True), personal=replace(TEXT, title="Re", author=author))
    taken = record(by_mail, actor, 9, channel="mail")
    refusal, mail = closed().take(taken).events
    assert (refusal.topic, mail.topic) == (REFUSALS, MESSAGES)
    assert mail.event == MessageRequested(
        key=f"reply_refused/{taken.id}",
        template="reply_refused",
        language=language,
        values={"reference": "S-0001", "subject": "Re"},
        in_reply_to="1@customer.example",
        personal=author,
    )


def test_who_takes_no_part_is_not_told_that_there_is_a_case() -> None:
    by_mail = replace(reply(), personal=replace(TEXT, author=Person("who@else.example")))
    (refusal,) = opened().take(record(by_mail, GRACE, 9, channel="mail")).events
    assert refusal.topic == REFUSALS


def test_a_reply_approves_nothing() -> None:
    """A From line proves nobody: whatever it says, the case stays as it is."""
    desk = opened(case_type="question")
    desk.ask(ChangeStatus(transition="solve"))
    desk.ask(reply(), ANNA)
    assert desk.status == "solved"
