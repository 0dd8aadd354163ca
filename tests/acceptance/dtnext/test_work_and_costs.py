"""D10, D11, D12, D19: what is booked, at which rate, whether it is billed and why."""

from datetime import datetime

import pytest

from tests.acceptance.dtnext.people import ANOUK, GRACE, JOOST, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Form, Person

pytestmark = pytest.mark.acceptance

ASKED = {"title": "A day of help", "description": "With the set-up of the new warehouse."}


def request(accepted: bool = True) -> Form:
    """A consultant request, with the conditions accepted or not."""
    filled: dict[str, str | bool] = {**ASKED, "conditions_accepted": accepted, "place": "on_site"}
    return Form(case_type="consultant_request", values=filled)


def question(desk: Desk, who: Person) -> Case:
    """A question that an agent has taken up."""
    form = Form(case_type="question", values={"title": "How?", "description": "How is it done?"})
    case = desk.form_from(who, form)
    case.agent(SANNE).takes_up()
    return case


def incident(desk: Desk, who: Person) -> Case:
    """An incident that an agent has taken up."""
    case = desk.mail_from(who).case
    case.agent(SANNE).takes_up()
    return case


def test_a_consultant_request_needs_its_conditions_accepted(timed_desk: Desk) -> None:
    """D10: refused with the field and the rule; accepted, it is on record."""
    [problem] = timed_desk.refused_form_from(GRACE, request(accepted=False))
    assert (problem.field, problem.rule) == ("conditions_accepted", "accepted")
    created = timed_desk.form_from(GRACE, request()).event("case_created")
    assert created.what["fields"]["conditions_accepted"] == "true"
    assert created.who.id == GRACE.id


def test_it_is_taken_up_within_ten_working_days(timed_desk: Desk) -> None:
    """D10: a target of the tenant's own, with or without an SLA, met by taking it up."""
    for who in (GRACE, JOOST):
        case = timed_desk.form_from(who, request())
        assert case.due("take_up") == datetime.fromisoformat("2026-03-16T09:00:00+01:00")
    timed_desk.it_is("2026-03-13T12:00:00+01:00")
    case.agent(SANNE).takes_up()
    assert case.clocks["take_up"].state == "met"


def test_remote_in_hours_and_on_site_in_whole_working_days(timed_desk: Desk) -> None:
    """D10, D19: consultancy is billed whatever the contract; travel has a rate of its own."""
    case = timed_desk.form_from(GRACE, request())
    case.agent(SANNE).takes_up()
    refused = case.agent(SANNE).tries.logs(300, "on_site")
    assert (refused.field, refused.rule) == ("minutes", "whole_days")
    timed_desk.it_is("2026-03-03T17:00:00+01:00")
    case.agent(SANNE).logs(480, "on_site", "Set up the warehouse.")
    case.agent(SANNE).logs(75, "travel")
    case.agent(SANNE).logs(45, "consultancy")
    account = case.account_for(GRACE)
    assert {(one["kind"], one["minutes"]) for one in account.billed} == {
        ("on_site", 480), ("travel", 75), ("consultancy", 45)
    }  # fmt: skip
    assert {entry["why"] for entry in account.entries} == {"consultancy"}


def test_a_question_is_free_under_an_sla_and_billed_otherwise(timed_desk: Desk) -> None:
    """D11: each entry says which, and why, to the contact too."""
    free = question(timed_desk, GRACE)
    free.agent(SANNE).logs(20, "handling", "Explained it.")
    [entry] = free.account_for(GRACE).entries
    assert (entry["billable"], entry["why_title"]) == (False, "A question is free under your SLA")
    assert free.mails_to(GRACE, "work_billed") == []
    billed = question(timed_desk, JOOST)
    billed.agent(SANNE).logs(20, "handling", "Explained it.")
    [entry] = billed.account_for(JOOST).entries
    assert (entry["billable"], entry["why_title"]) == (True, "U hebt geen SLA")
    mail = billed.mail_to(JOOST, "work_billed")
    assert "20 minuten" in mail.text
    assert "U hebt geen SLA" in mail.text


def test_a_question_about_set_up_becomes_consultancy_and_the_contact_is_told(
    timed_desk: Desk,
) -> None:
    """D11: billable whatever the contract, from then on; corrected, so is what was booked."""
    case = question(timed_desk, GRACE)
    case.agent(SANNE).logs(20, "handling")
    case.agent(SANNE).classifies("consultant_request")
    assert "Consultant request" in case.mail_to(GRACE, "reclassified").subject
    case.agent(SANNE).logs(30, "consultancy")
    case.agent(SANNE).corrects(1, kind="consultancy")
    account = case.account_for(GRACE)
    assert [(entry["billable"], entry["why"]) for entry in account.entries] == [
        (True, "consultancy"), (True, "consultancy")
    ]  # fmt: skip
    assert case.mails_to(GRACE, "work_corrected")


def test_the_cause_of_an_incident_decides_its_costs(timed_desk: Desk) -> None:
    """D12: free under an SLA, unless the cause is no reproducible defect of the product."""
    case = incident(timed_desk, ANOUK)
    case.agent(SANNE).logs(60, "handling", "Looked for it.")
    assert case.account.entries[0]["why"] == "incident_under_sla"
    case.agent(SANNE).takes_step(
        "resolve", "Your own report was wrong.", cause="A custom report", cause_kind="custom_work"
    )
    case.agent(SANNE).corrects(1)
    [entry] = case.account_for(ANOUK).entries
    assert (entry["billable"], entry["why"]) == (True, "no_product_defect")
    [first, second] = case.events("work_logged", "work_corrected")
    assert (first.what["why"], second.what["why"]) == ("incident_under_sla", "no_product_defect")


def test_without_an_sla_an_incident_costs(timed_desk: Desk) -> None:
    """D12: and with one it does not."""
    for who, billable, why in ((JOOST, True, "no_sla"), (ANOUK, False, "incident_under_sla")):
        case = incident(timed_desk, who)
        case.agent(SANNE).logs(60, "handling")
        [entry] = case.account_for(who).entries
        assert (entry["billable"], entry["why"]) == (billable, why)


def test_the_contact_reads_what_work_would_cost_before_it_is_done(timed_desk: Desk) -> None:
    """D19: each kind of work, billed or not and why, and the percentages on top."""
    account = question(timed_desk, GRACE).account_for(GRACE)
    shown = {rate["kind"]: (rate["billable"], rate["why"]) for rate in account.rates}
    assert shown == {
        "handling": (False, "question_under_sla"), "billed_work": (True, "whatever_the_contract")
    }  # fmt: skip
    assert sorted(one["percent"] for one in account.surcharges) == [50, 100]


def test_data_conversion_is_billed_after_agreement_whatever_the_contract(
    timed_desk: Desk,
) -> None:
    """D19: refused before it is agreed, free of no contract after."""
    case = question(timed_desk, GRACE)
    assert case.agent(SANNE).tries.logs(30, "billed_work").rule == "approved"
    case.agent(SANNE).asks_approval("billed_work", 120, "Your old orders, converted.")
    case.contact(GRACE).grants(1)
    case.agent(SANNE).logs(90, "billed_work")
    account = case.account_for(GRACE)
    assert (account.used, account.left) == (90, 30)
    assert account.billed[0]["minutes"] == 90


@pytest.mark.parametrize(
    ("began", "minutes", "parts"),
    [
        ("2026-03-02T16:00:00+01:00", 120, [(60, 0), (60, 50)]),
        ("2026-03-02T21:30:00+01:00", 60, [(30, 50), (30, 100)]),
        ("2026-03-07T10:00:00+01:00", 60, [(60, 50)]),
        ("2026-03-08T10:00:00+01:00", 60, [(60, 100)]),
        # Easter Monday.
        ("2026-04-06T10:00:00+02:00", 60, [(60, 100)]),
    ],
)
def test_outside_office_hours_percentages_come_on_top(
    timed_desk: Desk, began: str, minutes: int, parts: list[tuple[int, int]]
) -> None:
    """D19: by the minute, on the desk's calendars with their public holidays."""
    case = question(timed_desk, JOOST)
    timed_desk.it_is("2026-04-07T09:00:00+02:00")
    case.agent(SANNE).logs(minutes, "handling", began=datetime.fromisoformat(began))
    [entry] = case.account_for(JOOST).entries
    assert [(part["minutes"], part["surcharge"]) for part in entry["parts"]] == parts
    mail = case.mail_to(JOOST, "work_billed").text
    assert all(f"+{percent}%" in mail for _, percent in parts if percent)
