"""What became of a mail, and what was never sent, is told to the history; mail without a case."""

from typing import Any

import msgspec
import pytest
from case_events.contracts.base import Event
from case_events.contracts.cases import CaseAssigned, CommentAdded, StatusChanged
from case_events.contracts.messages import MessageRequested
from case_events.contracts.notices import NoticeFailed, NoticeSent, NoticeSuppressed
from case_events.contracts.parts import Person, SubmittedContent
from case_events.contracts.sla import EscalationRaised
from case_events.envelope import SYSTEM, Actor
from case_events.kernel import EffectDone, Outcome, TimerDue
from case_events.topics import CASES, MESSAGES, NOTICES
from case_notify.application.react import service
from case_notify.domain.notification_state import NotificationState
from case_notify.domain.reply_throttle import MAX_ADDRESSES

from tests.unit.notify.sample_desk import (
    ANNA,
    BO,
    MAIL_SETTINGS,
    Story,
    created,
    mails,
    places,
    record,
)


def suppressed(outcome: Outcome[NotificationState]) -> dict[str, str]:
    """Recipients that were not written to, and why."""
    lines = [draft.event for draft in outcome.events]
    return {one.recipient: one.reason for one in lines if isinstance(one, NoticeSuppressed)}


def test_a_mail_that_was_taken_is_a_notice_sent() -> None:
    story = Story()
    outcome = story.tell(created(), ANNA)
    mail = mails(outcome)["contact/anna"]
    (draft,) = story.done(outcome, attempts=2, uncertain=True).events
    assert (draft.topic, draft.actor, draft.channel) == (NOTICES, SYSTEM, "system")
    assert draft.event == NoticeSent(
        notice="case_created",
        about=1,
        recipient="contact/anna",
        message_id=mail.message_id,
        personal=Person("anna@customer.example", "Anna Bos"),
        attempts=2,
        unknown=True,
    )


def test_a_mail_that_was_refused_is_a_notice_failed() -> None:
    story = Story()
    outcome = story.tell(created(), ANNA)
    (draft,) = story.done(outcome, result="failed", attempts=12, detail="550 no such user").events
    assert isinstance(draft.event, NoticeFailed)
    assert (draft.event.attempts, draft.event.error) == (12, "550 no such user")


def test_what_became_of_a_mail_changes_nothing_that_is_remembered() -> None:
    story = Story()
    outcome = story.tell(created(), ANNA)
    before = story.state
    assert story.done(outcome).state == before
    assert story.take(record(TimerDue("x", record(created()).occurred_at))).state == before


CHANGES: list[tuple[dict[str, Any], Event, Actor, str, str]] = [
    ({"anna": {"email": "a,b@customer.example"}}, created(), SYSTEM, "contact/anna",
     "bad_address"),
    ({"anna": {"email": "Help@sample.example"}}, created(), ANNA, "contact/anna", "own_address"),
    ({"anna": {"active": False}}, created(), SYSTEM, "contact/anna", "inactive"),
    ({}, StatusChanged("asked", "new"), ANNA, "contact/anna", "own_action"),
    ({}, CommentAdded("c", "agent", public=True), BO, "agent/bo", "own_action"),
    ({}, CommentAdded("c", "agent", public=False), BO, "contact/anna", "internal"),
    ({"bo": {"active": False}}, StatusChanged("asked"), ANNA, "agent/bo", "inactive"),
    ({}, CaseAssigned("desk", "gone"), SYSTEM, "agent/gone", "no_address"),
    ({}, EscalationRaised(target="resolution", cycle=1, rests_on=1, level=9, role="x", why="x"),
     SYSTEM, "level/9", "no_address"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "event", "actor", "recipient", "reason"), CHANGES)
def test_what_is_not_sent_is_told_with_the_reason(
    changed: dict[str, Any], event: Event, actor: Actor, recipient: str, reason: str
) -> None:
    story = Story(**changed)
    story.tell(created(), ANNA)
    story.tell(CaseAssigned("desk", "bo"))
    outcome = story.tell(event, actor)
    assert suppressed(outcome)[recipient] == reason
    assert recipient not in mails(outcome)


def test_a_contact_without_an_address_is_not_written_to() -> None:
    event = msgspec.structs.replace(created("nobody"), personal=SubmittedContent(text="By phone"))
    assert suppressed(Story().tell(event)) == {"contact/nobody": "no_address"}


def test_c3_who_made_a_case_is_confirmed_it_all_the_same() -> None:
    outcome = Story().tell(created(), ANNA)
    assert mails(outcome).keys() == {"contact/anna"}
    assert not outcome.events


def test_a_mail_that_was_not_sent_is_not_the_root_of_the_thread() -> None:
    story = Story(anna={"active": False})
    story.tell(created(message_id=""), ANNA)
    assert story.state is not None
    assert story.state.root == ""


def request(**changed: Any) -> MessageRequested:
    """Somebody unknown wrote."""
    asked: dict[str, Any] = {
        "key": "arrival-1",
        "template": "unknown_sender",
        "language": "nl",
        "values": {"subject": "Hello"},
        "in_reply_to": "x@elsewhere.example",
        "personal": Person("who@elsewhere.example", "Who"),
    }
    return MessageRequested(**(asked | changed))


def test_mail_without_a_case_is_sent_by_its_template_and_answers_nothing_on_a_case() -> None:
    story = Story()
    outcome = story.take(record(request(), case=None))
    (mail,) = mails(outcome).values()
    assert mail.subject == "Uw bericht aan Sample desk"
    assert mail.text == "who@elsewhere.example kennen we niet: Hello\n"
    assert mail.in_reply_to == "x@elsewhere.example"
    assert mail.answers
    assert mail.reply_to == "help@sample.example"
    effect = outcome.effects[0]
    assert effect.key == "sample/arrival-1"
    done = EffectDone(
        key=effect.key, kind="mail", payload=effect.payload, result="done", attempts=1
    )
    answer = story.take(record(done, case=None))
    assert not answer.events
    assert not answer.effects


@pytest.mark.parametrize(
    ("written", "called"),
    [
        (Person("anna@customer.example", "A. as she writes"), "Anna Bos"),
        (Person("who@elsewhere.example", "Who"), "Who"),
        (Person("who@elsewhere.example"), "who@elsewhere.example"),
    ],
)
def test_whoever_wrote_is_called_as_they_are_known(written: Person, called: str) -> None:
    values = {"reference": "S-0001", "subject": "Re"}
    asked = request(template="reply_refused", personal=written, values=values)
    (mail,) = mails(Story().take(record(asked, case=None))).values()
    assert mail.text == f"Beste {called}, S-0001 is gesloten: Re\n"


def test_a_contact_without_a_name_is_called_by_their_address() -> None:
    event = created("nobody")
    unnamed = SubmittedContent(text="Hello", author=Person("nobody@customer.example"))
    (mail,) = mails(Story().tell(msgspec.structs.replace(event, personal=unnamed))).values()
    assert places(mail)["recipient"] == "nobody@customer.example"


def test_asking_twice_is_one_mail_with_one_message_id() -> None:
    story = Story()
    first = story.take(record(request(), version=1, case=None))
    second = story.take(record(request(), version=2, case=None))
    assert first.effects[0].key == second.effects[0].key
    (one,), (two,) = mails(first).values(), mails(second).values()
    assert one.message_id == two.message_id


def test_a_machine_that_answers_our_answers_gets_five_of_them_a_day() -> None:
    """C4: whatever it says it is. Others are answered meanwhile, and access is given as ever."""
    story, day = Story(), 24 * 60

    def is_sent(minute: int, **changed: Any) -> bool:
        asked = request(key=f"arrival-{minute}", **changed)
        return bool(story.take(record(asked, version=minute, case=None)).effects)

    assert [is_sent(minute) for minute in range(1, 9)] == [True] * 5 + [False] * 3
    values = {"reference": "S-0001", "subject": "Re"}
    in_capitals = Person("WHO@elsewhere.example")
    assert not is_sent(10, personal=in_capitals, template="reply_refused", values=values)
    assert is_sent(11, personal=Person("else@elsewhere.example"))
    assert is_sent(12, in_reply_to="")
    assert is_sent(13, sealed="secret")
    assert [is_sent(1 + day), is_sent(2 + day), is_sent(2 + day)] == [True, True, False]


def test_only_so_many_addresses_are_remembered() -> None:
    story = Story()
    for number in range(MAX_ADDRESSES + 20):
        asked = request(key=str(number), personal=Person(f"a{number}@elsewhere.example"))
        story.take(record(asked, case=None))
    assert story.state is not None
    assert len(story.state.answered) == MAX_ADDRESSES


def test_mail_to_an_address_that_is_none_is_not_sent() -> None:
    story = Story()
    assert not story.take(record(request(personal=Person("")), case=None)).effects


def test_a_tenant_without_definition_parks_the_request() -> None:
    story = Story()
    event = record(request(), case=None)
    with pytest.raises(LookupError):
        story.react(None, event, type(story.reference)())


def test_the_service_reads_cases_before_messages() -> None:
    assert service(MAIL_SETTINGS).topics == (CASES, MESSAGES)
