"""H2, H3, H4, H6, C6, C7, C11: six statuses, from new to closed."""

import pytest

from tests.acceptance.helpcenter.people import (
    ADDRESS,
    DAAN,
    FLOOR,
    INEKE,
    LOTTE,
    OLGA,
    PETER,
    PETRA,
    PRODUCT,
    SAMIR,
    TECHNICAL,
    TENANT,
    THIJS,
)
from tests.acceptance.helpcenter.steps import form, parked, reopen, solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File

pytestmark = pytest.mark.acceptance

LIST = File("aangifte.csv", "kwartaal;bedrag\n1;€ 0\n".encode(), "text/csv")


@pytest.mark.main_path
def test_from_a_mail_to_the_closed_case(desk: Desk) -> None:
    """H1, H2, H3, H6, C1, C2, C3, C4, C6, C11: the main story of this help center."""
    case = desk.mail_from(LOTTE, "De btw-aangifte is leeg", "Ik zie niets staan.").case
    assert case.reference.startswith("HC-")
    received = case.mail_to(LOTTE, "received")
    assert received.sender == ADDRESS
    assert case.reference in received.text
    assert (case.status, case.shown.team) == ("new", "helpdesk")
    assert set(case.clocks) == {"first_response", "next_response", "resolution"}

    case.agent(FLOOR).takes_up()
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    assert case.status == "open"
    case.agent(FLOOR).asks("Om welk kwartaal gaat het?")
    assert case.status == "pending"
    letter = case.mail_to(LOTTE, "pending")
    case.contact(LOTTE).replies_by_mail("Het eerste.", to=letter, by="token", attachments=[LIST])
    assert case.status == "open"

    case.agent(PETRA).notes("Zonder omzet is een nihilaangifte genoeg.")
    assert "nihilaangifte" in case.mail_to(FLOOR, "colleague_noted").text
    assert all("nihilaangifte" not in entry.text for entry in case.history_for(LOTTE))

    solve(case, FLOOR, "Klik op Vernieuwen, dan staan de regels er.")
    assert case.status == "solved"
    reopen(case, LOTTE, "Ze zijn weer weg.")
    assert case.status == "open"
    solve(case, FLOOR, "Nu blijven ze staan.")
    case.contact(LOTTE).closes()
    assert case.status == "closed"
    again = case.contact(LOTTE).tries.takes_step("reopen", "Toch niet.")
    assert (again.status, again.rule) == ("refused", "from")

    assert [entry.after for entry in case.events("status_changed")] == [
        "new", "open", "pending", "open", "solved", "open", "solved", "closed"
    ]  # fmt: skip
    assert {entry.definition for entry in case.history} == {f"{TENANT}/1"}
    assert case.reference in desk.cases_of(LOTTE, "closed")
    assert all("nihilaangifte" not in one.text for one in case.mails_to(LOTTE))
    assert case.flaws == []


def test_new_until_somebody_handles_it(desk: Desk) -> None:
    """H2: taking it up or answering opens it; a note or an assignment does not."""
    case = desk.mail_from(INEKE).case
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    case.agent(FLOOR).notes("I look at it after lunch.")
    assert case.status == "new"
    case.agent(FLOOR).comments("Which quarter is it?")
    assert case.status == "open"
    assert [letter.notice for letter in case.mails_to(INEKE)] == ["received", "answer"]


def test_pending_waits_for_the_contact_and_stands_out(desk: Desk) -> None:
    """H2, C6: in the contact's overview too; their answer by any way opens it again."""
    case = taken_up(desk, INEKE, FLOOR)
    case.agent(FLOOR).asks("Which quarter?")
    shown = case.seen_by(INEKE)
    assert shown is not None
    assert (shown.status, shown.waits_for, shown.stands_out) == ("pending", "contact", True)
    case.contact(INEKE).comments("The first.")
    assert case.status == "open"


@pytest.mark.parametrize("way", ["step", "mail"])
def test_a_solved_case_can_be_reopened_a_closed_one_cannot(desk: Desk, way: str) -> None:
    """H3: by saying what is still wrong, or by answering the mail."""
    case = taken_up(desk, INEKE, FLOOR)
    solve(case, FLOOR)
    if way == "step":
        reopen(case, INEKE)
    else:
        case.contact(INEKE).replies_by_mail("They are gone again.", by="token")
    assert case.status == "open"
    solve(case, FLOOR)
    case.contact(INEKE).closes()
    shown = case.seen_by(INEKE)
    assert shown is not None
    assert (shown.status, shown.status_kind, shown.steps) == ("closed", "final", [])
    for answer in (
        case.contact(INEKE).tries.takes_step("reopen", "Once more."),
        case.agent(FLOOR).tries.takes_step("reopen_by_desk"),
    ):
        assert (answer.status, answer.rule) == ("refused", "from")
    case.contact(INEKE).replies_by_mail("Once more.", by="token")
    assert case.status == "closed"
    assert "Once more." not in case.comments, "it begins a follow-up: see test_links"


def test_a_reopening_says_what_is_wrong(desk: Desk) -> None:
    """H3, C15."""
    case = taken_up(desk, INEKE, FLOOR)
    solve(case, FLOOR)
    answer = case.contact(INEKE).tries.takes_step("reopen")
    assert (answer.status, answer.field, answer.rule) == ("refused", "text", "required")
    assert case.status == "solved"


def test_what_needs_a_change_in_the_software_is_parked(desk: Desk) -> None:
    """H2, H4: with whether there is a workaround; it stays in the contact's overview."""
    case = desk.form_from(INEKE, form("fault"))
    case.agent(FLOOR).takes_up()
    missing = case.agent(FLOOR).tries.takes_step("park", "This takes a new version.")
    assert (missing.status, missing.field, missing.rule) == ("refused", "workaround", "required")
    case.agent(FLOOR).takes_step("park", "This takes a new version.", workaround="cumbersome")
    case.agent(FLOOR).assigns("product")
    assert "is now with Product" in case.mail_to(PRODUCT, "arrived_at_team").text
    assert case.status == "parked"
    letter = case.mail_to(INEKE, "parked")
    assert "productdirecteur beslist" in letter.text
    assert "This takes a new version." in letter.text
    assert case.reference in desk.cases_of(INEKE, "active")


def test_the_contact_hears_that_it_was_released(desk: Desk) -> None:
    """H4: in words, and it is still there to be seen."""
    case = parked(desk, INEKE, FLOOR)
    case.agent(FLOOR).assigns("product", to=OLGA)
    silent = case.agent(OLGA).tries.takes_step("release")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.agent(OLGA).takes_step("release", "In version 8.2.")
    assert case.status == "solved"
    letter = case.mail_to(INEKE, "released")
    assert "Goed nieuws" in letter.text
    assert "In version 8.2." in letter.text
    assert case.mails_to(INEKE, "solved") == []
    assert case.seen_by(INEKE) is not None


def test_a_question_is_not_parked(desk: Desk) -> None:
    """H2, H4: what turns out to be a wish is made one first."""
    case = taken_up(desk, INEKE, FLOOR)
    answer = case.agent(FLOOR).tries.takes_step("park", "Later.", workaround="good")
    assert (answer.status, answer.rule) == ("refused", "case_types")
    case.agent(FLOOR).classifies("wish")
    case.agent(FLOOR).takes_step("park", "Later.", workaround="good")
    assert case.status == "parked"


def test_what_the_ranking_weighs_is_the_desks_own(desk: Desk) -> None:
    """H4: agents note workaround and work; no contact does, and none reads the estimate."""
    case = parked(desk, INEKE, FLOOR)
    case.agent(OLGA).fills_in(effort="weeks")
    for field, value in (("workaround", "none"), ("effort", "hours")):
        answer = case.contact(INEKE).tries.fills_in(**{field: value})
        assert (answer.status, answer.field) == ("refused", field)
    shown = case.seen_by(INEKE)
    assert shown is not None
    assert shown.fields == {"workaround": "cumbersome"}
    assert case.shown.fields["effort"] == "weeks"


def test_other_departments_are_consulted_inside_the_case(desk: Desk) -> None:
    """H6: their notes reach who handles it, by mail as well, and never a contact."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    case.agent(PETRA).notes("SECRET: ask for the ruling.")
    case.agent(SAMIR).notes("SECRET: the server is fine.")
    assert len(case.mails_to(FLOOR, "colleague_noted")) == 2
    letter = case.mails_to(FLOOR, "colleague_noted")[0]
    case.agent(FLOOR).replies_by_mail("SECRET: I will.", to=letter, by="token")
    assert case.comments[-1] == "SECRET: I will."
    assert [entry.internal for entry in case.events("comment_added")] == [True, True, True]
    assert (case.shown.team, case.shown.agent, case.status) == ("helpdesk", FLOOR.id, "open")
    assert all("SECRET" not in entry.text for entry in case.history_for(LOTTE))
    assert all("SECRET" not in one.text for one in case.mails_to(LOTTE))


@pytest.mark.by_platform("C5", "C15")
def test_no_contact_writes_or_reads_a_note(desk: Desk) -> None:
    """H6, C5, C15: whoever handles the case is told of it, and no contact."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    case.agent(PETRA).notes("For us alone.", [LIST])
    assert "For us alone." in case.mail_to(FLOOR, "colleague_noted").text
    note = case.event("comment_added")
    assert case.file_for(FLOOR, note.files[0].sha256) == LIST.data
    assert case.file_for(LOTTE, note.files[0].sha256) is None
    answer = case.agent(LOTTE).tries.notes("Me too.")
    assert (answer.status, answer.rule) == ("refused", "capacity")
    assert len(case.events("comment_added")) == 1


def test_routing_and_lines(desk: Desk) -> None:
    """C7: a fault with the bank connection is technical by rule; the rest is handed on."""
    case = desk.form_from(INEKE, form("fault", topic="bank"))
    assert case.shown.team == "technical"
    assert case.mail_to(TECHNICAL, "arrived_at_team")
    other = desk.form_from(INEKE, form("question", topic="bank"))
    assert other.shown.team == "helpdesk"
    answer = other.agent(FLOOR).tries.assigns("tax", to=THIJS)
    assert (answer.status, answer.field) == ("refused", "agent")
    other.agent(FLOOR).assigns("tax", to=PETRA)
    assert other.mail_to(PETRA, "assigned")


def test_the_contact_closes_in_any_status(desk: Desk) -> None:
    """C6, H2: whoever needs no more help."""
    cases = [desk.mail_from(PETER).case, taken_up(desk, PETER, FLOOR), parked(desk, PETER, FLOOR)]
    for case in cases:
        case.contact(PETER).closes()
        assert case.status == "closed"
    asked = taken_up(desk, DAAN, FLOOR)
    asked.agent(FLOOR).takes_step("close_by_desk", "Called, and settled.")
    assert "Called, and settled." in asked.mail_to(DAAN, "closed").text
