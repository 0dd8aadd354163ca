"""H3, C8: what happens by itself once a case is solved."""

from datetime import datetime

import pytest

from tests.acceptance.helpcenter.conftest import simulated
from tests.acceptance.helpcenter.people import ADDRESS, FLOOR, GEERT, INEKE, LOTTE
from tests.acceptance.helpcenter.steps import reopen, solve, taken_up
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Entry

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def closing(case: Case) -> list[Entry]:
    """Each time that the two days had gone by."""
    fired = case.events("timer_fired")
    return [entry for entry in fired if entry.what["timer"] == "close_when_solved"]


def test_two_days_after_it_was_solved_a_case_is_closed(timed_desk: Desk) -> None:
    """H3, C8, C11: not a minute earlier, by nobody, and the contact is told once."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    timed_desk.it_is("2026-03-02T10:00+01:00")
    solve(case, FLOOR)
    timed_desk.it_is("2026-03-04T09:59+01:00")
    assert case.status == "solved"
    timed_desk.it_is("2026-03-04T10:00:05+01:00")
    assert case.status == "closed"
    closed = case.events("status_changed")[-1]
    assert (closed.who.kind, closed.what["reason"]) == ("system", "timer:close_when_solved")
    assert len(case.mails_to(LOTTE, "closed")) == 1
    (fired,) = closing(case)
    assert at(fired.what["due_at"]) == at("2026-03-04T10:00+01:00")
    assert [entry.type for entry in case.history_for(LOTTE) if entry.type == "timer_fired"] == []
    timed_desk.time_passes(days=10)
    assert len(closing(case)) == 1
    assert case.flaws == []


def test_nights_weekends_and_holidays_count() -> None:
    """H3: from Friday before the weekend, elapsed time."""
    with simulated(at("2026-03-06T15:30+01:00")) as driver:
        desk = Desk(driver, ADDRESS, GEERT)
        case = taken_up(desk, INEKE, FLOOR)
        solve(case, FLOOR)
        desk.it_is("2026-03-08T15:31+01:00")
        assert case.status == "closed"


def test_over_the_change_of_the_clocks_it_is_forty_eight_hours_all_the_same() -> None:
    """H3: a day of 23 hours does not shorten it."""
    with simulated(at("2026-03-28T12:00+01:00")) as driver:
        desk = Desk(driver, ADDRESS, GEERT)
        case = taken_up(desk, INEKE, FLOOR)
        solve(case, FLOOR)
        desk.it_is("2026-03-30T12:59+02:00")
        assert case.status == "solved"
        desk.it_is("2026-03-30T13:01+02:00")
        assert case.status == "closed"


def test_who_reopens_it_has_the_whole_time_again_when_it_is_solved_anew(timed_desk: Desk) -> None:
    """H3: a solved case can be reopened; its timer ends there."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    solve(case, FLOOR)
    timed_desk.time_passes(hours=47)
    reopen(case, LOTTE)
    timed_desk.time_passes(hours=47)
    assert case.status == "open"
    solve(case, FLOOR)
    timed_desk.time_passes(hours=47)
    assert case.status == "solved"
    timed_desk.time_passes(hours=2)
    assert case.status == "closed"


@pytest.mark.parametrize("service", ["sla", "workflow"])
def test_it_is_closed_once_whoever_was_down_meanwhile(timed_desk: Desk, service: str) -> None:
    """H3, C8: surviving restarts, firing once."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    solve(case, FLOOR)
    timed_desk.stops(service)
    timed_desk.time_passes(days=4)
    timed_desk.starts(service)
    timed_desk.time_passes(minutes=1)
    assert case.status == "closed"
    assert len(closing(case)) == 1
    assert len(case.mails_to(LOTTE, "closed")) == 1
