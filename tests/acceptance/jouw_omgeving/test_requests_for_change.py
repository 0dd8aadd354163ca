"""J5: a request for change, from the account manager to the release or the refusal."""

import pytest

from tests.acceptance.jouw_omgeving.people import (
    ACCOUNT_MANAGEMENT,
    CARLA,
    DEVELOPMENT,
    EVA,
    FENNA,
    LIEKE,
    SVEN,
    WILLEM,
)
from tests.acceptance.jouw_omgeving.steps import form, incident, parked
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_it_goes_to_the_account_manager(desk: Desk) -> None:
    """J5, C7: by rule, and so does an incident or question that turns out to be one."""
    case = desk.form_from(FENNA, form("change_request"))
    assert case.shown.team == "account_management"
    assert case.mail_to(ACCOUNT_MANAGEMENT, "arrived_at_team")
    for case_type in ("incident", "question"):
        other = desk.form_from(FENNA, form(case_type))
        assert other.shown.team == "platform"
        other.agent(LIEKE).classifies("change_request")
        assert other.shown.team == "account_management"
        assert other.mail_to(ACCOUNT_MANAGEMENT, "arrived_at_team")


def test_parked_while_the_decision_is_out(desk: Desk) -> None:
    """J5, C15: the contact is told that it is, why, and still sees it."""
    case = desk.form_from(EVA, form("change_request"))
    silent = case.agent(WILLEM).tries.takes_step("park")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.agent(WILLEM).takes_step("park", "De product owner kijkt er donderdag naar.")
    assert case.status == "parked"
    letter = case.mail_to(EVA, "parked")
    assert "legt" in letter.text
    assert "De product owner kijkt er donderdag naar." in letter.text
    assert case.reference in desk.cases_of(EVA, "active")


def test_granted_it_enters_development_and_is_released(desk: Desk) -> None:
    """J5: with consultation where needed; released, the contact is told and it is closed."""
    case = parked(desk, EVA)
    case.agent(CARLA).decides("change", "yes", answer="Toegekend, voor dit kwartaal.")
    assert (case.status, case.shown.team) == ("in_development", "development")
    assert "Toegekend, voor dit kwartaal." in case.mail_to(EVA, "granted").text
    assert case.mail_to(DEVELOPMENT, "arrived_at_team")

    case.agent(SVEN).takes_step("consult", "Welke kleuren zijn het beste te zien?")
    shown = case.seen_by(EVA)
    assert shown is not None
    assert (shown.status, shown.waits_for, shown.stands_out) == ("consultation", "contact", True)
    letter = case.mail_to(EVA, "consultation")
    case.contact(EVA).replies_by_mail("Geel op zwart.", to=letter, by="token")
    assert case.status == "in_development"

    silent = case.agent(SVEN).tries.takes_step("release")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.agent(SVEN).takes_step("release", "Uitgebracht in versie 12.")
    assert (case.status, case.shown.status_kind) == ("closed", "final")
    assert "Uitgebracht in versie 12." in case.mail_to(EVA, "released").text
    assert case.mails_to(EVA, "closed") == []


def test_refused_the_contact_is_told_and_it_is_closed(desk: Desk) -> None:
    """J5: with the reason, in one mail."""
    case = parked(desk, EVA)
    silent = case.agent(CARLA).tries.decides("change", "no")
    assert (silent.status, silent.field, silent.rule) == ("refused", "answer", "required")
    case.agent(CARLA).decides(
        "change", "no", "SECRET: it would cost a year.", answer="Dit past niet bij het platform."
    )
    assert (case.status, case.shown.status_kind) == ("closed", "final")
    letter = case.mail_to(EVA, "refused")
    assert "Dit past niet bij het platform." in letter.text
    assert case.mails_to(EVA, "closed") == []
    assert case.seen_by(EVA) is not None


def test_no_decision_before_it_was_asked(desk: Desk) -> None:
    """J5: from parked alone, nor a release of what was not developed."""
    case = desk.form_from(EVA, form("change_request"))
    early = case.agent(CARLA).tries.decides("change", "yes", answer="Ja.")
    assert (early.status, early.rule) == ("refused", "waits")
    answer = case.agent(WILLEM).tries.takes_step("release", "Yes.")
    assert (answer.status, answer.rule) == ("refused", "from")
    assert case.status == "new"


@pytest.mark.parametrize("step", ["grant", "refuse"])
def test_the_product_owner_decides_and_nobody_else(desk: Desk, step: str) -> None:
    """J5: the account manager asks, and neither grants nor refuses."""
    case = parked(desk, EVA)
    taken = case.agent(WILLEM).tries.takes_step(step, "I think so.")
    assert (taken.status, taken.rule) == ("refused", "by")
    refused = case.agent(WILLEM).tries.decides("change", "yes", answer="Ja.")
    assert (refused.status, refused.rule) == ("refused", "role")
    assert case.status == "parked"


def test_the_product_owner_is_asked_and_the_account_manager_hears(desk: Desk) -> None:
    """J5, C11: what waits stands in her list; the contact sees the outcome and not the reason."""
    first, second = parked(desk, EVA), parked(desk, FENNA)
    assert first.mail_to(CARLA, "to_decide")
    waits = desk.waiting_for(CARLA, "change")
    assert [one.reference for one in waits] == [first.reference, second.reference]
    second.agent(CARLA).decides("change", "yes", "SECRET: others want it.", answer="Ja, in mei.")
    assert [one.reference for one in desk.waiting_for(CARLA, "change")] == [first.reference]
    assert "SECRET" in second.mail_to(ACCOUNT_MANAGEMENT, "decided").text
    shown = second.seen_by(FENNA)
    assert shown is not None
    assert [(one.decision, one.state) for one in shown.decisions] == [("change", "yes")]
    (made,) = [entry for entry in second.history_for(FENNA) if entry.type == "decision_made"]
    assert (made.what["outcome"], made.text) == ("yes", "")
    assert second.event("decision_made").text == "SECRET: others want it."


def test_an_incident_is_not_parked(desk: Desk) -> None:
    """J5: what has a restore target is restored."""
    case = incident(desk, EVA, "P3")
    answer = case.agent(LIEKE).tries.takes_step("park", "Later.")
    assert (answer.status, answer.rule) == ("refused", "case_types")
