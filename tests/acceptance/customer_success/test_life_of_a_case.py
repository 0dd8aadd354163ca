"""C3, C6, C7, C9, C11, S2, S5, S8: from registered to closed, by whom and with what."""

from datetime import datetime

import pytest

from tests.acceptance.customer_success.people import (
    ADDRESS,
    AISHA,
    DESK,
    JEROEN,
    KARIM,
    LEVELS,
    LIAM,
    LOTTE,
    MEREL,
    SPECIALISTS,
    TENANT,
)
from tests.acceptance.customer_success.steps import assessed, incident, question, solve
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat
PICTURE = File("rooster één.png", bytes(range(256)), "image/png")


def taken_up(desk: Desk) -> Case:
    """A case that an agent works on."""
    case = desk.mail_from(LOTTE).case
    case.agent(MEREL).takes_up()
    return case


@pytest.mark.main_path
def test_from_a_mail_to_the_closed_case(desk: Desk) -> None:
    """S1, S2, S3, S5, S8, C1, C2, C3, C4, C6, C7, C11: the main story of this desk."""
    case = desk.mail_from(LOTTE, "Het rooster is leeg", "Sinds vanmorgen.").case
    assert case.reference.startswith("HD-")
    registered = case.mail_to(LOTTE, "registered")
    assert registered.sender == ADDRESS
    assert case.reference in registered.text
    assert (case.status, case.priority, case.shown.team) == ("received", "unassessed", "desk")
    assert set(case.clocks) == {"assessment", "next_response"}

    case.agent(MEREL).classifies("incident")
    case.agent(MEREL).sets_priority("P2")
    assert case.clocks["assessment"].state in ("met", "breached")
    assert "first_response" in case.clocks
    case.agent(MEREL).assigns("specialists", to=AISHA)
    assert case.mail_to(AISHA, "assigned")
    assert "Aisha Haddad" in case.mail_to(LOTTE, "specialist").text

    case.agent(AISHA).takes_up()
    case.agent(AISHA).asks("Welke week?")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert (shown.status, shown.stands_out) == ("waiting", True)
    letter = case.mail_to(LOTTE, "waiting")
    case.contact(LOTTE).replies_by_mail("Week 10.", to=letter, by="token", attachments=[PICTURE])
    assert case.status == "in_progress"
    assert "Week 10." in case.mail_to(AISHA, "contact_wrote").text

    solve(case, AISHA, "De diensten staan er weer in.")
    assert "De diensten staan er weer in." in case.mail_to(LOTTE, "solved").text
    case.contact(LOTTE).agrees()
    assert case.status == "closed"
    assert case.comments == ["Welke week?", "Week 10.", "De diensten staan er weer in."]
    assert {entry.definition for entry in case.history} == {f"{TENANT}/1"}
    assert case.reference in desk.cases_of(LOTTE, "closed")
    assert case.flaws == []


def test_registered_then_assigned_to_a_specialist(desk: Desk) -> None:
    """S5, C3: the confirmation comes at once; who handles it is told by name."""
    case = desk.form_from(KARIM, incident())
    assert [letter.notice for letter in case.mails_to(KARIM)] == ["registered"]
    case.agent(JEROEN).assigns("desk", to=JEROEN)
    assert case.mails_to(KARIM, "specialist") == []
    case.agent(JEROEN).assigns("specialists")
    assert case.mail_to(SPECIALISTS, "arrived_at_team")
    assert case.mails_to(KARIM, "specialist") == []
    case.agent(AISHA).assigns("specialists", to=AISHA)
    assert "Specialisten" in case.mail_to(KARIM, "specialist").text


def test_invoicing_goes_to_specialists_by_rule(desk: Desk) -> None:
    """C7: an incident with invoices is theirs from the start, and they are told."""
    case = desk.form_from(LOTTE, incident(module="invoicing"))
    assert case.shown.team == "specialists"
    assert case.mail_to(SPECIALISTS, "arrived_at_team")
    assert desk.form_from(LOTTE, incident(module="reports")).shown.team == "desk"


def test_second_and_third_line(desk: Desk) -> None:
    """C7: on to development; an agent gets only the cases of their own teams."""
    case = taken_up(desk)
    answer = case.agent(MEREL).tries.assigns("development", to=AISHA)
    assert (answer.status, answer.field) == ("refused", "agent")
    case.agent(MEREL).assigns("development", to=LIAM)
    assert (case.shown.team, case.shown.agent) == ("development", LIAM.id)
    assert "has been assigned to you" in case.mail_to(LIAM, "assigned").text


@pytest.mark.by_platform("C6")
def test_a_contact_adds_a_comment_and_an_attachment(desk: Desk) -> None:
    """S8, C6: to their own case, in the portal; who works on it is told."""
    case = desk.form_from(LOTTE, question())
    case.agent(MEREL).assigns("desk", to=MEREL)
    case.contact(LOTTE).comments("See the picture.", [PICTURE])
    comment = case.event("comment_added")
    assert (comment.who.id, comment.who.capacity) == (LOTTE.id, "contact")
    for reader in (LOTTE, MEREL):
        assert case.file_for(reader, comment.files[0].sha256) == PICTURE.data
    assert "See the picture." in case.mail_to(MEREL, "contact_wrote").text


@pytest.mark.by_platform("S8")
def test_an_overview_of_all_own_cases(desk: Desk) -> None:
    """S8: all of them, the closed ones too."""
    first, second = desk.mail_from(KARIM).case, desk.form_from(KARIM, question())
    first.contact(KARIM).closes()
    assert {first.reference, second.reference} <= set(desk.cases_of(KARIM))
    assert second.reference in desk.cases_of(KARIM, "active")
    assert first.reference in desk.cases_of(KARIM, "closed")
    assert first.reference not in desk.cases_of(KARIM, "active")


def test_a_first_answer_takes_the_case_up(desk: Desk) -> None:
    """C7: whoever answers is working on it; the contact gets one mail, with the answer."""
    case = desk.mail_from(LOTTE).case
    case.agent(MEREL).comments("Have you tried the button on the left?")
    assert case.status == "in_progress"
    assert [letter.notice for letter in case.mails_to(LOTTE)] == ["registered", "answer"]


def test_a_contact_who_is_not_helped_reopens(desk: Desk) -> None:
    """C6: by saying so, or by answering the mail, which is confirmed; the desk is told."""
    case = taken_up(desk)
    solve(case, MEREL)
    case.contact(LOTTE).rejects("It is still empty.")
    assert case.status == "in_progress"
    assert case.mails_to(LOTTE, "reopened") == []
    solve(case, MEREL)
    case.contact(LOTTE).replies_by_mail("And now it is gone.", by="token")
    assert case.status == "in_progress"
    assert case.mail_to(LOTTE, "reopened")
    assert len(case.mails_to(DESK, "contact_wrote")) == 2


@pytest.mark.parametrize(("act", "status"), [("closes", "closed"), ("cancels", "cancelled")])
def test_the_contact_closes_or_withdraws(desk: Desk, act: str, status: str) -> None:
    """C6: two acts; afterwards nothing more can be asked of the case."""
    case = taken_up(desk)
    getattr(case.contact(LOTTE), act)()
    assert (case.status, case.shown.status_kind) == (status, "final")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert shown.steps == []
    answer = case.agent(MEREL).tries.takes_step("take_up")
    assert (answer.status, answer.rule) == ("refused", "from")
    assert [letter.notice for letter in case.mails_to(LOTTE)] == ["registered"]


def test_what_steps_ask_for(desk: Desk) -> None:
    """C6, C15: a solution is put into words; steps are for whom the definition says."""
    case = taken_up(desk)
    empty = case.agent(MEREL).tries.takes_step("solve")
    assert (empty.status, empty.field, empty.rule) == ("refused", "text", "required")
    early = case.contact(LOTTE).tries.agrees()
    assert (early.status, early.rule) == ("refused", "from")
    theirs = case.agent(MEREL).tries.takes_step("cancel")
    assert (theirs.status, theirs.rule) == ("refused", "by")
    assert case.status == "in_progress"


def test_the_sla_counts_on_while_the_case_is_with_the_desk(timed_desk: Desk) -> None:
    """C8: five working days for P3, standing still while it waits for the contact."""
    case = assessed(timed_desk, LOTTE, MEREL, "P3")
    assert case.due("resolution") == at("2026-03-09T09:00+01:00")
    case.agent(MEREL).takes_up()
    timed_desk.it_is("2026-03-02T11:00+01:00")
    case.agent(MEREL).asks("Which week?")
    assert case.clocks["resolution"].state == "paused"
    timed_desk.it_is("2026-03-03T11:00+01:00")
    case.contact(LOTTE).replies_by_mail("Week 10.", by="token")
    assert case.due("resolution") == at("2026-03-10T09:00+01:00")
    assert case.due("next_response") == at("2026-03-04T11:00+01:00")


def test_the_ladder_climbs_by_priority(timed_desk: Desk) -> None:
    """C9: a critical case goes to the manager after a quarter of an hour, others after one."""
    critical = assessed(timed_desk, KARIM, MEREL, "P1")
    urgent = assessed(timed_desk, KARIM, MEREL, "P2")
    timed_desk.it_is("2026-03-02T15:00+01:00")
    zone = at("2026-03-02T09:00+01:00").tzinfo
    raised = {
        case.priority: [
            (entry.what["level"], f"{entry.at.astimezone(zone):%H:%M:%S}")
            for entry in case.events("escalation_raised")
        ]
        for case in (critical, urgent)
    }
    assert raised == {
        "P1": [(1, "09:07:30"), (2, "09:30:00"), (3, "13:15:00")],
        "P2": [(1, "10:00:02"), (2, "11:00:00"), (3, "14:00:00")],
    }
    for case in (critical, urgent):
        for level, address in enumerate(LEVELS, 1):
            [letter] = case.mails_to(address, "escalated")
            assert str(level) in letter.subject
    critical.agent(MEREL).comments("We are sorry for the wait.")
    assert [len(critical.mails_to(address, "answered_late")) for address in LEVELS] == [1, 1, 1]
