"""O5, C7: what the product team reviews, plans and releases, and what the contact hears."""

import pytest

from tests.acceptance.otys.people import LOTTE, NADIA, PRIYA, PRODUCT, ROOS
from tests.acceptance.otys.steps import plan, taken_up, with_product
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_passed_to_the_product_team_it_is_reviewed(desk: Desk) -> None:
    """O5, C7: by handing it to them; they are told, and so is the contact."""
    case = with_product(desk, LOTTE, ROOS)
    assert (case.status, case.shown.team) == ("product_review", "product")
    assert "is now with Product team" in case.mail_to(PRODUCT, "arrived_at_team").text
    assert "samen met de ontwikkelaars" in case.mail_to(LOTTE, "product_review").text
    assert case.clocks["resolution"].state == "paused"


def test_a_question_is_not_reviewed(desk: Desk) -> None:
    """O5: it is answered; handed to the product team, it stays what it is."""
    case, bug = taken_up(desk, NADIA, ROOS, "question"), with_product(desk, NADIA, ROOS)
    case.agent(ROOS).assigns("product")
    assert (case.status, bug.status) == ("in_progress", "product_review")


def test_approved_for_development_it_gets_a_week(desk: Desk) -> None:
    """O5, C15: not without one, nor without a word; it stands at the top of the case."""
    case = with_product(desk, NADIA, ROOS)
    assert case.mail_to(PRIYA, "to_decide")
    missing = case.agent(PRIYA).tries.decides("development", "yes", answer="Approved.")
    assert (missing.status, missing.field, missing.rule) == ("refused", "release", "required")
    silent = case.agent(PRIYA).tries.decides("development", "yes", week="2026-W13")
    assert (silent.status, silent.field, silent.rule) == ("refused", "answer", "required")
    plan(case, "2026-W13", "In de release van maart.")
    letter = case.mail_to(NADIA, "planned")
    assert "goedgekeurd voor ontwikkeling" in letter.text
    assert "week 13 van 2026" in letter.subject
    assert "In de release van maart." in letter.text
    shown = case.seen_by(NADIA)
    assert shown is not None
    assert shown.status == "planned"
    assert shown.release is not None
    assert (shown.release.release, shown.release.week) == ("2026-03", "2026-W13")


def test_only_the_product_team_approves(desk: Desk) -> None:
    """O5, C15: for a release that there is, and that is not over."""
    case = with_product(desk, NADIA, ROOS)
    other = case.agent(ROOS).tries.decides("development", "yes", answer="Ja.", week="2026-W13")
    assert (other.status, other.rule) == ("refused", "role")
    for release, week, field, rule in (
        ("2026-04", "", "release", "known"),
        ("2026-01", "", "release", "coming"),
        ("2026-03", "2026-W20", "week", "within"),
    ):
        answer = case.agent(PRIYA).tries.decides(
            "development", "yes", answer="Ja.", release=release, week=week
        )
        assert (answer.status, answer.field, answer.rule) == ("refused", field, rule)
    assert case.status == "product_review"


def test_a_planned_case_may_slip_and_the_contact_is_told(desk: Desk) -> None:
    """O5: to the next cycle, with the reason; it stays planned."""
    case = with_product(desk, NADIA, ROOS)
    plan(case, "2026-W13")
    silent = case.agent(PRIYA).tries.slips("")
    assert (silent.field, silent.rule) == ("reason", "string_too_short")
    assert silent.status == "refused"
    earlier = case.agent(PRIYA).tries.slips("Hm.", release="2026-03")
    assert (earlier.status, earlier.rule) == ("refused", "later")
    case.agent(PRIYA).slips("Testen duurt langer.")
    shown = case.seen_by(NADIA)
    assert shown is not None
    assert shown.status == "planned"
    assert shown.release is not None
    assert (shown.release.release, shown.release.week) == ("2026-05", "2026-W22")
    assert shown.release.slipped == 1
    letter = case.mail_to(NADIA, "slipped")
    assert "Testen duurt langer." in letter.text
    assert "niet uit in week 13 van 2026" in letter.text
    assert len(case.mails_to(NADIA, "planned")) == 1


def test_planned_anew_the_contact_is_told_each_time(desk: Desk) -> None:
    """O5: an agent may also say another week, of this cycle or another."""
    case = with_product(desk, NADIA, ROOS)
    plan(case, "2026-W13")
    case.agent(PRIYA).plans(week="2026-W11")
    assert case.agent(PRIYA).plans(week="2026-W11").status == "unchanged"
    assert ["week 13" in one.subject for one in case.mails_to(NADIA, "planned")] == [True, False]
    theirs = case.contact(NADIA).tries.plans(week="2026-W10")
    assert theirs.status == "refused"


def test_what_is_not_in_its_release_slips_by_itself(timed_desk: Desk) -> None:
    """O5, C8: when the cycle is over, once for each cycle, until it is released."""
    case = with_product(timed_desk, NADIA, ROOS)
    plan(case, "2026-W13")
    timed_desk.it_is("2026-03-31T23:59+02:00")
    assert case.mails_to(NADIA, "slipped") == []
    timed_desk.it_is("2026-04-01T00:00:05+02:00")
    letter = case.mail_to(NADIA, "slipped")
    assert "verwacht in week 22 van 2026" in letter.subject
    assert case.status == "planned"
    assert "release_passed" not in [entry.type for entry in case.history_for(NADIA)]
    timed_desk.it_is("2026-06-02T09:00+02:00")
    assert len(case.mails_to(NADIA, "slipped")) == 2
    case.agent(PRIYA).takes_step("release", "Het cv opent weer.")
    timed_desk.it_is("2026-08-03T09:00+02:00")
    assert len(case.mails_to(NADIA, "slipped")) == 2
    release = case.shown.release
    assert release is not None
    assert (release.release, release.slipped, release.released_at is not None) == (
        "2026-07",
        2,
        True,
    )
    assert case.flaws == []


def test_what_is_given_up_does_not_slip(timed_desk: Desk) -> None:
    """O5: nor does what the contact withdrew."""
    given_up, withdrawn = (with_product(timed_desk, NADIA, ROOS) for _ in range(2))
    for case in (given_up, withdrawn):
        plan(case, "2026-W13")
    given_up.agent(PRIYA).takes_step("not_developed_after_all", "Er is een andere manier.")
    withdrawn.contact(NADIA).cancels()
    timed_desk.it_is("2026-04-02T09:00+02:00")
    for case in (given_up, withdrawn):
        assert case.mails_to(NADIA, "slipped") == []


@pytest.mark.parametrize("planned", [False, True])
def test_what_is_not_developed_is_told_with_the_reason(desk: Desk, planned: bool) -> None:
    """O5: after the review, or though it had been planned."""
    case = with_product(desk, NADIA, ROOS)
    reason = "Er is een goede andere manier."
    if planned:
        plan(case, "2026-W13")
        silent = case.agent(PRIYA).tries.takes_step("not_developed_after_all")
        assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
        case.agent(PRIYA).takes_step("not_developed_after_all", reason)
    else:
        case.agent(PRIYA).decides("development", "no", "SECRET: too dear.", answer=reason)
    assert case.status == "solved"
    letter = case.mail_to(NADIA, "not_developed")
    assert reason in letter.text
    assert "SECRET" not in letter.text
    assert case.mails_to(NADIA, "solved") == []


def test_handed_back_the_help_desk_goes_on(desk: Desk) -> None:
    """O5, C7: it was no matter for the product team after all."""
    case = with_product(desk, LOTTE, ROOS)
    case.agent(PRIYA).takes_step("hand_back")
    assert (case.status, case.shown.team) == ("in_progress", "helpdesk")
    assert case.clocks["resolution"].state == "running"


def test_what_the_product_team_thinks_stays_inside(desk: Desk) -> None:
    """O5: the contact sees that it was approved, and not why."""
    case = with_product(desk, LOTTE, ROOS)
    case.agent(PRIYA).fills_in(review="Large, in the old editor.")
    plan(case, "2026-W13")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert "review" not in shown.fields
    assert case.shown.fields["review"] == "Large, in the old editor."
    assert [(one.decision, one.state) for one in shown.decisions] == [("development", "yes")]
    assert all("It fits." not in entry.text for entry in case.history_for(LOTTE))
