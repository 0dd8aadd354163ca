"""A municipality's complaints procedure, written by somebody who had read only the docs."""

from datetime import datetime

import pytest
from case_definition.check.folder import check
from case_events.contracts.people import AddWatcher
from case_events.contracts.phases import ChangePhase

from tests.acceptance.complaints.conftest import FOLDER
from tests.acceptance.complaints.people import ANNA, HANNA, NOOR, TEAM, WILLEM
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Form

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat

FOLLOWS = AddWatcher(watcher="agent/noor")
HEAD, SECRETARY = WILLEM.address, "gemeentesecretaris@waterveen.example"


def letter(arrived: datetime, channel: str = "letter") -> Form:
    """A letter of Anna's, as an agent types it in."""
    values = {"title": "Lang gewacht", "description": "Een uur."}
    return Form(case_type="complaint", values=values, contact="anna", channel=channel,
                received_at=arrived)  # fmt: skip


def _extends(case: Case) -> str:
    reason = {"extension_reason": "Wij wachten nog op stukken."}
    command = ChangePhase(phase="extended_term", fields=reason)
    return case.agent(HANNA).tries.asks_for(command).status


def _heard(case: Case) -> None:
    invitation = "U bent welkom op 12 maart."
    case.agent(HANNA).takes_step("plan_hearing", invitation, hearing_on="2026-03-12")
    case.agent(HANNA).takes_step("note_waiver", "Mevrouw ziet af van horen.")
    case.agent(HANNA).fills_in(other_heard="apart", other_heard_on="2026-03-11")


def test_the_folder_is_sound() -> None:
    assert check(FOLDER) == []


def test_a_complaint_from_receipt_to_the_decision_of_another(desk: Desk) -> None:
    """Receipt confirmed; heard; decided by another than the one complained about."""
    case = desk.mail_from(ANNA, "Niet te woord gestaan", "Ik stond een uur te wachten.").case
    assert case.reference.startswith("KL-2026-")
    assert case.reference in "".join(letter.subject for letter in case.mails_to(ANNA))
    assert "Anna de Wit heeft een klacht." in case.mail_to(TEAM, "arrived").text
    assert case.due("resolution") == at("2026-04-13T11:00+02:00"), "six weeks"
    case.agent(HANNA).takes_step("take_up", complained_about="noor")
    _heard(case)
    refused = case.agent(NOOR).tries.takes_step("decide_unfounded", "Ik deed niets verkeerd.")
    assert (refused.status, refused.code) == ("refused", "unknown_case")
    case.agent(WILLEM).takes_step("decide_founded", "U had geholpen moeten worden.")
    assert case.status == "decided"
    assert case.shown.fields["outcome"] == "founded"
    letter = case.mails_to(ANNA)[-1]
    assert "geholpen moeten worden" in letter.text
    assert "ombudsman" in letter.text.lower()
    assert case.clocks["resolution"].state == "met"
    assert case.flaws == []


def test_one_step_says_who_is_complained_about_and_only_a_coordinator_takes_it(desk: Desk) -> None:
    """One of those who work here, of whom the rules of all later steps then know."""
    case = desk.mail_from(ANNA).case
    refused = case.agent(HANNA).tries.takes_step("take_up")
    assert (refused.field, refused.rule) == ("complained_about", "required")
    for named in ("anna", "nobody"):
        refused = case.agent(HANNA).tries.takes_step("take_up", complained_about=named)
        assert (refused.field, refused.rule) == ("complained_about", "agent")
    refused = case.agent(NOOR).tries.takes_step("take_up", complained_about="tom")
    assert refused.rule == "when"
    case.agent(HANNA).takes_step("take_up", complained_about="noor")
    assert case.shown.fields["complained_about"] == "noor"
    refused = case.agent(HANNA).tries.fills_in(complained_about="tom")
    assert (refused.field, refused.rule) == ("complained_about", "editable_when")


def test_for_whom_it_is_about_the_complaint_does_not_exist(desk: Desk) -> None:
    """In no list, search, report, link or mail; and they no longer follow or handle it."""
    other = desk.mail_from(ANNA, "Losse tegel").case
    case = desk.mail_from(ANNA, "Onheus bejegend").case
    case.agent(HANNA).links(other, "duplicate")
    case.agent(HANNA).assigns("complaints", WILLEM)
    case.agent(HANNA).asks_for(FOLLOWS)
    assert {case.reference, other.reference} == set(desk.cases_of(NOOR))
    case.agent(HANNA).takes_step("take_up", complained_about="willem")
    case.agent(HANNA).takes_step("start_over")
    case.agent(HANNA).takes_step("take_up", complained_about="noor")
    before = len(case.mails_to(NOOR))
    left, unassigned = case.event("watcher_removed"), case.events("case_assigned")[-1]
    assert left.what["watcher"] == "agent/noor"
    assert (unassigned.what["previous_agent"], case.shown.agent) == ("willem", "")
    assert case.seen_by(NOOR) is None
    assert case.seen_by(WILLEM) is not None
    assert desk.cases_of(NOOR) == [other.reference]
    assert other.linked("duplicate", "from", NOOR) == []
    (linked,) = other.linked("duplicate", "from", WILLEM)
    assert linked.reference == case.reference
    assert case.reference not in str(other.history_for(NOOR))
    for refused in (
        case.agent(HANNA).tries.assigns("deciders", NOOR),
        case.agent(HANNA).tries.asks_for(FOLLOWS),
    ):
        assert refused.status == "refused"
    case.agent(HANNA).takes_step("ask", "Wanneer was dat?")
    case.contact(ANNA).replies_by_mail("Op maandag.")
    desk.it_is("2026-04-20T11:01+02:00")
    assert len(case.mails_to(NOOR)) == before


def test_who_is_late_hears_nothing_of_a_complaint_about_themselves(desk: Desk) -> None:
    """The first rung of the ladder is the head, who reads at an address of their own."""
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up", complained_about="willem")
    desk.it_is("2026-04-20T11:01+02:00")
    assert case.escalations == [("resolution", 1), ("resolution", 2)]
    assert case.mails_to(HEAD) == []
    assert [entry.what["reason"] for entry in case.events("notice_suppressed")
            if entry.what["recipient"] == "level/1"] == ["hidden"]  # fmt: skip
    assert case.mails_to(SECRETARY)


def test_a_complaint_about_nobody_by_name_is_decided_by_any_decider(desk: Desk) -> None:
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up", complained_about="noor")
    case.agent(HANNA).takes_step("start_over")
    case.agent(HANNA).takes_step("take_up_in_general")
    assert case.shown.fields["complained_about"] == ""
    _heard(case)
    case.agent(NOOR).takes_step("decide_unfounded", "Niet gebleken.")
    assert case.status == "decided"


def test_the_six_weeks_of_a_letter_begin_when_it_arrived(desk: Desk) -> None:
    """The history has both moments: when it was received, and when it was written down."""
    arrived = at("2026-02-26T09:00+01:00")
    case = desk.form_from(HANNA, letter(arrived))
    created = case.event("case_created")
    assert (created.at, created.recorded_at.date().isoformat()) == (arrived, "2026-03-02")
    assert case.due("resolution") == at("2026-04-09T10:00+02:00"), "six weeks after it arrived"
    desk.time_passes(minutes=1)
    assert [entry.what["timer"] for entry in case.events("timer_fired")] == ["not_taken_up"]
    confirmed = case.mail_to(ANNA, "received")
    assert "2 Mar 2026" in str(confirmed.message["Date"]), "it is sent now, and says so"


@pytest.mark.parametrize(
    ("arrived", "channel", "rule"),
    [
        ("2026-03-02T10:01+01:00", "letter", "past"),
        ("2026-02-16T09:59+01:00", "letter", "received_within"),
        ("2026-03-02T09:00+01:00", "phone", "received_within"),
    ],
    ids=["to come", "too long ago", "by telephone"],
)
def test_a_letter_arrived_lately_and_not_tomorrow(
    desk: Desk, arrived: str, channel: str, rule: str
) -> None:
    (wrong,) = desk.refused_form_from(HANNA, letter(at(arrived), channel))
    assert (wrong.field, wrong.rule) == ("received_at", rule)


def test_each_letter_about_the_term_says_until_when(desk: Desk) -> None:
    """The confirmation, and the letter on the extension: once each, and no other date beside."""
    case = desk.mail_from(ANNA).case
    (received,) = case.mails_to(ANNA)
    assert "uiterlijk op 13 april 2026 11:00" in received.text
    case.agent(HANNA).takes_step("take_up_in_general")
    case.agent(HANNA).takes_step("ask", "Wanneer was dat?")
    _extends(case)
    (extension,) = case.mails_to(ANNA, "extension")
    assert "uiterlijk op 11 mei 2026 11:00" in extension.text
    assert "stukken" in extension.text
    case.contact(ANNA).replies_by_mail("Op maandag.")
    case.agent(HANNA).takes_step("note_accepted", "Mevrouw is tevreden.")
    case.contact(ANNA).replies_by_mail("Toch niet.")
    assert case.status == "examining", "the clock went on; the term is what it was"
    mails = [mail.notice for mail in case.mails_to(ANNA)]
    assert (mails.count("received"), mails.count("extension")) == (1, 1)


def test_one_extension_of_four_weeks_with_a_letter(desk: Desk) -> None:
    """Ten weeks from receipt then, once."""
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    assert _extends(case) == "done"
    assert case.due("resolution") == at("2026-05-11T11:00+02:00"), "ten weeks"
    assert "stukken" in case.mails_to(ANNA)[-1].text
    assert _extends(case) in ("refused", "unchanged")
    assert case.due("resolution") == at("2026-05-11T11:00+02:00")


def test_the_ten_weeks_warn_by_their_own_shares(desk: Desk) -> None:
    """Extended after five weeks, when 75 % of six had been warned of."""
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    desk.it_is("2026-04-06T10:30+02:00")
    assert _extends(case) == "done"
    desk.it_is("2026-05-11T11:01+02:00")
    warned = [
        (one.what["share"], one.at.date().isoformat()) for one in case.events("deadline_warned")
    ]
    six = [(0.5, "2026-03-23"), (0.75, "2026-04-02")]
    assert warned == [*six, (0.75, "2026-04-23"), (0.9, "2026-05-04")]
    assert len(case.mails_to(TEAM, "warned")) == 4
    assert case.escalations == [("resolution", 1)]


def test_it_is_too_late_to_extend_after_six_weeks(desk: Desk) -> None:
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    desk.it_is("2026-04-13T11:05+02:00")
    assert _extends(case) == "refused"


def test_who_is_late_is_heard_of_by_the_head_and_a_week_later_by_the_secretary(desk: Desk) -> None:
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    desk.it_is("2026-04-13T11:01+02:00")
    assert case.escalations == [("resolution", 1)]
    desk.it_is("2026-04-20T11:01+02:00")
    assert case.escalations == [("resolution", 1), ("resolution", 2)]
    assert [letter for letter in case.mails_to(SECRETARY) if case.reference in letter.subject]


def test_who_replies_to_a_complaint_that_has_ended_is_told_that_it_has(desk: Desk) -> None:
    """And what they wrote is kept for the desk. A machine that answers that is not answered for
    ever."""
    case = desk.mail_from(ANNA).case
    case.contact(ANNA).takes_step("withdraw")
    received = case.mail_to(ANNA, "received")
    for _ in range(8):
        case.contact(ANNA).replies_by_mail("Toch niet!", to=received, by="token")
    mails = [letter for letter in desk.mails_to(ANNA) if letter.notice == "reply_refused"]
    assert len(mails) == 5
    assert case.reference in mails[0].subject
    assert "niet aan toegevoegd" in mails[0].text
    assert len(desk.refusals("not_allowed")) == 8
    assert case.comments == []


def test_what_follows_a_complaint_is_hidden_from_them_too(desk: Desk) -> None:
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up", complained_about="noor")
    case.contact(ANNA).takes_step("withdraw")
    case.agent(HANNA).asks_follow_up("De ombudsman vraagt een reactie.", title="Ombudsman")
    (follow_up,) = case.linked("follow_up", "from")
    assert follow_up.seen_by(HANNA) is not None
    assert follow_up.seen_by(NOOR) is None
    assert follow_up.reference not in desk.cases_of(NOOR)


def test_whoever_goes_to_the_ombudsman_is_a_follow_up(desk: Desk) -> None:
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    _heard(case)
    case.agent(WILLEM).takes_step("decide_unfounded", "Niet gebleken.")
    desk.time_passes(days=15)
    assert case.status == "closed", "by itself, two weeks after the decision"
    case.agent(HANNA).asks_follow_up("De ombudsman vraagt een reactie.", title="Ombudsman")
    (follow_up,) = case.linked("follow_up", "from")
    assert follow_up.shown.title == "Ombudsman"
    assert follow_up.status == "ombudsman_asked"
