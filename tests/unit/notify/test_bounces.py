"""C4: what notify makes of a bounce, and of a mail that wants no answer."""

import asyncio
from typing import Any

import msgspec
import pytest
from case_events.contracts.bounces import AddressMended, NoticeBounced
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.notices import UNDELIVERABLE, NoticeSuppressed
from case_events.contracts.parts import Person, WrittenContent
from case_events.kernel import Effect, Outcome
from case_events.runtime import EffectResult, PendingEffect
from case_events.testing.keys import SECRET
from case_events.tokens.thread import mark_of, read_return
from case_notify.adapters.addresses import AddressKeeper, DeliverableMail
from case_notify.adapters.memory import MemoryAddressBook
from case_notify.application.react import ADDRESS
from case_notify.domain.address_state import AddressChange
from case_notify.domain.mail import OutgoingMail
from case_notify.domain.notification_state import NotificationState
from case_notify.domain.reply_throttle import ENOUGH, MAX_REPLIES, NO_ANSWER
from msgspec.structs import replace

from tests.unit.notify.sample_desk import (
    ANNA,
    BO,
    CASE,
    START,
    Story,
    begun,
    created,
)
from tests.unit.notify.test_outcomes import suppressed

ANNA_AT = "anna@customer.example"
BOUNCE = NoticeBounced(
    notice="case_created",
    about=1,
    recipient="contact/anna",
    personal=Person(ANNA_AT),
    status="5.1.1",
    hard=True,
    reason="550 no such user",
)
NOTICES: list[dict[str, Any]] = [
    {"name": "case_created", "on": "case_created", "to": ["contact"]},
    {"name": "status_changed", "on": "status_changed", "to": ["contact"]},
    {"name": "notice_bounced", "on": "notice_bounced", "to": ["agent", "team"]},
]


def changes(outcome: Outcome[NotificationState]) -> list[AddressChange]:
    """The changes to addresses that an outcome stores."""
    return [
        msgspec.json.decode(effect.payload, type=AddressChange)
        for effect in outcome.effects
        if effect.kind == ADDRESS
    ]


def sent(outcome: Outcome[NotificationState]) -> dict[str, OutgoingMail]:
    """The mails of an outcome, by recipient."""
    mails = [effect for effect in outcome.effects if effect.kind == "mail"]
    return {
        mail.recipient: mail
        for mail in (msgspec.json.decode(one.payload, type=OutgoingMail) for one in mails)
    }


@pytest.mark.parametrize(
    ("event", "standing"),
    [(BOUNCE, "hard"), (replace(BOUNCE, hard=False), "soft"),
     (AddressMended(recipient="contact/anna", personal=Person(ANNA_AT)), None)],
)  # fmt: skip
def test_a_bounce_and_its_mending_change_the_state_of_the_address(
    event: NoticeBounced, standing: str | None
) -> None:
    (change,) = changes(begun(Story()).tell(event))
    assert (change.tenant, change.address, change.standing) == ("sample", ANNA_AT, standing)


@pytest.mark.parametrize("event", [replace(BOUNCE, recipient=""), replace(BOUNCE, delayed=True)])
def test_a_bounce_of_an_unknown_or_delayed_mail_changes_no_state(event: NoticeBounced) -> None:
    assert changes(begun(Story()).tell(event)) == []


def test_the_desk_hears_of_a_bounce_and_no_contact_does() -> None:
    mails = sent(begun(Story()).tell(BOUNCE))
    assert {"agent/bo", "team/desk"} <= mails.keys()
    assert "contact/anna" not in mails
    assert ANNA_AT in mails["agent/bo"].text
    assert "550 no such user" in mails["agent/bo"].text


def test_a_mail_that_told_of_a_bounce_and_bounces_is_told_to_nobody() -> None:
    """Else two dead mailboxes of the desk tell each other for ever."""
    own = replace(BOUNCE, recipient="agent/bo", personal=Person("bo@sample.example"))
    story = begun(Story(NOTICES))
    assert suppressed(story.tell(own))["agent/bo"] == "bounced"
    assert sent(story.tell(replace(own, notice="notice_bounced"))) == {}


def test_servers_report_to_an_address_that_names_the_mail() -> None:
    mail = sent(Story().tell(created(), ANNA))["contact/anna"]
    marked = read_return(SECRET, "sample", mail.return_path)
    assert marked is not None
    assert (marked.case, marked.mark) == (CASE, mark_of(mail.message_id))
    assert read_return(SECRET, "sample", mail.reply_to) is None


def pending(kind: str, payload: msgspec.Struct) -> PendingEffect:
    """An effect as the runtime hands it over."""
    effect = Effect(key="k", kind=kind, payload=msgspec.json.encode(payload))
    return PendingEffect(partition=0, case=CASE, effect=effect, cause=b"", attempts=1,
                         first_attempt_at=START, uncertain=False)  # fmt: skip


def attempts(outcome: Outcome[NotificationState], *mails: OutgoingMail) -> list[str]:
    """The results of mails after the changes of an outcome."""

    async def send(_: PendingEffect) -> EffectResult:
        return EffectResult("done")

    async def run() -> list[str]:
        book = MemoryAddressBook()
        keep, deliver = AddressKeeper(book), DeliverableMail(book, send)
        for change in changes(outcome):
            assert (await keep(pending(ADDRESS, change))).result == "done"
        results = [await deliver(pending("mail", mail)) for mail in mails]
        return [one.detail or one.result for one in results]

    return asyncio.run(run())


def test_a_dead_address_gets_no_mail_but_one_that_was_asked_for_just_now() -> None:
    """A code to log in is sealed: its asker stands at the page."""
    story = Story()
    mail = sent(story.tell(created(), ANNA))["contact/anna"]
    dead, soft = story.tell(BOUNCE), story.tell(replace(BOUNCE, hard=False))
    other = replace(mail, to=Person("grace@customer.example"))
    code = replace(mail, sealed="x")
    assert attempts(dead, mail, other, code) == [UNDELIVERABLE, "done", "done"]
    assert attempts(soft, mail) == ["done"]


def test_a_mail_from_the_address_mends_it() -> None:
    story = Story()
    mail = sent(story.tell(created(), ANNA))["contact/anna"]
    dead = story.tell(BOUNCE)
    reply = CommentAdded("c", "contact", public=True, message_id="m@x",
                         personal=WrittenContent(author=Person(ANNA_AT.upper())))  # fmt: skip
    story.tell(reply, ANNA)
    later = sent(story.tell(CommentAdded("d", "agent", public=True), BO))["contact/anna"]
    assert attempts(dead, mail, later, mail) == [UNDELIVERABLE, "done", "done"]


def test_a_mail_to_a_dead_address_is_a_notice_suppressed() -> None:
    story = Story()
    outcome = story.tell(created(), ANNA)
    (draft,) = story.done(outcome, result="failed", detail=UNDELIVERABLE).events
    assert isinstance(draft.event, NoticeSuppressed)
    assert (draft.event.reason, draft.event.recipient, draft.event.personal.address) == (
        UNDELIVERABLE, "contact/anna", ANNA_AT)  # fmt: skip


def test_a_mail_that_wants_no_answer_gets_none_also_of_what_follows_from_it() -> None:
    story = Story(NOTICES)
    assert suppressed(story.tell(replace(created(), no_answer=True), ANNA, cause=1)) == {
        "contact/anna": NO_ANSWER}  # fmt: skip
    assert suppressed(story.tell(StatusChanged("asked", "new"), cause=1)) == {
        "contact/anna": NO_ANSWER}  # fmt: skip
    assert "contact/anna" in sent(story.tell(StatusChanged("new", "asked"), BO))


def test_others_hear_of_a_mail_that_wants_no_answer() -> None:
    everybody = [{"name": "case_created", "on": "case_created", "to": ["contact", "team"]},
                 {"name": "comment_added", "on": "comment_added", "to": ["team"]}]  # fmt: skip
    story = begun(Story(everybody))
    quiet = CommentAdded("c", "contact", public=True, message_id="m@x", no_answer=True,
                         personal=WrittenContent(author=Person(ANNA_AT)))  # fmt: skip
    assert "team/desk" in sent(story.tell(quiet, ANNA))


def test_automatic_answers_to_one_address_end_by_count() -> None:
    """Two machines of which neither is known as one."""
    story = Story(NOTICES)
    story.tell(created(), ANNA)
    mail = CommentAdded("c", "contact", public=True, message_id="m@x",
                        personal=WrittenContent(author=Person(ANNA_AT)))  # fmt: skip
    results = []
    for turn in range(2, MAX_REPLIES + 2):
        story.tell(mail, ANNA, cause=turn)
        outcome = story.tell(StatusChanged("asked", "new"), cause=turn)
        results.append(suppressed(outcome).get("contact/anna", "sent"))
    assert results == ["sent"] * (MAX_REPLIES - 1) + [ENOUGH]
    assert "contact/anna" in sent(story.tell(StatusChanged("new", "asked"), BO, cause=99))


def test_the_result_of_a_change_to_an_address_is_no_news() -> None:
    story = Story()
    outcome = story.tell(BOUNCE)
    assert outcome.effects[0].kind == ADDRESS
    assert story.done(outcome).events == ()
