"""C3, C9, C14, D16: which mail an event leads to, to whom, in which language, saying what."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from case_definition.vocabulary import PLACEHOLDERS
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
    TargetMet,
)
from case_events.envelope import SYSTEM

from tests.unit.notify.sample_desk import (
    ANNA,
    BO,
    CASE,
    START,
    Story,
    begun,
    created,
    mails,
    places,
)

DUE = START + timedelta(hours=4)
CLOCK: dict[str, Any] = {"target": "fix", "cycle": 1, "rests_on": 3}
BREACH = TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE)
SET: dict[str, Any] = {"elapsed": 0, "reason": "case_created", "calendar": "x", "tz_version": "x"}
COMMENT = CommentAdded("c1", "agent", public=True, personal=WrittenContent(text="Which floor?"))

EVENTS: list[Event] = [
    StatusChanged("asked", "new", "ask"),
    COMMENT,
    CaseAssigned("experts", "cy", "desk", "bo"),
    PriorityAssessed("P1", "P2"),
    DeadlineSet(**CLOCK, due=DUE, **SET),
    DeadlineWarned(**CLOCK, share=0.5, due=DUE),
    BREACH,
    BreachWithdrawn(**CLOCK, fact="x"),
    EscalationRaised(**CLOCK, level=1, role="lead", why="breach"),
]


def test_c3_a_new_case_is_confirmed_to_its_contact_in_their_language() -> None:
    outcome = Story().tell(created(), ANNA)
    mail = mails(outcome)["contact/anna"]
    assert mail.to == Person("anna@customer.example", "Anna Bos")
    assert mail.sender == Person("help@sample.example", "Sample, the desk")
    assert mail.subject == "[S-0001] case_created Broken printer"
    assert mail.text.startswith("Beste Anna Bos,\n")
    assert mail.language == "nl"
    assert mail.answers
    assert places(mail) == {
        "reference": "S-0001",
        "title": "Broken printer",
        "tenant": "Sample desk",
        "recipient": "Anna Bos",
        "contact": "Anna Bos",
        "customer": "Acme",
        "case_type": "Verzoek",
        "status": "Nieuw",
        "priority": "Laag",
        "team": "",
        "agent": "",
        "link": "https://portal.example/cases/S-0001",
        "description": "It makes a noise.",
        "other": "",
    }


def test_c14_another_contact_of_the_same_case_type_is_written_to_in_english() -> None:
    mail = mails(Story().tell(created("grace")))["contact/grace"]
    assert mail.language == "en"
    assert mail.text.startswith("Dear Grace Hill,\n")
    assert places(mail)["case_type"] == "Request"


def test_a_contact_who_is_not_in_the_directory_is_written_to_as_they_wrote() -> None:
    mail = mails(Story().tell(created("someone")))["contact/someone"]
    assert mail.to == Person("someone@customer.example", "As written")
    assert mail.language == "en"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_reaches_everyone_it_names_with_all_places_filled(event: Event) -> None:
    outcome = begun(Story()).tell(event)
    sent = mails(outcome)
    assert {"contact/anna", f"agent/{_agent(event)}"} <= sent.keys()
    for mail in sent.values():
        assert places(mail).keys() == PLACEHOLDERS[label_of(event)]
        assert places(mail)["recipient"] == mail.to.name


def _agent(event: Event) -> str:
    return event.agent if isinstance(event, CaseAssigned) else "bo"


def test_facts_that_send_nothing_change_what_later_mail_says() -> None:
    story = begun(Story())
    silent = [
        FieldsSet({"title": "A new title", "impact": "x" * 500}),
        TargetMet(**CLOCK, elapsed=1, left=1),
    ]
    for event in silent:
        assert not story.tell(event).effects
    text = places(mails(story.tell(BreachWithdrawn(**CLOCK, fact="x")))["contact/anna"])
    assert text["title"] == "A new title"
    assert story.state is not None
    assert story.state.fields == {"title": "A new title", "impact": "x" * 500}


def test_a_due_is_told_once_and_not_while_the_clock_stands_still() -> None:
    story = begun(Story())

    def announced(due: datetime | None) -> list[str]:
        outcome = story.tell(DeadlineSet(**CLOCK, due=due, **SET))
        return [places(mail)["due"] for to, mail in mails(outcome).items() if to == "contact/anna"]

    assert announced(DUE) == ["23 november 2026 12:00"]
    assert announced(None) == [], "it stands still"
    assert announced(DUE) == [], "it runs again, to the same moment"
    assert announced(DUE + timedelta(hours=1)) == ["23 november 2026 13:00"]


def test_which_dues_are_told_is_asked_of_their_metric_and_of_what_moved_them() -> None:
    when = "event.metric == 'resolution' && event.reason == 'case_created'"
    story = begun(
        Story([{"name": "deadline_set", "on": "deadline_set", "to": ["contact"], "when": when}])
    )
    moved = SET | {"reason": "status_changed"}
    assert not story.tell(
        DeadlineSet(**CLOCK | {"target": "first_response"}, due=DUE, **SET)
    ).effects
    assert story.tell(DeadlineSet(**CLOCK, due=DUE, **SET)).effects
    assert not story.tell(DeadlineSet(**CLOCK, due=DUE + timedelta(hours=1), **moved)).effects


def test_moments_are_told_in_the_zone_of_the_target_and_the_words_of_the_reader() -> None:
    sent = mails(begun(Story()).tell(BREACH))
    assert places(sent["contact/anna"])["due"] == "23 november 2026 12:00"
    assert places(sent["agent/bo"])["due"] == "23 November 2026 12:00"
    assert places(sent["agent/bo"])["metric"] == "Resolution time"
    without = Story()
    without.tell(created(), ANNA)
    event = DeadlineWarned(target="resolution", cycle=1, rests_on=1, share=0.5, due=DUE)
    assert places(mails(without.tell(event))["contact/anna"])["due"] == "23 november 2026 13:00"


def test_c9_each_level_of_the_ladder_is_told_and_told_again_when_it_is_withdrawn() -> None:
    story = begun(Story())
    story.tell(BREACH)
    outcome = story.tell(EscalationRaised(**CLOCK, level=1, role="lead", why="missed by 1 h"))
    mail = mails(outcome)["level/1"]
    assert mail.to == Person("lead@sample.example", "Team lead")
    filled = places(mail)
    assert (filled["level"], filled["role"], filled["reason"]) == (
        "1",
        "Team lead",
        "missed by 1 h",
    )
    assert filled["due"] == "23 November 2026 12:00"
    assert "level/1" in mails(story.tell(BreachWithdrawn(**CLOCK, fact="x")))


def test_levels_of_an_earlier_cycle_are_not_told_of_the_next() -> None:
    story = begun(Story())
    story.tell(EscalationRaised(**CLOCK, level=1, role="lead", why="x"))
    again = CLOCK | {"cycle": 2}
    story.tell(TargetBreached(**again, due_at=DUE, detected_at=DUE))
    assert "level/1" not in mails(story.tell(BreachWithdrawn(**again, fact="x")))


def test_the_ladder_of_the_agreement_comes_first() -> None:
    own = {"level": 1, "role": "head", "address": "head@acme.example", "language": "nl",
           "raised": [{"on": "breach"}]}  # fmt: skip
    story = begun(Story(agreement={"escalation": [own]}))
    mail = mails(story.tell(EscalationRaised(**CLOCK, level=1, role="head", why="x")))["level/1"]
    assert mail.to == Person("head@acme.example", "Hoofd operaties")


def test_a_comment_travels_in_the_mail_about_its_transition_and_in_no_other() -> None:
    notices = [
        {"name": "comment_added", "on": "comment_added", "to": ["contact"],
         "when": "event.public && event.transition == ''"},
        {"name": "status_changed", "on": "status_changed", "to": ["contact"],
         "when": "event.to_status == 'asked' && event.transition == 'ask'"},
    ]  # fmt: skip
    story = begun(Story(notices))
    given = CommentAdded("c1", "agent", True, "ask", personal=WrittenContent(text="Which floor?"))
    assert not story.tell(given, BO, cause=50).effects
    outcome = story.tell(StatusChanged("asked", "new", "ask"), BO, cause=50)
    assert places(mails(outcome)["contact/anna"])["comment"] == "Which floor?"
    later = story.tell(StatusChanged("asked", "new", "ask"), BO)
    assert places(mails(later)["contact/anna"])["comment"] == ""


def test_an_internal_comment_never_travels_with_a_transition() -> None:
    story = begun(Story())
    note = CommentAdded("c1", "agent", False, "ask", personal=WrittenContent(text="They are slow"))
    story.tell(note, BO, cause=50)
    outcome = story.tell(StatusChanged("asked", "new", "ask"), BO, cause=50)
    assert places(mails(outcome)["contact/anna"])["comment"] == ""


def test_who_wrote_is_named_by_the_directory() -> None:
    story = begun(Story())
    by_agent = mails(story.tell(COMMENT, BO))["contact/anna"]
    assert places(by_agent)["author"] == "Bo Vos"
    by_contact = mails(story.tell(CommentAdded("c2", "contact", public=True), ANNA))["agent/bo"]
    assert places(by_contact)["author"] == "Anna Bos"
    assert places(mails(story.tell(COMMENT))["contact/anna"])["author"] == "Sample desk"


def test_rules_are_asked_with_the_facts_of_the_case() -> None:
    rule = (
        "case.type == 'request' && case.fields.impact == 'big' && case.channel == 'mail'"
        " && case.title == 'Broken printer' && contact.role == 'normal'"
        " && customer.name == 'Acme' && agreement.kind == 'sla' && case.agent == 'cy'"
        " && actor.id == 'bo' && actor.capacity == 'agent'"
    )
    story = begun(
        Story([{"name": "case_assigned", "on": "case_assigned", "to": ["agent"], "when": rule}])
    )
    assert mails(story.tell(CaseAssigned("experts", "cy"), BO)).keys() == {"agent/cy"}
    assert not story.tell(CaseAssigned("experts", "cy"), SYSTEM).effects


def test_a_target_of_an_agreement_that_was_replaced_keeps_its_name() -> None:
    story = begun(Story())
    story.tell(AgreementApplied("", "sample/gold/1"))
    assert places(mails(story.tell(BREACH))["agent/bo"])["metric"] == "fix"


def test_whoever_is_meant_twice_gets_one_mail() -> None:
    story = begun(Story(bo={"email": "DESK@sample.example"}))
    assert mails(story.tell(BREACH)).keys() == {"contact/anna", "agent/bo"}


def test_keys_and_message_ids_are_unique_and_the_same_again() -> None:
    def all_of_it() -> list[tuple[str, bytes]]:
        story = Story()
        outcomes = [story.tell(created(), ANNA), story.tell(CaseAssigned("desk", "cy"))]
        outcomes += [story.tell(event) for event in EVENTS]
        return [(one.key, one.payload) for outcome in outcomes for one in outcome.effects]

    first = all_of_it()
    keys = [key for key, _ in first]
    assert len(keys) > 10
    assert len(set(keys)) == len(keys)
    assert len({payload for _, payload in first}) == len(keys)
    assert first == all_of_it()
    assert keys[0] == f"{CASE}/1/case_created/contact/anna/mail"


def test_a_title_cannot_break_the_subject() -> None:
    story = begun(Story())
    story.tell(FieldsSet({"title": "one\r\nBcc: all@example.org\t" + "x" * 400}))
    mail = mails(story.tell(COMMENT, BO))["contact/anna"]
    assert mail.subject.startswith("[S-0001] comment_added one Bcc: all@example.org x")
    assert mail.subject.isprintable()
    assert len(mail.subject) <= 250


def test_notices_about_notices_are_not_sent() -> None:
    story = begun(Story())
    sent = NoticeSent(notice="told", about=1, recipient="contact/anna")
    outcome = story.tell(sent)
    assert not outcome.effects
    assert not outcome.events
