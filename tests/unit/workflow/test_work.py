"""D9, D10, D19, O3: work booked, what is free and billed of it, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from case_events.contracts.approvals import ApprovalRequested, GrantApproval
from case_events.contracts.cases import StatusChanged
from case_events.contracts.parts import WorkPart
from case_events.contracts.work import CorrectWork, LogWork, WorkCorrected, WorkLogged

from tests.unit.workflow.workflow_desk import START, ZOE, Desk
from tests.unit.workflow.working_desk import correct, log, reason_of, request, working

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""In office hours."""


def logged(desk: Desk, command: LogWork) -> WorkLogged:
    """The one booking that follows."""
    event = desk.ask(command)[0]
    assert isinstance(event, WorkLogged), event
    return event


def test_work_within_what_is_approved_is_on_the_account() -> None:
    desk = working()
    event = logged(desk, log(90))
    assert (event.entry, event.minutes, event.approval) == (1, 90, "thinking")
    assert (event.billable, event.why) == (True, "standard")
    assert event.began == START + timedelta(minutes=2 - 90)
    assert desk.snapshot_state.case.ledger.left("thinking") == 30


def test_work_beyond_it_is_refused_and_says_by_how_much() -> None:
    desk = working()
    desk.ask(log(90))
    assert desk.refused(log(50)) == ("not_allowed", "minutes", "approved")
    assert "20 minutes too much" in reason_of(desk, log(50))
    assert logged(desk, log(30)).approval == "thinking"
    assert desk.refused(log(1)) == ("not_allowed", "minutes", "approved")


def test_other_work_needs_its_own_approval() -> None:
    """D9: no building before its estimate is approved, whatever is left of the thinking."""
    desk = working()
    assert desk.refused(log(10, "building")) == ("not_allowed", "minutes", "approved")
    desk.ask(request("building", 60))
    desk.ask(GrantApproval(request=1), ZOE)
    assert logged(desk, log(60, "building")).approval == "building"
    assert desk.snapshot_state.case.ledger.left("thinking") == 120


def test_the_first_minutes_are_free_and_the_last_of_them_asks_to_go_on() -> None:
    """O3."""
    desk = working("question", "small", "zoe")
    first = logged(desk, log(20, began=FRIDAY))
    assert (first.parts, first.allowance_left) == ((WorkPart(20, free=True),), 10)
    assert desk.refused(log(11)) == ("not_allowed", "minutes", "approved")
    facts = desk.ask(log(10))
    assert isinstance(facts[0], WorkLogged)
    assert facts[0].approval == ""
    assert facts[1:] == [
        ApprovalRequested(1, "more", 60, reason="ask_approval"),
        StatusChanged("asked", "new", "wait", reason="approval_requested"),
    ]
    desk.ask(GrantApproval(request=1), ZOE)
    paid = logged(desk, log(60, began=FRIDAY))
    assert (paid.parts, paid.approval, paid.allowance) == ((WorkPart(60),), "more", "")


def test_what_is_free_by_a_rule_takes_no_free_minutes_and_needs_no_approval() -> None:
    """D11: a question under an SLA."""
    event = logged(working("question", "acme", "anna"), log(300, began=START - timedelta(hours=6)))
    assert (event.billable, event.why, event.approval, event.allowance) == (False, "sla", "", "")


@pytest.mark.parametrize(
    ("began", "minutes", "parts"),
    [
        # Friday 20 November 2026, an hour before the office closes.
        ("2026-11-20T15:00", 120, (WorkPart(60), WorkPart(60, 50))),
        ("2026-11-20T20:30", 60, (WorkPart(30, 50), WorkPart(30, 100))),
        ("2026-11-22T10:00", 60, (WorkPart(60, 100),)),
        ("2026-11-20T10:00", 60, (WorkPart(60),)),
        ("2026-11-20T15:59:59", 2, (WorkPart(1), WorkPart(1, 50))),
    ],
)
def test_surcharges_follow_the_calendars(
    began: str, minutes: int, parts: tuple[WorkPart, ...]
) -> None:
    """D19: by the minute, on the clock of the desk."""
    at = datetime.fromisoformat(began).replace(tzinfo=UTC)
    assert logged(working(), log(minutes, began=at)).parts == parts


def test_travel_and_whole_days_carry_no_surcharge() -> None:
    sunday = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert logged(working(), log(60, "travel", began=sunday)).parts == (WorkPart(60),)
    desk = working("visit")
    desk.ask(request("days", 960))
    desk.ask(GrantApproval(request=1), ZOE)
    assert logged(desk, log(960, "on_site", began=sunday)).parts == (WorkPart(960),)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (log(10, "painting"), ("invalid", "kind", "options")),
        (log(10, "on_site"), ("invalid", "kind", "options")),
        (log(0), ("invalid", "minutes", "range")),
        (log(44_641), ("invalid", "minutes", "range")),
        (log(10, began=START + timedelta(days=1)), ("invalid", "began", "past")),
        (LogWork(minutes=10, kind="thinking"), ("invalid", "text", "required")),
        (correct(7, 5), ("unknown", "entry", "known")),
    ],
)
def test_what_cannot_be_booked_is_refused(
    command: LogWork | CorrectWork, refusal: tuple[str, str, str]
) -> None:
    assert working().refused(command) == refusal


def test_days_are_booked_whole() -> None:
    assert working("visit").refused(log(100, "on_site")) == ("invalid", "minutes", "whole_days")


def test_contacts_book_nothing_and_incidents_take_no_work() -> None:
    assert working().refused(log(10), ZOE) == ("not_allowed", "command", "by")
    desk = working("incident", fields={"title": "Noise"})
    assert desk.refused(log(10)) == ("not_allowed", "case_type", "work")


def test_a_correction_is_a_fact_that_names_its_entry() -> None:
    desk = working()
    first = logged(desk, log(90))
    (event,) = desk.ask(correct(1, 30))
    assert isinstance(event, WorkCorrected)
    assert (event.entry, event.minutes, event.began) == (1, 30, first.began)
    ledger = desk.snapshot_state.case.ledger
    assert (ledger.work_minutes, ledger.left("thinking"), ledger.next_entry) == (30, 90, 2)
    assert desk.unchanged(correct(1, 30))
    assert desk.refused(correct(1, 121)) == ("not_allowed", "minutes", "approved")
    assert isinstance(desk.ask(correct(1, 0))[0], WorkCorrected)
    assert desk.snapshot_state.case.ledger.left("thinking") == 120


def test_a_correction_says_why() -> None:
    desk = working()
    desk.ask(log(90))
    assert desk.refused(CorrectWork(entry=1, minutes=3)) == ("invalid", "text", "required")


def test_of_two_agents_who_book_the_last_hour_one_gets_it() -> None:
    """Both looked at the same case; the second is told what is left now."""
    desk = working()
    seen = desk.version
    assert isinstance(desk.ask(log(120, seen=seen))[0], WorkLogged)
    assert desk.refused(log(120, seen=seen)) == ("not_allowed", "minutes", "approved")
    assert "0 minutes left" in reason_of(desk, log(120, seen=seen))
