"""C8, C9, C13: promises on the help desk's hours, who is told, and what was kept of them."""

from datetime import datetime

import pytest
from case_portal.reports.service import Question

from tests.acceptance.otys.conftest import simulated
from tests.acceptance.otys.people import (
    ADDRESS,
    AYSE,
    JOKE,
    LEVELS,
    LOTTE,
    NADIA,
    ROOS,
    TENANT,
)
from tests.acceptance.otys.steps import form, solve, taken_up, with_product
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.world.attainment import attainment, breaches

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("priority", "first_response", "resolution"),
    [
        ("urgent", "2026-03-02T10:00+01:00", "2026-03-03T09:00+01:00"),
        ("normal", "2026-03-02T13:00+01:00", "2026-03-09T09:00+01:00"),
        ("low", "2026-03-03T09:00+01:00", "2026-03-16T09:00+01:00"),
    ],
)
def test_each_priority_has_its_own_lengths(
    timed_desk: Desk, priority: str, first_response: str, resolution: str
) -> None:
    """C8: counted from the intake, whenever an agent says how urgent it is."""
    case = timed_desk.form_from(LOTTE, form())
    timed_desk.it_is("2026-03-02T09:10+01:00")
    case.agent(ROOS).sets_priority(priority)
    assert case.due("first_response") == at(first_response)
    assert case.due("resolution") == at(resolution)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-06T16:00+01:00", "2026-03-09T11:30+01:00"),
        ("2026-03-07T12:00+01:00", "2026-03-09T12:30+01:00"),
        ("2026-03-02T16:30+01:00", "2026-03-03T11:30+01:00"),
        ("2026-04-24T16:00+02:00", "2026-04-28T11:30+02:00"),
        ("2026-05-04T16:30+02:00", "2026-05-05T11:30+02:00"),
    ],
    ids=["weekend", "on-saturday", "over-night", "kings-day", "liberation-day-open"],
)
def test_only_open_hours_count(moment: str, due: str) -> None:
    """C8: a short Friday, and Dutch holidays."""
    with simulated(at(moment)) as driver:
        case = Desk(driver, ADDRESS, JOKE).form_from(LOTTE, form())
        assert case.due("first_response") == at(due)


@pytest.mark.parametrize("contact", [NADIA, AYSE], ids=["best-effort", "no-agreement"])
def test_without_an_sla_nothing_is_promised(timed_desk: Desk, contact: Person) -> None:
    """C8: no clock and no breach, however long it lies beside what has them."""
    case, promised = (timed_desk.form_from(who, form()) for who in (contact, LOTTE))
    timed_desk.time_passes(days=30)
    assert "target_breached" in promised.story
    assert case.clocks == {}
    assert not {"deadline_set", "target_breached"} & set(case.story)


def test_the_clock_stands_still_while_it_waits(timed_desk: Desk) -> None:
    """C8, O5: for the contact, and while it is with the product team."""
    case = taken_up(timed_desk, LOTTE, ROOS)
    timed_desk.it_is("2026-03-02T11:00+01:00")
    case.agent(ROOS).asks("Which browser?")
    assert case.clocks["resolution"].state == "paused"
    timed_desk.it_is("2026-03-03T11:00+01:00")
    case.contact(LOTTE).replies_by_mail("Firefox.", by="token")
    assert case.due("resolution") == at("2026-03-10T09:00+01:00")
    case.agent(ROOS).assigns("product")
    assert (case.clocks["resolution"].state, case.due("resolution")) == ("paused", None)


def test_with_the_product_team_is_no_excuse_for_silence(timed_desk: Desk) -> None:
    """C8: the first response runs on until an agent has written."""
    case = with_product(timed_desk, LOTTE, ROOS)
    assert case.due("first_response") == at("2026-03-02T13:00+01:00")
    case.agent(ROOS).comments("The product team looks at it.")
    assert case.clocks["first_response"].state == "met"


def test_left_lying_it_is_warned_breached_and_escalated(timed_desk: Desk) -> None:
    """C9: an urgent case reaches the manager an hour after the due, each level by mail."""
    case = timed_desk.form_from(LOTTE, form())
    case.agent(ROOS).sets_priority("urgent")
    timed_desk.it_is("2026-03-03T09:30+01:00")
    zone = at("2026-03-02T09:00+01:00").tzinfo
    notices = [
        (entry.type, entry.what.get("level"), f"{entry.at.astimezone(zone):%a %H:%M:%S}")
        for entry in case.events("deadline_warned", "target_breached", "escalation_raised")
        if entry.what["target"] == "first_response"
    ]
    assert notices == [
        ("deadline_warned", None, "Mon 09:30:00"),
        ("escalation_raised", 1, "Mon 09:30:00"),
        ("target_breached", None, "Mon 10:00:02"),
        ("escalation_raised", 2, "Mon 11:00:00"),
    ]
    for level, address in enumerate(LEVELS[:2], 1):
        letters = case.mails_to(address, "escalated")
        assert f"niveau {level}" in letters[0].subject


def test_what_was_kept_of_what_was_promised(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C13: per target and priority against the promised share, breaches with where time went."""
    kept, missed = (timed_desk.form_from(LOTTE, form()) for _ in range(2))
    timed_desk.form_from(NADIA, form())
    kept.agent(ROOS).takes_up()
    solve(kept, ROOS)
    timed_desk.it_is("2026-03-02T15:00+01:00")
    missed.agent(ROOS).comments("At last.")
    asked = Question(
        tenant=TENANT, since=at("2026-03-01T00:00+01:00"), until=at("2026-04-01T00:00+02:00"),
        as_of=world.now(), by=("customer", "target", "priority"),
    )  # fmt: skip
    found = attainment(world, asked)
    first = found["duinzicht", "first_response", "normal"]
    assert (first.kept, first.missed, first.promised, first.is_kept) == (1, 1, 0.95, False)
    assert found["duinzicht", "resolution", "normal"].share == "100 %"
    assert {customer for customer, _, _ in found} == {"duinzicht"}
    (breach,) = breaches(world, asked)
    assert breach.reading.reference == missed.reference
    assert breach.late == 2 * 3600 * 1_000_000
