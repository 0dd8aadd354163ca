"""O3, O4: a question's first half hour is free, and nobody goes on without approval."""

import pytest

from tests.acceptance.otys.people import HELPDESK, LOTTE, MARK, ROOS
from tests.acceptance.otys.steps import taken_up
from tests.support.desk.scenario import Case, Desk

pytestmark = pytest.mark.acceptance


def half_an_hour(desk: Desk) -> Case:
    """A question of which the free half hour is used."""
    case = taken_up(desk, LOTTE, ROOS, "question")
    case.agent(ROOS).logs(30, "support", "Looked into the matching.")
    return case


def test_the_first_half_hour_costs_nothing(timed_desk: Desk) -> None:
    """O3: in one piece or several; of a longer piece only what is left of it."""
    case = taken_up(timed_desk, LOTTE, ROOS, "question")
    case.agent(ROOS).logs(20, "support")
    answer = case.agent(ROOS).tries.logs(15, "support")
    assert (answer.status, answer.field, answer.rule) == ("refused", "minutes", "approved")
    assert "5 minutes too much" in answer.reason
    case.agent(ROOS).logs(10, "support")
    account = case.account_for(LOTTE)
    assert (account.free, account.used, account.billed) == (30, 0, [])


def test_beyond_it_approval_is_asked_before_work_goes_on(timed_desk: Desk) -> None:
    """O3: by itself, of the super user, by mail; the case waits for them and stands out."""
    case = half_an_hour(timed_desk)
    asked = case.event("approval_requested")
    assert (asked.who.kind, asked.what["minutes"]) == ("system", 60)
    assert (case.status, case.shown.stands_out) == ("waiting", True)
    mail = case.mail_to(LOTTE, "approval_requested")
    assert "1 uur" in mail.text
    assert "standaardtarief" in mail.text
    assert case.agent(ROOS).tries.logs(1, "support").rule == "approved"


def test_with_approval_the_standard_rate_applies(timed_desk: Desk) -> None:
    """O3: to what was approved, and to no minute more."""
    case = half_an_hour(timed_desk)
    case.contact(LOTTE).grants(1)
    assert case.status == "in_progress"
    assert case.mails_to(HELPDESK, "approval_granted")
    case.agent(ROOS).logs(60, "support")
    account = case.account_for(LOTTE)
    assert [(one["minutes"], one["kind"]) for one in account.billed] == [(60, "support")]
    assert account.entries[1]["why"] == "standard_rate"
    assert case.agent(ROOS).tries.logs(1, "support").rule == "approved"


def test_without_it_no_work_goes_on(timed_desk: Desk) -> None:
    """O3: the super user says no, and nobody else of the organisation says yes."""
    case = half_an_hour(timed_desk)
    assert case.contact(MARK).tries.grants(1).rule == "granted_by"
    case.contact(LOTTE).declines(1, "We will find it ourselves.")
    assert case.status == "in_progress"
    assert "find it ourselves" in case.mail_to(HELPDESK, "approval_declined").text
    assert case.agent(ROOS).tries.logs(5, "support").rule == "approved"


def test_a_bug_costs_nothing_until_it_turns_out_to_be_something_else(timed_desk: Desk) -> None:
    """O4: the rate may then apply, and the contact is told."""
    case = taken_up(timed_desk, LOTTE, ROOS)
    case.agent(ROOS).logs(45, "support")
    assert case.account.entries[0]["why"] == "bug"
    case.agent(ROOS).classifies("service_request")
    assert case.mails_to(LOTTE, "reclassified")
    assert case.agent(ROOS).tries.logs(15, "support").rule == "approved"
    case.agent(ROOS).asks_approval("further_work", 30, "A template of your own.")
    case.contact(LOTTE).grants(1)
    case.agent(ROOS).logs(15, "support")
    assert (case.account.used, case.account.left) == (15, 15)
