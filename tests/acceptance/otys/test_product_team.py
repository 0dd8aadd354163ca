"""O5, C7: what the product team reviews, plans and releases, and what the contact hears."""

import pytest

from tests.acceptance.otys.people import LOTTE, NADIA, PRIYA, PRODUCT, ROOS
from tests.acceptance.otys.steps import plan, taken_up, with_product
from tests.support.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_passed_to_the_product_team_it_is_reviewed(desk: Desk) -> None:
    """O5, C7: by handing it to them; they are told, and so is the contact."""
    case = with_product(desk, LOTTE, ROOS)
    assert (case.status, case.told.team) == ("product_review", "product")
    assert "is now with Product team" in case.mail_to(PRODUCT, "arrived_at_team").text
    assert "samen met de ontwikkelaars" in case.mail_to(LOTTE, "product_review").text
    assert case.clocks["resolution"].state == "paused"


def test_a_question_is_not_reviewed(desk: Desk) -> None:
    """O5: it is answered; handed to the product team, it stays what it is."""
    case = taken_up(desk, NADIA, ROOS, "question")
    case.agent(ROOS).assigns("product")
    assert case.status == "in_progress"


def test_approved_for_development_it_gets_a_week(desk: Desk) -> None:
    """O5, C15: not without one, nor without a word; the contact sees both."""
    case = with_product(desk, NADIA, ROOS)
    missing = case.agent(PRIYA).tries.takes_step("plan", "Approved.")
    assert (missing.status, missing.field, missing.rule) == ("refused", "planned_week", "required")
    silent = case.agent(PRIYA).tries.takes_step("plan", planned_week="2026-W13")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    plan(case, "2026-W13", "In de release van maart.")
    letter = case.mail_to(NADIA, "planned")
    assert "goedgekeurd voor ontwikkeling" in letter.text
    assert "In de release van maart." in letter.text
    told = case.seen_by(NADIA)
    assert told is not None
    assert told.fields["planned_week"] == "2026-W13"


def test_a_planned_case_may_slip_and_the_contact_is_told(desk: Desk) -> None:
    """O5: to a later week, with the reason; it stays planned."""
    case = with_product(desk, NADIA, ROOS)
    plan(case, "2026-W13")
    case.agent(PRIYA).takes_step("plan_again", "Testen duurt langer.", planned_week="2026-W22")
    assert case.status == "planned"
    assert case.told.fields["planned_week"] == "2026-W22"
    letter = case.mail_to(NADIA, "planned_again")
    assert "Testen duurt langer." in letter.text
    assert len(case.mails_to(NADIA, "planned")) == 1


@pytest.mark.parametrize("planned", [False, True])
def test_what_is_not_developed_is_told_with_the_reason(desk: Desk, planned: bool) -> None:
    """O5: after the review, or though it had been planned."""
    case = with_product(desk, NADIA, ROOS)
    if planned:
        plan(case, "2026-W13")
    silent = case.agent(PRIYA).tries.takes_step("not_developed")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.agent(PRIYA).takes_step("not_developed", "Er is een goede andere manier.")
    assert case.status == "solved"
    letter = case.mail_to(NADIA, "not_developed")
    assert "Er is een goede andere manier." in letter.text
    assert case.mails_to(NADIA, "solved") == []


def test_handed_back_the_help_desk_goes_on(desk: Desk) -> None:
    """O5, C7: it was no matter for the product team after all."""
    case = with_product(desk, LOTTE, ROOS)
    case.agent(PRIYA).takes_step("hand_back")
    assert (case.status, case.told.team) == ("in_progress", "helpdesk")
    assert case.clocks["resolution"].state == "running"


def test_no_contact_plans(desk: Desk) -> None:
    """O5, C6: the week is the product team's; what they think of it stays inside."""
    case = with_product(desk, LOTTE, ROOS)
    answer = case.contact(LOTTE).tries.fills_in(planned_week="2026-W10")
    assert (answer.status, answer.field) == ("refused", "planned_week")
    case.agent(PRIYA).fills_in(review="Large, in the old editor.")
    told = case.seen_by(LOTTE)
    assert told is not None
    assert "review" not in told.fields
    assert case.told.fields["review"] == "Large, in the old editor."
