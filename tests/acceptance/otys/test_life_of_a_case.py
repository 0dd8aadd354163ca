"""O4, O6, C6, C7, C11: from the super user's report to the closed case."""

from datetime import timedelta

import pytest

from tests.acceptance.otys.people import (
    ADDRESS,
    AYSE,
    DENNIS,
    EMILY,
    HELPDESK,
    KEES,
    LOTTE,
    MARIT,
    NADIA,
    ON_CALL,
    PRIYA,
    ROOS,
    TENANT,
)
from tests.acceptance.otys.steps import form, plan, solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File

pytestmark = pytest.mark.acceptance

CV = File("cv één.pdf", bytes(range(256)), "application/pdf")


@pytest.mark.main_path
def test_from_a_bug_to_the_closed_case(desk: Desk) -> None:
    """O5, O6, C2, C3, C4, C6, C7, C8, C11: the main story of this help desk."""
    case = desk.form_from(LOTTE, form("bug", part="candidates"))
    assert case.reference.startswith("WW-")
    received = case.mail_to(LOTTE, "received")
    assert received.sender == ADDRESS
    assert case.reference in received.text
    assert (case.status, case.priority, case.shown.team) == ("new", "normal", "helpdesk")
    assert set(case.clocks) == {"first_response", "next_response", "resolution"}

    case.agent(ROOS).takes_up()
    case.agent(ROOS).assigns("helpdesk", to=ROOS)
    case.agent(ROOS).asks("Welke browser gebruik je?")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert (shown.status, shown.stands_out) == ("waiting", True)
    letter = case.mail_to(LOTTE, "waiting")
    case.contact(LOTTE).replies_by_mail("Firefox.", to=letter, by="token", attachments=[CV])
    assert case.status == "in_progress"

    case.agent(ROOS).assigns("product", to=PRIYA)
    assert case.status == "product_review"
    assert "productteam" in case.mail_to(LOTTE, "product_review").text
    week = (desk.now + timedelta(weeks=3)).strftime("%G-W%V")
    plan(case, week, "Komt in de volgende release.")
    assert case.status == "planned"
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert shown.release is not None
    assert shown.release.week == week
    case.agent(PRIYA).takes_step("release", "Het cv opent weer in elke browser.")
    assert "opent weer" in case.mail_to(LOTTE, "released").text

    case.contact(LOTTE).closes()
    assert case.status == "closed"
    asked = case.mail_to(LOTTE, "rating_asked").text
    assert desk.driver.visitor().rates(asked, 5, "Snel en vriendelijk.").status == "done"
    shown = case.seen_by(ROOS)
    assert shown is not None
    assert shown.rating is not None
    assert shown.rating.stars == 5
    assert [entry.after for entry in case.events("status_changed")] == [
        "new", "in_progress", "waiting", "in_progress", "product_review", "planned", "solved",
        "closed",
    ]  # fmt: skip
    assert {entry.definition for entry in case.history} == {f"{TENANT}/1"}
    assert case.reference in desk.cases_of(LOTTE, "closed")
    assert case.flaws == []


def test_the_contact_closes_what_is_solved(desk: Desk) -> None:
    """O6, C6: not the desk, which waits for it; a reply or a reopening goes on instead."""
    case = taken_up(desk, NADIA, ROOS)
    solve(case, ROOS)
    shown = case.seen_by(NADIA)
    assert shown is not None
    assert (shown.status, shown.waits_for, shown.stands_out) == ("solved", "contact", True)
    case.contact(NADIA).takes_step("reopen", "It is empty again.")
    assert case.status == "in_progress"
    solve(case, ROOS)
    case.contact(NADIA).replies_by_mail("Still empty.", by="token")
    assert case.status == "in_progress"
    assert case.mail_to(NADIA, "reopened")
    solve(case, ROOS)
    case.contact(NADIA).closes()
    shown = case.seen_by(NADIA)
    assert shown is not None
    assert (shown.status, shown.status_kind, shown.steps) == ("closed", "final", [])
    assert shown.may_rate
    again = case.contact(NADIA).tries.takes_step("reopen", "Once more.")
    assert (again.status, again.rule) == ("refused", "from")


def test_who_closes_a_case_is_asked_to_rate_it(desk: Desk) -> None:
    """O6: the desk sees it at once, the agent is told; the last rating counts."""
    case = taken_up(desk, NADIA, ROOS)
    case.agent(ROOS).assigns("helpdesk", to=ROOS)
    solve(case, ROOS)
    early = case.contact(NADIA).tries.rates(5)
    assert (early.status, early.rule) == ("refused", "statuses")
    assert case.mails_to(NADIA, "rating_asked") == []
    case.contact(NADIA).closes()
    assert case.mail_to(NADIA, "rating_asked")
    shown = case.seen_by(NADIA)
    assert shown is not None
    assert shown.may_rate
    case.contact(NADIA).rates(2, "Het duurde een week.")
    assert case.shown.rating is not None
    assert case.shown.rating.stars == 2
    letter = case.mail_to(ROOS, "rated")
    assert "met 2" in letter.subject
    assert "Het duurde een week." in letter.text
    case.contact(NADIA).rates(4, "Toch goed opgelost.")
    assert case.shown.rating.stars == 4
    assert [entry.text for entry in case.events("case_rated")] == [
        "Het duurde een week.", "Toch goed opgelost."
    ]  # fmt: skip


def test_what_the_desk_closes_or_a_contact_withdraws_is_not_rated(desk: Desk) -> None:
    """O6: only who closes is asked."""
    theirs, withdrawn, closed = (taken_up(desk, NADIA, ROOS) for _ in range(3))
    theirs.agent(ROOS).takes_step("close_by_desk", "No answer for a month.")
    withdrawn.contact(NADIA).cancels()
    closed.contact(NADIA).closes()
    assert closed.mail_to(NADIA, "rating_asked")
    for case in (theirs, withdrawn):
        assert case.mails_to(NADIA, "rating_asked") == []


@pytest.mark.parametrize(("act", "status"), [("closes", "closed"), ("cancels", "cancelled")])
def test_the_contact_ends_a_case_in_any_status(desk: Desk, act: str, status: str) -> None:
    """C6: two acts; afterwards nothing more can be asked of it."""
    fresh, running = desk.form_from(AYSE, form()), taken_up(desk, AYSE, ROOS)
    for case in (fresh, running):
        getattr(case.contact(AYSE), act)()
        assert (case.status, case.shown.status_kind) == (status, "final")
        answer = case.agent(ROOS).tries.takes_step("take_up")
        assert (answer.status, answer.rule) == ("refused", "from")


def test_what_steps_ask_for(desk: Desk) -> None:
    """C6, C15: solutions and reopenings are put into words; steps are for whom they are."""
    case = taken_up(desk, NADIA, ROOS)
    empty = case.agent(ROOS).tries.takes_step("solve")
    assert (empty.status, empty.field, empty.rule) == ("refused", "text", "required")
    theirs = case.agent(ROOS).tries.takes_step("cancel")
    assert (theirs.status, theirs.rule) == ("refused", "by")
    solve(case, ROOS)
    silent = case.contact(NADIA).tries.takes_step("reopen")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    assert case.status == "solved"


def test_a_first_answer_takes_the_case_up(desk: Desk) -> None:
    """C7: whoever answers is working on it; the contact gets one mail, with the answer."""
    case = desk.mail_from(EMILY).case
    case.agent(ROOS).comments("Have you tried another browser?")
    assert case.status == "in_progress"
    assert [letter.notice for letter in case.mails_to(EMILY)] == ["received", "answer"]


@pytest.mark.parametrize("turned_out", ["question", "service_request"])
@pytest.mark.parametrize("reported", ["bug", "other"])
def test_a_bug_that_is_none_is_reclassified(desk: Desk, reported: str, turned_out: str) -> None:
    """O4, C7: by an agent, on record; a contact does not, and asks for no service request."""
    case = taken_up(desk, NADIA, ROOS, reported)
    answer = case.agent(NADIA).tries.classifies(turned_out)
    assert (answer.status, answer.rule) == ("refused", "capacity")
    case.agent(ROOS).classifies(turned_out)
    assert case.shown.case_type == turned_out
    classified = case.event("case_classified")
    assert (classified.what["previous"], classified.what["case_type"]) == (reported, turned_out)
    assert classified.who.id == ROOS.id
    [refused] = desk.refused_form_from(NADIA, form("service_request"))
    assert (refused.field, refused.rule) == ("type", "created_by")


def test_on_call_and_help_desk(desk: Desk) -> None:
    """C7: assigned to a team and to an agent of it; each is told."""
    case = taken_up(desk, LOTTE, ROOS)
    answer = case.agent(ROOS).tries.assigns("on_call", to=ROOS)
    assert (answer.status, answer.field) == ("refused", "agent")
    case.agent(ROOS).assigns("on_call")
    assert case.mail_to(ON_CALL, "arrived_at_team")
    case.agent(MARIT).assigns("on_call", to=DENNIS)
    assert case.mail_to(DENNIS, "assigned")
    case.agent(DENNIS).assigns("helpdesk")
    assert (case.shown.team, case.shown.agent) == ("helpdesk", "")
    case.contact(LOTTE).comments("See here.", [CV])
    assert "See here." in case.mail_to(HELPDESK, "contact_wrote").text
    for reader in (LOTTE, ROOS):
        assert case.file_for(reader, case.event("comment_added").files[0].sha256) == CV.data


def test_notes_of_colleagues_stay_inside(desk: Desk) -> None:
    """C11: in the history for the desk, and never for a contact."""
    case = taken_up(desk, LOTTE, ROOS)
    case.agent(PRIYA).notes("SECRET: known since the last release.")
    assert any("SECRET" in entry.text for entry in case.history_for(ROOS))
    assert all("SECRET" not in entry.text for entry in case.history_for(LOTTE))
    assert all("SECRET" not in letter.text for letter in case.mails_to(LOTTE))


def test_the_history_says_who_did_what_in_which_capacity(desk: Desk) -> None:
    """C11: through which channel, from which status to which, and nothing was altered."""
    case = desk.form_from(ROOS, form("question", contact=KEES.id))
    case.agent(ROOS).takes_up()
    created, step = case.event("case_created"), case.events("status_changed")[-1]
    assert (created.who.id, created.who.capacity, created.channel) == (ROOS.id, "agent", "phone")
    assert (step.before, step.after, step.who.id) == ("new", "in_progress", ROOS.id)
    assert [entry.version for entry in case.history] == list(range(1, len(case.history) + 1))
    assert case.flaws == []
