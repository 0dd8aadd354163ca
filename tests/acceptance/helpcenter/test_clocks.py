"""C8, C9: promises on the help center's hours, and who is told when one is missed."""

from datetime import datetime

import pytest

from tests.acceptance.helpcenter.conftest import simulated
from tests.acceptance.helpcenter.people import ADDRESS, FLOOR, GEERT, INEKE, LEVELS, LOTTE, RUBEN
from tests.acceptance.helpcenter.steps import form, parked, solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("priority", "first_response", "resolution"),
    [
        ("high", "2026-03-02T10:00+01:00", "2026-03-02T16:30+01:00"),
        ("normal", "2026-03-02T13:30+01:00", "2026-03-05T09:00+01:00"),
        ("low", "2026-03-03T09:00+01:00", "2026-03-16T09:00+01:00"),
    ],
)
def test_each_priority_has_its_own_lengths(
    timed_desk: Desk, priority: str, first_response: str, resolution: str
) -> None:
    """C8: counted from the intake, without the half hour of lunch."""
    case = timed_desk.mail_from(LOTTE).case
    timed_desk.it_is("2026-03-02T09:10+01:00")
    case.agent(FLOOR).sets_priority(priority)
    assert case.due("first_response") == at(first_response)
    assert case.due("resolution") == at(resolution)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-06T15:00+01:00", "2026-03-09T12:00+01:00"),
        ("2026-03-07T12:00+01:00", "2026-03-09T13:30+01:00"),
        ("2026-03-02T12:40+01:00", "2026-03-02T17:00+01:00"),
        ("2026-04-24T15:00+02:00", "2026-04-28T12:00+02:00"),
        ("2026-05-04T16:00+02:00", "2026-05-06T12:00+02:00"),
        ("2026-05-13T16:00+02:00", "2026-05-18T12:00+02:00"),
        ("2026-12-24T11:30+01:00", "2026-12-28T12:00+01:00"),
    ],
    ids=["weekend", "on-saturday", "in-the-break", "kings-day", "liberation-day-closed",
         "ascension-and-the-friday-after", "half-a-day-before-christmas"],
)  # fmt: skip
def test_only_open_hours_count(moment: str, due: str) -> None:
    """C8: breaks, Dutch holidays, days of its own, and a short day before Christmas."""
    with simulated(at(moment)) as driver:
        case = Desk(driver, ADDRESS, GEERT).mail_from(LOTTE).case
        assert case.due("first_response") == at(due)


@pytest.mark.parametrize("contact", [INEKE, RUBEN], ids=["best-effort", "no-agreement"])
def test_without_an_sla_nothing_is_promised(timed_desk: Desk, contact: Person) -> None:
    """C8: no clock and no breach, however long it lies; unlike where there is one."""
    case, promised = timed_desk.mail_from(contact).case, timed_desk.mail_from(LOTTE).case
    timed_desk.time_passes(days=30)
    assert case.clocks == {}
    assert not {"deadline_set", "target_breached"} & set(case.story)
    assert {"deadline_set", "target_breached"} <= set(promised.story)


@pytest.mark.parametrize("status", ["pending", "parked"])
def test_the_clock_stands_still_while_it_waits(timed_desk: Desk, status: str) -> None:
    """C8, H2: for the contact, and for a change in the software."""
    case = timed_desk.form_from(LOTTE, form("fault"))
    case.agent(FLOOR).takes_up()
    timed_desk.it_is("2026-03-02T11:00+01:00")
    if status == "pending":
        case.agent(FLOOR).asks("Which quarter?")
    else:
        case.agent(FLOOR).takes_step("park", "A new version.", workaround="none")
    assert case.status == status
    assert (case.clocks["resolution"].state, case.due("resolution")) == ("paused", None)
    timed_desk.it_is("2026-03-03T11:00+01:00")
    case.agent(FLOOR).takes_step("resume" if status == "pending" else "unpark")
    assert case.due("resolution") == at("2026-03-05T17:00+01:00")


def test_a_wish_has_no_promised_solution(timed_desk: Desk) -> None:
    """C8: a first response it has."""
    case = timed_desk.form_from(LOTTE, form("wish"))
    assert set(case.clocks) == {"first_response", "next_response"}
    assert case.due("first_response") == at("2026-03-03T09:00+01:00")


def test_solved_in_time_and_reopened_goes_on(timed_desk: Desk) -> None:
    """C8, H3: the time in between is not counted."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    timed_desk.it_is("2026-03-03T09:00+01:00")
    solve(case, FLOOR)
    assert case.clocks["resolution"].state == "met"
    timed_desk.it_is("2026-03-05T09:00+01:00")
    case.contact(LOTTE).takes_step("reopen", "No.")
    assert case.due("resolution") == at("2026-03-09T10:00+01:00")


def test_parked_is_no_excuse_for_silence(timed_desk: Desk) -> None:
    """C8, C9: the first response runs on until an agent has written; parking is an answer."""
    case = parked(timed_desk, LOTTE, FLOOR)
    assert case.clocks["first_response"].state == "met"


def test_left_lying_it_is_warned_breached_and_escalated(timed_desk: Desk) -> None:
    """C9: at three quarters, at the due, and four open hours later."""
    case = timed_desk.mail_from(LOTTE).case
    timed_desk.it_is("2026-03-03T10:30+01:00")
    zone = at("2026-03-02T09:00+01:00").tzinfo
    notices = [
        (entry.type, f"{entry.at.astimezone(zone):%a %H:%M:%S}")
        for entry in case.events("deadline_warned", "target_breached", "escalation_raised")
        if entry.what["target"] == "first_response"
    ]
    assert notices == [
        ("deadline_warned", "Mon 12:00:00"),
        ("target_breached", "Mon 13:30:02"),
        ("escalation_raised", "Mon 13:30:02"),
        ("escalation_raised", "Tue 09:30:00"),
    ]
    for level, address in enumerate(LEVELS, 1):
        letters = case.mails_to(address, "escalated")
        assert [f"niveau {level}" in letter.subject for letter in letters][:1] == [True]
