"""C8, D1, D3, D4: deadlines by agreement and priority, on the desk's calendar, with pauses."""

from datetime import datetime

import pytest

from tests.acceptance.dtnext.conftest import simulated
from tests.acceptance.dtnext.people import ADDRESS, ANOUK, BRAM, FATIMA, HENDRIK, JOOST, SANNE
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Form, Person

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def question() -> Form:
    """A question: P4."""
    return Form(case_type="question", values={"title": "How?", "description": "How, please?"})


@pytest.mark.main_path
def test_deadlines_come_from_the_customers_agreement(desk: Desk) -> None:
    """C8, D4: both targets of the SLA run from the creation."""
    clocks = desk.mail_from(ANOUK).case.clocks
    assert {name: clock.state for name, clock in clocks.items()} == {
        "first_response": "running", "resolution": "running"
    }  # fmt: skip


def test_lengths_are_counted_in_desk_hours(timed_desk: Desk) -> None:
    """D1: P3 is four hours and sixteen; nine to five on working days."""
    case = timed_desk.mail_from(ANOUK).case
    assert case.due("first_response") == at("2026-03-02T13:00:00+01:00")
    assert case.due("resolution") == at("2026-03-03T17:00:00+01:00")


@pytest.mark.parametrize(
    ("priority", "first_response", "resolution"),
    [
        ("P1", "2026-03-02T10:00:00+01:00", "2026-03-02T13:00:00+01:00"),
        ("P2", "2026-03-02T11:00:00+01:00", "2026-03-02T17:00:00+01:00"),
        ("P3", "2026-03-02T13:00:00+01:00", "2026-03-03T17:00:00+01:00"),
        ("P4", "2026-03-02T17:00:00+01:00", "2026-03-06T17:00:00+01:00"),
    ],
)
def test_each_priority_has_its_own_lengths(
    timed_desk: Desk, priority: str, first_response: str, resolution: str
) -> None:
    """C8, D3, D4: a priority that is assessed later is counted from the start."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T09:30+01:00")
    case.agent(SANNE).sets_priority(priority)
    assert case.due("first_response") == at(first_response)
    assert case.due("resolution") == at(resolution)


@pytest.mark.parametrize(
    ("moment", "first_response"),
    [
        ("2026-03-06T16:00+01:00", "2026-03-09T12:00:00+01:00"),
        ("2026-03-07T12:00+01:00", "2026-03-09T13:00:00+01:00"),
        ("2026-03-02T06:00+01:00", "2026-03-02T13:00:00+01:00"),
        ("2026-03-02T20:00+01:00", "2026-03-03T13:00:00+01:00"),
        ("2026-04-24T16:00+02:00", "2026-04-28T12:00:00+02:00"),
        ("2026-04-03T16:00+02:00", "2026-04-07T12:00:00+02:00"),
        ("2026-05-13T16:00+02:00", "2026-05-15T12:00:00+02:00"),
        ("2026-05-04T16:00+02:00", "2026-05-05T12:00:00+02:00"),
        ("2026-03-27T16:00+01:00", "2026-03-30T12:00:00+02:00"),
        ("2026-12-24T16:00+01:00", "2026-12-28T12:00:00+01:00"),
    ],
    ids=["weekend", "on-saturday", "before-opening", "after-closing", "kings-day",
         "good-friday-open-easter-monday-closed", "ascension", "liberation-day-open",
         "summer-time", "christmas"],
)  # fmt: skip
def test_a_case_at_any_hour_counts_from_the_next_open_one(moment: str, first_response: str) -> None:
    """C8, D1: cases come in 24×7; nights, weekends and Dutch holidays do not count."""
    with simulated(at(moment)) as driver:
        case = Desk(driver, ADDRESS, HENDRIK).mail_from(ANOUK).case
        assert case.shown.created_at == at(moment)
        assert case.due("first_response") == at(first_response)


@pytest.mark.parametrize("contact", [JOOST, FATIMA], ids=["best-effort", "no-agreement"])
def test_without_targets_there_is_no_clock(timed_desk: Desk, contact: Person) -> None:
    """D4: no target, no warning, no breach, however long it lies; served in order of arrival. Who
    has an SLA has all of them."""
    promised = timed_desk.mail_from(ANOUK).case
    cases = [timed_desk.mail_from(contact, f"Number {n}").case for n in range(3)]
    timed_desk.time_passes(days=30)
    clockwork = {"deadline_set", "deadline_warned", "target_breached"}
    assert clockwork <= set(promised.story)
    for case in cases:
        assert case.clocks == {}
        assert not clockwork & set(case.story)
    arrived = sorted(cases, key=lambda case: case.shown.created_at)
    assert [case.reference for case in arrived] == [case.reference for case in cases]


def test_a_first_public_answer_meets_the_first_response(timed_desk: Desk) -> None:
    """C8: neither the confirmation, nor taking it up, nor a note, nor the contact's own words."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    case.agent(SANNE).notes("I look at it.")
    case.contact(ANOUK).comments("Hello?")
    assert case.clocks["first_response"].state == "running"
    timed_desk.it_is("2026-03-02T11:30+01:00")
    case.agent(BRAM).comments("We look at it.")
    met = case.event("target_met")
    assert met.what["target"] == "first_response"
    assert met.what["elapsed"] == 2.5 * 3600 * 1_000_000
    assert met.what["left"] == 1.5 * 3600 * 1_000_000
    assert case.clocks["first_response"].state == "met"
    assert case.clocks["resolution"].state == "running"


@pytest.mark.parametrize(
    ("pause", "resume"),
    [("asks", "resumes"), ("holds", "ends_hold"), ("hands_over", "takes_back")],
)
def test_the_clock_stands_still_while_the_desk_waits(
    timed_desk: Desk, pause: str, resume: str
) -> None:
    """C8: in Need input, On hold and with a third party; afterwards the rest is counted."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T10:00+01:00")
    getattr(case.agent(SANNE), pause)("We wait.")
    assert case.due("resolution") is None
    assert case.clocks["resolution"].state == "paused"
    timed_desk.it_is("2026-03-05T10:00+01:00")
    assert "target_breached" not in case.story
    getattr(case.agent(SANNE), resume)()
    assert case.due("resolution") == at("2026-03-06T17:00:00+01:00")


def test_a_pause_outside_desk_hours_costs_nothing(timed_desk: Desk) -> None:
    """C8, D1."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T18:00+01:00")
    case.agent(SANNE).holds()
    timed_desk.it_is("2026-03-03T08:00+01:00")
    case.agent(SANNE).ends_hold()
    assert case.due("resolution") == at("2026-03-03T17:00:00+01:00")


def test_the_contacts_answer_starts_the_clock_again(timed_desk: Desk) -> None:
    """C8: by mail, from the moment that it came in."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    case.agent(SANNE).asks("Which one?")
    timed_desk.it_is("2026-03-02T12:00+01:00")
    case.contact(ANOUK).replies_by_mail("The left one.", by="token")
    assert case.due("resolution") == at("2026-03-04T12:00:00+01:00")


def test_a_reopened_case_goes_on_with_its_clock(timed_desk: Desk) -> None:
    """C8: the time between is not counted."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T15:00+01:00")
    case.agent(SANNE).resolves("Done.", cause="A cable")
    assert case.clocks["resolution"].state == "met"
    timed_desk.it_is("2026-03-04T09:00+01:00")
    case.contact(ANOUK).rejects("No.")
    assert case.clocks["resolution"].state == "running"
    assert case.due("resolution") == at("2026-03-05T11:00:00+01:00")


def test_a_cancelled_case_is_never_breached(timed_desk: Desk) -> None:
    """C8, D15: nothing runs on after the end."""
    case = timed_desk.mail_from(ANOUK).case
    assert {clock.state for clock in case.clocks.values()} == {"running"}
    case.contact(ANOUK).cancels()
    timed_desk.time_passes(days=10)
    assert not {"deadline_warned", "target_breached", "escalation_raised"} & set(case.story)


def test_a_question_has_longer(timed_desk: Desk) -> None:
    """D3, D4."""
    case = timed_desk.form_from(ANOUK, question())
    assert case.due("first_response") == at("2026-03-02T17:00:00+01:00")
