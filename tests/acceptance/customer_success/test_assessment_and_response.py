"""S2, S3, S4, S8, C8: assessed within a quarter of an hour, answered by what was assessed."""

from datetime import datetime

import pytest

from tests.acceptance.customer_success.conftest import simulated
from tests.acceptance.customer_success.people import (
    ADDRESS,
    EVA,
    KARIM,
    LOTTE,
    MEREL,
    SPECIALISTS,
    WOUTER,
)
from tests.acceptance.customer_success.steps import another_priority, assessed, incident
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


@pytest.mark.parametrize("contact", [LOTTE, KARIM, EVA], ids=["sla", "best-effort", "none"])
def test_every_case_is_assessed_within_fifteen_minutes(timed_desk: Desk, contact: Person) -> None:
    """S2, C8: a target of the tenant's own, whatever the customer has agreed."""
    case = timed_desk.mail_from(contact).case
    assert case.priority == "unassessed"
    assert case.due("assessment") == at("2026-03-02T09:15:00+01:00")
    assert "first_response" not in case.clocks
    timed_desk.it_is("2026-03-02T09:10+01:00")
    case.agent(MEREL).sets_priority("P3")
    assert case.priority == "P3"
    [met] = case.events("target_met")
    assert (met.what["target"], met.what["elapsed"], met.what["left"]) == (
        "assessment", 600_000_000, 300_000_000
    )  # fmt: skip


def test_nobody_assesses_in_time(timed_desk: Desk) -> None:
    """S2, C9: warned after nine minutes, missed after fifteen, though the case was answered."""
    case = timed_desk.mail_from(EVA).case
    case.agent(MEREL).comments("We look at it.")
    timed_desk.it_is("2026-03-02T09:14:59+01:00")
    [warned] = case.events("deadline_warned")
    assert warned.at == at("2026-03-02T09:09+01:00")
    assert "target_breached" not in case.story
    timed_desk.it_is("2026-03-02T09:15:10+01:00")
    breach = case.event("target_breached")
    assert breach.what["target"] == "assessment"
    assert at(breach.what["due_at"]) == at("2026-03-02T09:15+01:00")


def test_no_rule_and_no_contact_assesses(timed_desk: Desk) -> None:
    """S2: by an agent; what the form says and what the contact asks leave it running."""
    case = timed_desk.form_from(LOTTE, incident(module="planning", workaround="On paper"))
    answer = case.contact(LOTTE).tries.asks_for(another_priority("It is urgent."))
    assert answer.status == "done"
    assert case.clocks["assessment"].state == "running"
    assert case.priority == "unassessed"


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-02T17:20+01:00", "2026-03-03T08:35+01:00"),
        ("2026-03-02T06:00+01:00", "2026-03-02T08:45+01:00"),
        ("2026-03-06T17:25+01:00", "2026-03-09T08:40+01:00"),
        ("2026-03-07T12:00+01:00", "2026-03-09T08:45+01:00"),
        ("2026-04-24T17:25+02:00", "2026-04-28T08:40+02:00"),
        ("2026-04-03T17:25+02:00", "2026-04-07T08:40+02:00"),
        ("2026-05-14T10:00+02:00", "2026-05-15T08:45+02:00"),
        ("2026-05-05T10:00+02:00", "2026-05-05T10:15+02:00"),
        ("2026-12-24T17:25+01:00", "2026-12-28T08:40+01:00"),
    ],
    ids=["over-night", "before-opening", "weekend", "on-saturday", "kings-day", "easter-monday",
         "on-ascension", "liberation-day-open", "christmas"],
)  # fmt: skip
def test_only_office_hours_count(moment: str, due: str) -> None:
    """S2, C8: half past eight to half past five, not on Dutch holidays."""
    with simulated(at(moment)) as driver:
        case = Desk(driver, ADDRESS, WOUTER).mail_from(KARIM).case
        assert case.due("assessment") == at(due)


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("P1", "2026-03-02T09:15+01:00"),
        ("P2", "2026-03-02T10:00+01:00"),
        ("P3", "2026-03-03T09:00+01:00"),
        ("P4", "2026-03-04T09:00+01:00"),
    ],
)
def test_the_first_response_is_by_assessed_priority(
    timed_desk: Desk, priority: str, due: str
) -> None:
    """S3: fifteen minutes, sixty minutes, one day, two days, counted from the intake."""
    case = timed_desk.mail_from(KARIM).case
    timed_desk.it_is("2026-03-02T09:05+01:00")
    case.agent(MEREL).sets_priority(priority)
    assert case.due("first_response") == at(due)


@pytest.mark.parametrize(
    ("moment", "priority", "due"),
    [
        ("2026-03-06T10:00+01:00", "P3", "2026-03-09T10:00+01:00"),
        ("2026-03-06T10:00+01:00", "P4", "2026-03-10T10:00+01:00"),
        ("2026-03-07T10:00+01:00", "P3", "2026-03-10T08:30+01:00"),
        ("2026-04-02T10:00+02:00", "P4", "2026-04-07T10:00+02:00"),
        ("2026-04-24T16:00+02:00", "P3", "2026-04-28T16:00+02:00"),
        ("2026-03-02T17:00+01:00", "P2", "2026-03-03T09:00+01:00"),
        ("2026-03-02T17:25+01:00", "P1", "2026-03-03T08:40+01:00"),
    ],
)
def test_days_are_working_days(moment: str, priority: str, due: str) -> None:
    """S3, C8: a day later at the same time, weekends and holidays skipped."""
    with simulated(at(moment)) as driver:
        case = assessed(Desk(driver, ADDRESS, WOUTER), KARIM, MEREL, priority)
        assert case.due("first_response") == at(due)


def test_an_answer_by_the_due_is_in_time_and_a_moment_later_is_not(timed_desk: Desk) -> None:
    """S3, C8: to the microsecond, for a case without a workaround."""
    first, second = (assessed(timed_desk, EVA, MEREL, "P1") for _ in range(2))
    timed_desk.it_is("2026-03-02T09:15+01:00")
    first.agent(MEREL).comments("We are on it.")
    timed_desk.it_is("2026-03-02T09:15:00.000001+01:00")
    second.agent(MEREL).comments("We are on this one too.")
    timed_desk.it_is("2026-03-02T09:20+01:00")
    assert "target_breached" not in first.story
    met = [one.what for one in first.events("target_met") if one.what["target"] == "first_response"]
    assert [one["left"] for one in met] == [0]
    assert second.event("target_breached").what["target"] == "first_response"


def test_assessed_too_late_for_its_first_response(timed_desk: Desk) -> None:
    """S2, S3: what turns out to be critical after twenty minutes has missed both."""
    case = timed_desk.mail_from(KARIM).case
    timed_desk.it_is("2026-03-02T09:20+01:00")
    case.agent(MEREL).sets_priority("P1")
    timed_desk.time_passes(seconds=5)
    breaches = {
        one.what["target"]: at(one.what["due_at"]) for one in case.events("target_breached")
    }
    assert breaches == dict.fromkeys(("assessment", "first_response"), at("2026-03-02T09:15+01:00"))


@pytest.mark.parametrize("by", ["token", "thread"])
def test_a_reply_to_the_mail_about_the_priority_asks_again(timed_desk: Desk, by: str) -> None:
    """S4: a new assessment is due in fifteen minutes of its own, and its outcome is on record."""
    case = assessed(timed_desk, KARIM, MEREL, "P3")
    letter = case.mail_to(KARIM, "assessed")
    timed_desk.it_is("2026-03-02T11:00+01:00")
    case.contact(KARIM).replies_by_mail("Nobody can work!", to=letter, by=by)
    assert case.comments == ["Nobody can work!"]
    assert case.events("comment_added")[-1].what["answers"] == "assessed"
    clock = case.clocks["assessment"]
    assert (clock.state, clock.cycle, clock.due) == ("running", 2, at("2026-03-02T11:15+01:00"))
    timed_desk.it_is("2026-03-02T11:12+01:00")
    case.agent(MEREL).sets_priority("P2")
    cycles = [one.what["cycle"] for one in case.events("target_met")
              if one.what["target"] == "assessment"]  # fmt: skip
    assert cycles == [1, 2]
    outcomes = [(one.what["previous"], one.what["priority"], one.who.id)
                for one in case.events("priority_assessed")[1:]]  # fmt: skip
    assert outcomes == [("unassessed", "P3", MEREL.id), ("P3", "P2", MEREL.id)]
    assert "2 Dringend" in case.mails_to(KARIM, "assessed")[-1].subject


def test_a_reply_to_another_mail_leaves_the_priority_as_it_is(timed_desk: Desk) -> None:
    """S4: an answer to a question is no complaint about the priority."""
    case = assessed(timed_desk, KARIM, MEREL, "P3")
    letter = case.mail_to(KARIM, "registered")
    case.contact(KARIM).replies_by_mail("It is still so.", to=letter, by="token")
    assert case.events("assessment_requested") == []
    assert case.clocks["assessment"].state == "met"
    letter = case.mail_to(KARIM, "assessed")
    case.contact(KARIM).replies_by_mail("It is worse than that.", to=letter, by="token")
    assert case.clocks["assessment"].state == "running"


def test_the_priority_may_turn_out_to_be_right(timed_desk: Desk) -> None:
    """S4, S8: that too is an outcome on record, and the contact is told."""
    case = assessed(timed_desk, LOTTE, MEREL, "P4")
    case.contact(LOTTE).asks_for(another_priority("I am in a hurry."))
    assert case.clocks["assessment"].state == "running"
    timed_desk.it_is("2026-03-02T09:05+01:00")
    case.agent(MEREL).sets_priority("P4")
    assert case.clocks["assessment"].state == "met"
    assert [one.what["priority"] for one in case.events("priority_assessed")] == [
        "unassessed", "P4", "P4"
    ]  # fmt: skip
    assert len(case.mails_to(LOTTE, "assessed")) == 2
    assert "hurry" in case.event("assessment_requested").text


def test_a_new_assessment_can_be_missed_as_well(timed_desk: Desk) -> None:
    """S4, C8: asked five minutes before closing, ten minutes are left for the morning."""
    case = assessed(timed_desk, KARIM, MEREL, "P4")
    case.agent(MEREL).comments("We look at it.")
    case.agent(MEREL).assigns("specialists")
    timed_desk.it_is("2026-03-02T17:25+01:00")
    case.contact(KARIM).asks_for(another_priority("It got worse."))
    assert "got worse" in case.mail_to(SPECIALISTS, "assessment_requested").text
    timed_desk.it_is("2026-03-03T08:40:10+01:00")
    breach = case.event("target_breached")
    assert (breach.what["target"], breach.what["cycle"]) == ("assessment", 2)
    assert at(breach.what["due_at"]) == at("2026-03-03T08:40+01:00")


def test_the_contact_sees_the_assessed_priority(desk: Desk) -> None:
    """S8: in the portal and by mail; before, that nobody has assessed it yet."""
    case = desk.mail_from(LOTTE).case
    assert "Nog niet beoordeeld" in case.mail_to(LOTTE, "registered").text
    assert case.mails_to(LOTTE, "assessed") == []
    case.agent(MEREL).sets_priority("P2")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert shown.priority == "P2"
    letter = case.mail_to(LOTTE, "assessed")
    assert "Prioriteit 2 Dringend" in letter.subject
    assert "te laag" in letter.text
