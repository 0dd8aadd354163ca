"""J5, C6, C7, C9, C11: from the first line's report to the closed case."""

from datetime import datetime

import pytest

from tests.acceptance.jouw_omgeving.people import (
    ADDRESS,
    EVA,
    FENNA,
    JORIS,
    LEVELS,
    LIEKE,
    OUT_OF_HOURS,
    PLATFORM,
    TARIK,
    TENANT,
)
from tests.acceptance.jouw_omgeving.steps import form, incident, solve
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat
LOG = File("fout één.log", b"08:00 ongeldig certificaat\n")


def taken_up(desk: Desk) -> Case:
    """An incident that an agent works on."""
    case = desk.form_from(FENNA, form())
    case.agent(LIEKE).takes_up()
    return case


@pytest.mark.main_path
def test_from_an_incident_to_the_closed_case(desk: Desk) -> None:
    """J2, J3, C2, C3, C4, C6, C7, C8, C11: the main story of this support desk."""
    case = desk.form_from(FENNA, form(impact="high", urgency="medium", component="sign_in"))
    assert case.reference.startswith("PS-")
    registered = case.mail_to(FENNA, "registered")
    assert registered.sender == ADDRESS
    assert case.reference in registered.text
    assert "Prioriteit 2" in registered.text
    assert (case.status, case.priority, case.shown.team) == ("new", "P2", "platform")
    assert set(case.clocks) == {"first_response", "next_response", "resolution"}

    case.agent(LIEKE).takes_up()
    case.agent(LIEKE).assigns("platform", to=LIEKE)
    case.agent(LIEKE).sets_priority("P1")
    assert "Prioriteit 1" in case.mail_to(FENNA, "assessed").subject
    case.agent(LIEKE).asks("Bij welke gebruikers?")
    shown = case.seen_by(FENNA)
    assert shown is not None
    assert (shown.status, shown.stands_out) == ("waiting", True)
    letter = case.mail_to(FENNA, "waiting")
    case.contact(FENNA).replies_by_mail("Bij iedereen.", to=letter, by="token", attachments=[LOG])
    assert case.status == "in_progress"
    assert "Bij iedereen." in case.mail_to(LIEKE, "contact_wrote").text

    solve(case, LIEKE, "Het certificaat is vernieuwd.")
    assert "Het certificaat is vernieuwd." in case.mail_to(FENNA, "solved").text
    shown = case.seen_by(FENNA)
    assert shown is not None
    assert shown.fields["cause"] == "An expired certificate"
    case.contact(FENNA).agrees()
    assert case.status == "closed"
    assert {entry.definition for entry in case.history} == {f"{TENANT}/1"}
    assert case.reference in desk.cases_of(FENNA, "closed")
    assert case.flaws == []


def test_a_solution_has_a_cause_and_words(desk: Desk) -> None:
    """C15: for an incident; a question needs no cause."""
    case = taken_up(desk)
    silent = case.agent(LIEKE).tries.takes_step("solve", cause="A cable")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    bare = case.agent(LIEKE).tries.takes_step("solve", "Done.")
    assert (bare.status, bare.field, bare.rule) == ("refused", "cause", "required")
    question = desk.form_from(EVA, form("question"))
    question.agent(LIEKE).takes_up()
    question.agent(LIEKE).takes_step("solve", "It stands on page two.")
    assert question.status == "solved"


def test_a_contact_who_is_not_helped_says_so(desk: Desk) -> None:
    """C6: by a step or by answering the mail; the desk is told."""
    case = taken_up(desk)
    solve(case, LIEKE)
    case.contact(FENNA).rejects("It fails again.")
    assert case.status == "in_progress"
    solve(case, LIEKE)
    case.contact(FENNA).replies_by_mail("And again.", by="token")
    assert case.status == "in_progress"
    assert case.mail_to(FENNA, "reopened")
    assert len(case.mails_to(PLATFORM, "contact_wrote")) == 2


@pytest.mark.parametrize(("act", "status"), [("closes", "closed"), ("cancels", "cancelled")])
@pytest.mark.parametrize("case_type", ["incident", "question", "change_request"])
def test_the_contact_closes_or_withdraws(desk: Desk, act: str, status: str, case_type: str) -> None:
    """C6: two acts, for each type; afterwards nothing more can be asked of it."""
    case = desk.form_from(EVA, form(case_type))
    getattr(case.contact(EVA), act)()
    shown = case.seen_by(EVA)
    assert shown is not None
    assert (shown.status, shown.status_kind, shown.steps) == (status, "final", [])
    answer = case.agent(LIEKE).tries.takes_step("take_up")
    assert (answer.status, answer.rule) == ("refused", "from")


def test_teams_and_agents(desk: Desk) -> None:
    """C7: an agent gets only cases of their own teams; each is told."""
    case = taken_up(desk)
    answer = case.agent(LIEKE).tries.assigns("out_of_hours", to=LIEKE)
    assert (answer.status, answer.field) == ("refused", "agent")
    case.agent(LIEKE).assigns("out_of_hours")
    assert case.mail_to(OUT_OF_HOURS, "arrived_at_team")
    case.agent(LIEKE).assigns("out_of_hours", to=TARIK)
    assert case.mail_to(TARIK, "assigned")


def test_notes_of_colleagues_stay_inside(desk: Desk) -> None:
    """C11: in the history for the desk, and never for a contact."""
    case = taken_up(desk)
    case.agent(TARIK).notes("SECRET: the same as last month.", [LOG])
    note = case.event("comment_added")
    assert any("SECRET" in entry.text for entry in case.history_for(LIEKE))
    assert all("SECRET" not in entry.text for entry in case.history_for(FENNA))
    assert case.file_for(FENNA, note.files[0].sha256) is None
    assert case.flaws == []


def test_left_lying_it_is_warned_breached_and_escalated(timed_desk: Desk) -> None:
    """C9: P1 at once before it is late, an hour later to the manager, P3 after four hours."""
    urgent, normal = incident(timed_desk, EVA, "P1"), incident(timed_desk, JORIS, "P3")
    timed_desk.it_is("2026-03-03T13:00+01:00")
    zone = at("2026-03-02T09:00+01:00").tzinfo
    raised = {
        case.priority: [
            (entry.what["level"], f"{entry.at.astimezone(zone):%a %H:%M:%S}")
            for entry in case.events("escalation_raised")
            if entry.what["target"] == "first_response"
        ]
        for case in (urgent, normal)
    }
    assert raised == {
        "P1": [(1, "Mon 09:45:00"), (2, "Mon 11:00:00"), (3, "Tue 09:30:00")],
        "P3": [(1, "Mon 17:00:02"), (2, "Tue 12:30:00")],
    }
    for level, address in enumerate(LEVELS, 1):
        assert f"niveau {level}" in urgent.mails_to(address, "escalated")[0].subject
