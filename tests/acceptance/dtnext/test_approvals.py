"""D9, D20: a change request: hours approved by submitting, then by estimate, and no hour beyond."""

import pytest
from case_events.contracts.refusals import CommandRefused, InputRefused

from tests.acceptance.dtnext.people import ANOUK, BRAM, FATIMA, GRACE, PIETER, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File, Form

pytestmark = pytest.mark.acceptance

WISH = {"title": "An export by month", "description": "Now it is by week.", "product": "Reports"}
DESIGN = File("functioneel-ontwerp.pdf", b"%PDF-1.7 three steps", "application/pdf")


def wish(accepted: bool = True, **values: str | bool) -> Form:
    """A change request, with the first two hours accepted or not."""
    return Form(
        case_type="change_request", values={**WISH, "analysis_accepted": accepted, **values}
    )


def analysed(desk: Desk) -> Case:
    """A change request that an agent works on."""
    case = desk.form_from(GRACE, wish())
    case.agent(SANNE).takes_up()
    return case


def estimated(desk: Desk) -> Case:
    """A change request of which the contact was asked to approve the development."""
    case = analysed(desk)
    case.agent(SANNE).enters("analysis")
    case.agent(SANNE).logs(90, "analysis", "Talked it through.")
    case.agent(SANNE).enters("send_for_approval")
    case.agent(SANNE).asks_approval(
        "development", 600, "Ten hours, as in the design.", estimate=600, files=[DESIGN]
    )
    return case


def test_submitting_approves_two_hours_of_analysis(desk: Desk) -> None:
    """D9: who, when, how many hours and by accepting what, on record."""
    case = analysed(desk)
    granted = case.event("approval_granted")
    assert (granted.who.kind, granted.who.id) == ("contact", GRACE.id)
    assert granted.what["minutes"] == 120
    [given] = case.account_for(GRACE).at_submission
    assert (given["accepted"], given["minutes"]) == ("analysis_accepted", 120)
    case.agent(SANNE).logs(120, "analysis")
    refused = case.agent(SANNE).tries.logs(30, "analysis")
    assert (refused.status, refused.field, refused.rule) == ("refused", "minutes", "approved")
    assert "30 minutes too much" in refused.reason
    assert (case.account.used, case.account.left) == (120, 0)


def test_without_accepting_the_costs_no_change_request_comes_in(desk: Desk) -> None:
    """D9, C15: refused at intake with the field and the rule, and kept for the agent to see."""
    for form in (wish(accepted=False), Form(case_type="change_request", values=WISH)):
        [problem] = desk.refused_form_from(GRACE, form)
        assert (problem.field, problem.rule) == ("analysis_accepted", "accepted")
    refusals = desk.refusals("invalid_input")
    assert [one.data.field for one in refusals if isinstance(one.data, InputRefused)] == [
        "analysis_accepted", "analysis_accepted"
    ]  # fmt: skip


def test_if_two_hours_do_not_suffice_more_are_asked(desk: Desk) -> None:
    """D9: and only what is granted is added."""
    case = analysed(desk)
    case.agent(SANNE).logs(120, "analysis")
    case.agent(SANNE).asks_approval("analysis", 180, "There are two data sources.")
    assert case.status == "need_input"
    mail = case.mail_to(GRACE, "approval_requested")
    assert "3 hours" in mail.text
    assert "There are two data sources." in mail.text
    assert case.agent(SANNE).tries.logs(10, "analysis").rule == "approved"
    case.contact(GRACE).grants(1, minutes=60, text="One hour, no more.")
    assert case.status == "in_progress"
    assert case.agent(SANNE).tries.logs(61, "analysis").rule == "approved"
    assert case.agent(SANNE).logs(60, "analysis").status == "done"


@pytest.mark.main_path
def test_development_starts_only_when_the_estimate_is_approved(desk: Desk) -> None:
    """D9, D20: the functional design is what is approved; who, when, of which estimate."""
    case = estimated(desk)
    assert (case.status, case.shown.phase) == ("need_input", "waiting_for_approval")
    assert case.agent(SANNE).tries.logs(60, "development").rule == "approved"
    mail = case.mail_to(GRACE, "approval_requested")
    assert "10 hours" in mail.text
    [asked] = case.account_for(GRACE).requests
    assert (asked["state"], asked["estimate"], asked["minutes"]) == ("open", 600, 600)
    [file] = asked["files"]
    assert case.file_for(GRACE, file["sha256"]) == DESIGN.data
    case.contact(GRACE).grants(1, text="Go ahead.")
    assert (case.status, case.shown.phase) == ("in_progress", "approved")
    [asked] = case.account_for(GRACE).requests
    assert (asked["state"], asked["answer"]["who"]["id"]) == ("granted", GRACE.id)
    assert asked["answer"]["minutes"] == 600
    case.agent(SANNE).logs(600, "development")
    assert case.agent(SANNE).tries.logs(1, "development").rule == "approved"
    assert case.mails_to("desk@dtnext.example", "approval_granted")


def test_what_the_contact_declines_is_not_done(desk: Desk) -> None:
    """D9, C6."""
    case = estimated(desk)
    case.contact(GRACE).declines(1, "Too much for this year.")
    assert (case.status, case.shown.phase) == ("in_progress", "analysis")
    assert case.agent(SANNE).tries.logs(60, "development").rule == "approved"
    assert (
        "Too much for this year." in case.mail_to("desk@dtnext.example", "approval_declined").text
    )
    answer = case.contact(GRACE).tries.grants(1)
    assert (answer.field, answer.rule) == ("request", "answered")


def test_only_the_customers_own_people_approve_and_never_by_mail(desk: Desk) -> None:
    """D9, C6, C16: an agent cannot, another customer does not see it, a From line proves nobody."""
    case = estimated(desk)
    assert case.contact(SANNE).tries.grants(1).rule == "by"
    assert case.contact(FATIMA).tries.grants(1).status == "refused"
    assert case.contact(PIETER).tries.grants(1).status == "refused"
    case.contact(GRACE).replies_by_mail("Approved! Please start.", by="token")
    assert case.account.requests[0]["state"] == "open"
    assert case.agent(SANNE).tries.logs(60, "development").rule == "approved"
    case.contact(ANOUK).grants(1)
    assert case.account.requests[0]["answer"]["who"]["id"] == ANOUK.id


def test_a_new_estimate_replaces_the_one_that_stands(desk: Desk) -> None:
    """D9: nobody approves what the desk took back; both are on record."""
    case = estimated(desk)
    case.agent(SANNE).asks_approval("development", 900, estimate=900)
    assert case.contact(GRACE).tries.grants(1).rule == "answered"
    case.contact(GRACE).grants(2)
    states = [request["state"] for request in case.account.requests]
    assert states == ["replaced", "granted"]
    assert case.account.granted == 120 + 900


def test_the_account_can_be_read_as_it_was_at_any_moment(desk: Desk) -> None:
    """D9, P3: hours granted, of which estimate, used and left; a correction changes no past."""
    case = analysed(desk)
    moments = [desk.now]
    case.agent(SANNE).logs(90, "analysis")
    moments.append(desk.now)
    desk.time_passes(minutes=5)
    case.agent(SANNE).corrects(1, minutes=30)
    moments.append(desk.now)
    account = [case.account_for(GRACE, at) for at in moments]
    assert [(one.granted, one.used, one.left) for one in account][1:] == [
        (120, 90, 30), (120, 30, 90)
    ]  # fmt: skip
    assert [entry["minutes"] for entry in case.account.entries[0]["stated"]] == [90, 30]
    assert case.story.count("work_logged") == case.story.count("work_corrected") == 1
    assert case.flaws == []


def test_two_agents_who_book_the_last_hours_at_once(desk: Desk) -> None:
    """D9, C15: the second is refused, told what is left, and kept on record."""
    case = analysed(desk)
    first = case.agent(SANNE).tries.logs(100, "analysis")
    second = case.agent(BRAM).tries.logs(100, "analysis")
    assert (first.status, second.status, second.rule) == ("done", "refused", "approved")
    assert "20 minutes left" in second.reason
    [refusal] = desk.refusals("not_allowed")
    assert isinstance(refusal.data, CommandRefused)
    assert refusal.actor.id == BRAM.id


def test_settings_instead_of_code_and_the_priority_that_was_wished(desk: Desk) -> None:
    """D20: reclassified, and told so; what the contact picked and what the desk set both stand."""
    case = desk.form_from(GRACE, wish(wished_priority="P1"))
    assert (case.priority, case.shown.fields["wished_priority"]) == ("P4", "P1")
    case.agent(SANNE).sets_priority("P3")
    assert (case.priority, case.shown.fields["wished_priority"]) == ("P3", "P1")
    case.agent(SANNE).classifies("consultant_request")
    mail = case.mail_to(GRACE, "reclassified")
    assert "Consultant request" in mail.text
    assert "Change request" in mail.text
