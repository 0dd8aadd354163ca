"""J1, J2, J3, J4, J6, C8, C13: priority by impact and urgency, and what is promised for each."""

from datetime import datetime

import pytest
from case_portal.reports.service import Question

from tests.acceptance.jouw_omgeving.conftest import simulated
from tests.acceptance.jouw_omgeving.people import (
    ADDRESS,
    EVA,
    FENNA,
    JORIS,
    LIEKE,
    MARLEEN,
    SEM,
    TENANT,
)
from tests.acceptance.jouw_omgeving.steps import form, incident, propose, solve
from tests.support.desk.scenario import Desk
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.world.attainment import attainment, breaches

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("high", "high", "P1"), ("high", "medium", "P2"), ("high", "low", "P3"),
        ("medium", "high", "P2"), ("medium", "medium", "P3"), ("medium", "low", "P4"),
        ("low", "high", "P3"), ("low", "medium", "P4"), ("low", "low", "P5"),
    ],
)  # fmt: skip
def test_priority_is_impact_times_urgency(
    desk: Desk, impact: str, urgency: str, priority: str
) -> None:
    """J2: all nine, as the form is filled in; what was chosen is on record."""
    case = desk.form_from(EVA, form(impact=impact, urgency=urgency))
    assert case.priority == priority
    assert priority[1] in case.mail_to(EVA, "registered").text
    [by_rule] = case.events("priority_assessed")
    assert by_rule.what["axes"] == {"impact": impact, "urgency": urgency}


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"), [("high", "low", "P3"), ("low", "high", "P3"),
                                        ("low", "medium", "P4"), ("high", "high", "P1")],
)  # fmt: skip
def test_an_agent_assesses_impact_and_urgency(
    desk: Desk, impact: str, urgency: str, priority: str
) -> None:
    """J2, C7: both are on record, and the contact is told; one of them is not enough."""
    case = incident(desk, EVA, "P2")
    answer = case.agent(LIEKE).tries.assesses(impact=impact)
    assert (answer.status, answer.field) == ("refused", "priority")
    case.agent(LIEKE).assesses(impact=impact, urgency=urgency)
    assert case.priority == priority
    assessed = case.events("priority_assessed")[-1]
    assert assessed.what["axes"] == {"impact": impact, "urgency": urgency}
    assert assessed.who.id == LIEKE.id
    assert f"Prioriteit {priority[1]}" in case.mail_to(EVA, "assessed").subject


@pytest.mark.parametrize(
    ("axis", "option", "words"),
    [
        ("impact", "high", "33 %"), ("impact", "medium", "10 to 33 %"), ("impact", "low", "10 %"),
        ("urgency", "high", "critical parts of business processes"),
        ("urgency", "medium", "several parts of the platform or important parts"),
        ("urgency", "low", "limited and trivial parts"),
    ],
)  # fmt: skip
def test_the_axes_say_what_they_mean(
    world: SideBySideDriver, axis: str, option: str, words: str
) -> None:
    """J2, C14: in what people choose from."""
    definition = world.reference.newest(TENANT)
    assert definition is not None
    assert words in definition.text(f"fields.{axis}.options.{option}", "en")


@pytest.mark.parametrize(
    ("priority", "response", "restore"),
    [
        ("P1", "2026-03-02T10:00+01:00", "2026-03-02T13:00+01:00"),
        ("P2", "2026-03-02T13:00+01:00", "2026-03-02T17:00+01:00"),
        ("P3", "2026-03-02T17:00+01:00", "2026-03-03T16:30+01:00"),
        ("P4", "2026-03-03T12:30+01:00", "2026-03-05T15:30+01:00"),
        ("P5", "2026-03-03T16:30+01:00", "2026-03-06T15:00+01:00"),
    ],
)
def test_response_and_restore_by_priority(
    timed_desk: Desk, priority: str, response: str, restore: str
) -> None:
    """J3, C8: 1 and 4, 4 and 8, 8 and 16, 12 and 32, 16 and 40 office hours."""
    case = incident(timed_desk, EVA, priority)
    assert case.due("first_response") == at(response)
    assert case.due("resolution") == at(restore)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-02T08:00+01:00", "2026-03-02T10:00+01:00"),
        ("2026-03-02T17:00+01:00", "2026-03-03T09:30+01:00"),
        ("2026-03-06T17:15+01:00", "2026-03-09T09:45+01:00"),
        ("2026-03-08T12:00+01:00", "2026-03-09T10:00+01:00"),
        ("2026-04-24T17:00+02:00", "2026-04-28T09:30+02:00"),
        ("2026-12-24T17:00+01:00", "2026-12-28T09:30+01:00"),
    ],
    ids=["before-nine", "after-half-past-five", "weekend", "on-sunday", "kings-day", "christmas"],
)
def test_only_office_hours_count(moment: str, due: str) -> None:
    """J1, C8: nine to half past five on working days, though a case is taken in at any time."""
    with simulated(at(moment)) as driver:
        case = incident(Desk(driver, ADDRESS, MARLEEN), EVA, "P1")
        assert case.due("first_response") == at(due)


def test_an_agreement_comes_before_what_is_promised_to_everybody() -> None:
    """C8: from seven to seven, within half an hour for P1; the rest is as for everybody."""
    with simulated(at("2026-03-02T07:10+01:00")) as driver:
        desk = Desk(driver, ADDRESS, MARLEEN)
        early, later = incident(desk, SEM, "P1"), incident(desk, SEM, "P2")
        assert early.due("first_response") == at("2026-03-02T07:40+01:00")
        assert early.due("resolution") == at("2026-03-02T13:00+01:00")
        assert later.due("first_response") == at("2026-03-02T13:00+01:00")


@pytest.mark.parametrize("priority", ["P4", "P5"])
@pytest.mark.parametrize("way", ["contact", "desk"])
def test_an_agreed_schedule_restores_a_low_priority(
    timed_desk: Desk, priority: str, way: str
) -> None:
    """J3, C6: proposed is not enough; agreed by the contact, in the portal or otherwise, it is."""
    case = incident(timed_desk, FENNA, priority)
    case.agent(LIEKE).takes_up()
    missing = case.agent(LIEKE).tries.takes_step("propose", "Later.")
    assert (missing.status, missing.field, missing.rule) == ("refused", "schedule", "required")
    timed_desk.it_is("2026-03-02T11:00+01:00")
    propose(case, LIEKE)
    shown = case.seen_by(FENNA)
    assert shown is not None
    assert (shown.status, shown.stands_out) == ("proposed", True)
    assert shown.fields["schedule"] == "Saturday 14 March, 08:00"
    assert case.clocks["resolution"].state == "paused"
    if way == "contact":
        case.contact(FENNA).takes_step("agree_to_schedule")
    else:
        case.agent(LIEKE).takes_step("agreed_otherwise", "Fenna agreed on the telephone.")
    assert case.status == "scheduled"
    assert case.clocks["resolution"].state == "met"
    assert len(case.mails_to(FENNA, "scheduled")) == (way == "desk")
    timed_desk.it_is("2026-03-16T09:00+01:00")
    solve(case, LIEKE)
    assert case.status == "solved"
    assert not case.events("target_breached")


@pytest.mark.parametrize("priority", ["P1", "P2", "P3"])
def test_no_schedule_restores_a_higher_priority(timed_desk: Desk, priority: str) -> None:
    """J3: none can be proposed; only a solution stops its clock."""
    case = incident(timed_desk, FENNA, priority)
    case.agent(LIEKE).takes_up()
    answer = case.agent(LIEKE).tries.takes_step("propose", "Later.", schedule="Saturday")
    assert (answer.status, answer.rule) == ("refused", "when")
    assert case.clocks["resolution"].state == "running"
    solve(case, LIEKE)
    assert case.clocks["resolution"].state == "met"


def test_a_declined_schedule_restores_nothing(timed_desk: Desk) -> None:
    """J3, C6, C15: the contact says what does not suit them, and the clock goes on."""
    case = incident(timed_desk, FENNA, "P5")
    case.agent(LIEKE).takes_up()
    propose(case, LIEKE)
    timed_desk.it_is("2026-03-02T11:00+01:00")
    silent = case.contact(FENNA).tries.takes_step("decline_schedule")
    assert (silent.status, silent.field, silent.rule) == ("refused", "text", "required")
    case.contact(FENNA).takes_step("decline_schedule", "That is too late.")
    assert (case.status, case.clocks["resolution"].state) == ("in_progress", "running")
    assert case.due("resolution") == at("2026-03-06T17:00+01:00")


@pytest.mark.parametrize("case_type", ["question", "change_request"])
def test_questions_and_requests_come_in_order_of_arrival(
    timed_desk: Desk, world: SideBySideDriver, case_type: str
) -> None:
    """J4, C8: no target, however long they lie, and the queue keeps their order."""
    cases = []
    for contact in (EVA, FENNA, SEM):
        cases.append(timed_desk.form_from(contact, form(case_type)))
        timed_desk.time_passes(minutes=1)
    cases[0].agent(LIEKE).notes("The last that changed is not the last that came.")
    timed_desk.time_passes(days=30)
    for case in cases:
        assert case.clocks == {}
        assert not {"deadline_set", "target_breached"} & set(case.story)
    urgent = incident(timed_desk, EVA, "P1")
    in_order = [urgent.reference, *(case.reference for case in cases)]
    assert world.references(LIEKE, "active") == in_order


def test_attainment_against_its_share_per_priority_and_month(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """J6, J3, C13: response against 100 %, restore against 95 %."""
    kept, late = incident(timed_desk, JORIS, "P1"), incident(timed_desk, EVA, "P1")
    other = incident(timed_desk, EVA, "P5")
    timed_desk.form_from(FENNA, form("question"))
    for case in (kept, other):
        case.agent(LIEKE).takes_up()
        solve(case, LIEKE)
    timed_desk.it_is("2026-03-02T10:30+01:00")
    late.agent(LIEKE).takes_up()
    solve(late, LIEKE)
    timed_desk.it_is("2026-04-01T09:30+02:00")
    april = incident(timed_desk, EVA, "P1")
    april.agent(LIEKE).takes_up()
    solve(april, LIEKE)
    asked = Question(
        tenant=TENANT, since=at("2026-03-01T00:00+01:00"), until=at("2026-05-01T00:00+02:00"),
        as_of=world.now(), by=("month", "target", "priority"), zone="Europe/Amsterdam",
    )  # fmt: skip
    found = {
        group: (line.kept, line.missed, line.promised, line.share, line.is_kept)
        for group, line in attainment(world, asked).items()
        if group[1] != "next_response"
    }
    assert found == {
        ("2026-03", "first_response", "P1"): (1, 1, 1.0, "50 %", False),
        ("2026-03", "first_response", "P5"): (1, 0, 1.0, "100 %", True),
        ("2026-03", "resolution", "P1"): (2, 0, 0.95, "100 %", True),
        ("2026-03", "resolution", "P5"): (1, 0, 0.95, "100 %", True),
        ("2026-04", "first_response", "P1"): (1, 0, 1.0, "100 %", True),
        ("2026-04", "resolution", "P1"): (1, 0, 0.95, "100 %", True),
    }
    (breach,) = breaches(world, asked)
    assert (breach.reading.reference, breach.late) == (late.reference, 30 * 60 * 1_000_000)
