"""D6, D7: the phases of a change request beside its status, and where it was released."""

import pytest

from tests.acceptance.dtnext.people import GRACE, PIETER, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Form, Person

pytestmark = pytest.mark.acceptance

TITLE = "A report by region"


def change_request(desk: Desk, contact: Person, case_type: str = "change_request") -> Case:
    """A contact wants something changed."""
    values: dict[str, str | bool] = {
        "title": TITLE, "description": "Totals by region, each month."
    }  # fmt: skip
    if case_type == "change_request":
        values["analysis_accepted"] = True
    return desk.form_from(contact, Form(case_type=case_type, values=values))


def phases(case: Case) -> list[str]:
    """The phases that an agent can take it to."""
    shown = case.seen_by(SANNE)
    assert shown is not None
    return [phase.name for phase in shown.phases]


def in_development(desk: Desk, contact: Person) -> Case:
    """A change request that is being made."""
    case = change_request(desk, contact)
    for phase in ("analysis", "send_for_approval"):
        case.agent(SANNE).enters(phase)
    case.agent(SANNE).asks_approval("development", 720, "Twelve hours.")
    case.contact(contact).grants(1)
    case.agent(SANNE).enters("development")
    return case


def test_a_change_request_goes_through_its_phases_with_their_statuses(desk: Desk) -> None:
    """D6, D5, D16, C11: each follows the one before; two wait for the contact."""
    case = change_request(desk, PIETER)
    assert (case.status, case.shown.phase, phases(case)) == ("open", "", ["analysis"])
    case.agent(SANNE).enters("analysis")
    assert (case.status, case.shown.phase) == ("in_progress", "analysis")
    assert "in deze fase: Analyse" in case.mail_to(PIETER, "in_phase").text

    case.agent(SANNE).enters("send_for_approval")
    silent = case.agent(SANNE).tries.enters("waiting_for_approval")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.agent(SANNE).enters("waiting_for_approval", "Het kost twaalf uur. Gaat u akkoord?")
    shown = case.seen_by(PIETER)
    assert shown is not None
    assert (shown.status, shown.phase, shown.stands_out) == (
        "need_input",
        "waiting_for_approval",
        True,
    )
    assert "Het kost twaalf uur." in case.mail_to(PIETER, "need_input").text

    case.agent(SANNE).asks_approval("development", 720)
    early = case.agent(SANNE).tries.enters("approved")
    assert (early.status, early.rule) == ("refused", "by")
    case.contact(PIETER).grants(1)
    assert (case.status, case.shown.phase) == ("in_progress", "approved")
    for phase in ("development", "testing", "ready_to_release"):
        case.agent(SANNE).enters(phase)
        assert (case.status, case.shown.phase) == ("in_progress", phase)
    case.agent(SANNE).enters("released", environment="ACC")
    case.agent(SANNE).enters("test_customer", "Wilt u het in ACC testen?")
    assert (case.status, case.shown.phase) == ("need_input", "test_customer")
    assert "testen" in case.mails_to(PIETER, "need_input")[-1].text
    assert [entry.what["phase"] for entry in case.events("phase_changed")] == [
        "analysis", "send_for_approval", "waiting_for_approval", "approved", "development",
        "testing", "ready_to_release", "released", "test_customer",
    ]  # fmt: skip
    assert case.flaws == []


@pytest.mark.by_platform("C15")
def test_phases_have_an_order_and_their_own_people(desk: Desk) -> None:
    """D6, C15: no development before approval, nor by the contact; again and back as it goes."""
    case = change_request(desk, PIETER)
    case.agent(SANNE).enters("analysis")
    early = case.agent(SANNE).tries.enters("development")
    assert (early.status, early.field, early.rule) == ("refused", "phase", "next")
    assert "Ter goedkeuring versturen" in early.reason
    theirs = case.contact(PIETER).tries.enters("send_for_approval")
    assert (theirs.status, theirs.rule) == ("refused", "by")
    unknown = case.agent(SANNE).tries.enters("testign")
    assert (unknown.status, unknown.field) == ("refused", "phase")
    assert case.agent(SANNE).enters("analysis").status == "unchanged"
    assert case.shown.phase == "analysis"


def test_only_change_requests_have_phases(desk: Desk) -> None:
    """D6: a question has none; a change request that turns out to be one leaves its phase."""
    question = change_request(desk, PIETER, "question")
    refused = question.agent(SANNE).tries.enters("analysis")
    assert (refused.status, refused.rule) == ("refused", "case_types")
    case = change_request(desk, PIETER)
    case.agent(SANNE).enters("analysis")
    case.agent(SANNE).classifies("question")
    assert (case.shown.phase, phases(case)) == ("", [])


def test_a_finished_case_has_no_other_phase(desk: Desk) -> None:
    """D6, D15."""
    case = change_request(desk, PIETER)
    case.contact(PIETER).cancels()
    refused = case.agent(SANNE).tries.enters("analysis")
    assert (refused.status, refused.field, refused.rule) == ("refused", "status", "status")


def test_where_it_was_released_is_set_on_release_and_shown(desk: Desk) -> None:
    """D7, C15: not released without it; one of four; the contact sees it and does not set it."""
    case = in_development(desk, GRACE)
    for phase in ("testing", "ready_to_release"):
        case.agent(SANNE).enters(phase)
    nowhere = case.agent(SANNE).tries.enters("released")
    assert (nowhere.status, nowhere.field, nowhere.rule) == ("refused", "environment", "required")
    moon = case.agent(SANNE).tries.enters("released", environment="MOON")
    assert (moon.status, moon.field, moon.rule) == ("refused", "environment", "options")
    case.agent(SANNE).enters("released", "It is in test now.", environment="TEST")
    shown = case.seen_by(GRACE)
    assert shown is not None
    assert shown.fields["environment"] == "TEST"
    letter = case.mails_to(GRACE, "in_phase")[-1]
    assert "in this phase: Released" in letter.text
    assert "It is in test now." in letter.text
    theirs = case.contact(GRACE).tries.fills_in(environment="PROD")
    assert (theirs.status, theirs.field) == ("refused", "environment")
    case.agent(SANNE).enters("ready_to_release")
    case.agent(SANNE).enters("released", environment="PROD")
    assert case.shown.fields["environment"] == "PROD"


def test_an_answer_of_the_contact_leaves_the_phase(desk: Desk) -> None:
    """D6: the case is in progress again, in the phase that it was in."""
    case = change_request(desk, PIETER)
    case.agent(SANNE).enters("analysis")
    case.agent(SANNE).enters("send_for_approval")
    case.agent(SANNE).enters("waiting_for_approval", "Gaat u akkoord?")
    case.contact(PIETER).comments("Ja.")
    assert (case.status, case.shown.phase) == ("in_progress", "waiting_for_approval")
