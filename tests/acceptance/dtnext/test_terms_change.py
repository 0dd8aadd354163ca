"""C8, D4: what is promised changes while cases are open (issue 4, points 4, 11 and 12)."""

from datetime import datetime
from typing import Any

import pytest
from case_clocks.explanation import explain
from case_definition.calendar.instants import instant_of
from case_definition.publishing.loading import load_tenant
from case_events.contracts.commands import RequestAssessment
from case_events.contracts.parts import WrittenContent
from case_events.contracts.reference import AgreementPublished
from case_events.topics import AGREEMENTS

from tests.acceptance.dtnext.conftest import FOLDER
from tests.acceptance.dtnext.people import ANOUK, FATIMA, LEVELS, SANNE, TENANT
from tests.support.desk.scenario import Case, Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.recomputed_clocks import recomputed, recorded

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def published(world: SimulatedDriver, version: int, **changed: Any) -> str:
    """The SLA of Anouk's organisation, in another version; its key."""
    documents = load_tenant(FOLDER).agreements
    terms = next(dict(one) for one in documents if one["kind"] == "sla") | changed
    terms["version"] = version
    key = f"{TENANT}/{terms['id']}/{version}"
    world.publish((AGREEMENTS, key, TENANT, AgreementPublished(key, terms)))
    return key


def targets(resolution: str) -> list[dict[str, Any]]:
    lengths = dict.fromkeys(("P1", "P2", "P3", "P4"), resolution)
    return [{"metric": "resolution", "priorities": lengths, "promised": 0.95}]


def due(case: Case, target: str = "resolution") -> datetime | None:
    return case.clocks[target].due


def test_open_cases_come_under_the_new_agreement_and_say_why(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C8, C11: every open case of the customer, nobody else's; the reason is on record."""
    closed = timed_desk.mail_from(ANOUK).case
    closed.contact(ANOUK).closes()
    first, second = timed_desk.mail_from(ANOUK).case, timed_desk.mail_from(ANOUK).case
    other = timed_desk.mail_from(FATIMA).case
    events = len(closed.events()), len(other.events())
    assert due(first) == at("2026-03-03T17:00+01:00")
    timed_desk.it_is("2026-03-02T11:00+01:00")
    key = published(world, 2, targets=targets("PT4H"))
    timed_desk.time_passes(seconds=5)
    for case in (first, second):
        applied = case.events("agreement_applied")
        assert [one.what["agreement"] for one in applied][1:] == [key]
        assert applied[-1].what["previous"] == applied[0].what["agreement"]
        assert applied[-1].who.kind == "system"
        assert due(case) == at("2026-03-02T13:00+01:00")
        moved = [e for e in case.events("deadline_set") if e.what["reason"] == "agreement_applied"]
        assert {one.what["target"] for one in moved} >= {"resolution"}
        history = world.records(case.reference)
        assert recomputed(history, world.reference, world.now()) == recorded(history)
    assert (len(closed.events()), len(other.events())) == events


def test_a_due_that_the_change_moves_into_the_past_is_a_breach_with_that_cause(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C9: at once, with the change as its cause, and where the time went."""
    case = timed_desk.mail_from(ANOUK).case
    assert due(case) == at("2026-03-03T17:00+01:00")
    timed_desk.it_is("2026-03-02T16:00+01:00")
    published(world, 2, targets=targets("PT1H"))
    timed_desk.time_passes(seconds=5)
    breaches = {one.what["target"]: one.what for one in case.events("target_breached")}
    assert at(breaches["resolution"]["due_at"]) == at("2026-03-02T10:00+01:00")
    assert breaches["resolution"]["cause"] == "agreement_applied"
    assert breaches["resolution"]["agreement"].endswith("/2")
    assert breaches["resolution"]["held"] == [
        {"hands": "first_line", "status": "open", "counted": 3_600_000_000}
    ]


def test_an_edited_agreement_does_not_rewrite_yesterdays_breaches(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C11, C13: what was missed under the terms of that day stays missed under them."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-04T09:00+01:00")
    breaches = [one.what for one in case.events("target_breached")]
    assert {one["target"] for one in breaches} == {"first_response", "resolution"}
    published(world, 2, targets=targets("PT400H"))
    timed_desk.time_passes(hours=1)
    assert [one.what for one in case.events("target_breached")] == breaches
    assert not case.events("breach_withdrawn")
    assert due(case) == at("2026-03-03T17:00+01:00")


@pytest.mark.by_platform("D4")
def test_the_customers_first_agreement_reaches_the_cases_that_had_none(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """D4: best effort until then, with deadlines from then on, counted from the start."""
    case = timed_desk.mail_from(FATIMA).case
    assert case.clocks == {}
    timed_desk.it_is("2026-03-02T10:00+01:00")
    customer = world.reference.contact(TENANT, FATIMA.id)
    assert customer is not None
    published(world, 1, id="first-sla", customer=customer.customer, targets=targets("PT4H"))
    timed_desk.time_passes(seconds=5)
    assert due(case) == at("2026-03-02T13:00+01:00")


def test_who_was_told_of_a_breach_hears_that_it_was_answered(timed_desk: Desk) -> None:
    """C9, D17: the levels step down, each once, and nobody else is told."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T14:30+01:00")
    case.agent(SANNE).takes_up()
    case.agent(SANNE).comments("We are on it.")
    (answered,) = case.events("target_answered")
    assert (answered.what["target"], answered.what["levels"]) == ("first_response", [1, 2])
    assert answered.what["left"] == -90 * 60 * 1_000_000
    assert case.clocks["first_response"].level == 0
    assert case.clocks["first_response"].state == "breached"
    for address in LEVELS[:2]:
        assert len(case.mails_to(address, "answered_late")) == 1
    for address in LEVELS[2:]:
        assert case.mails_to(address, "answered_late") == []
    timed_desk.it_is("2026-03-03T16:00+01:00")
    raised = [e.what["level"] for e in case.events("escalation_raised")
              if e.what["target"] == "first_response"]  # fmt: skip
    assert raised == [1, 2], "nobody is told any more once it was answered"


def test_a_contact_asks_for_another_priority_and_the_outcome_is_on_record(desk: Desk) -> None:
    """D20, S4: with the reason; the agent's assessment counts anew, though nothing changes."""
    case = desk.mail_from(ANOUK).case
    asked = RequestAssessment(personal=WrittenContent(text="The whole site is down."))
    assert case.agent(SANNE).sets_priority("P3").status == "done"
    assert case.contact(ANOUK).asks_for(asked).status == "done"
    assert case.event("assessment_requested").text == "The whole site is down."
    assert case.agent(SANNE).sets_priority("P3").status == "done"
    assert case.agent(SANNE).sets_priority("P3").status == "unchanged"
    empty = case.contact(ANOUK).tries.asks_for(RequestAssessment(personal=WrittenContent(text=" ")))
    assert (empty.status, empty.field, empty.rule) == ("refused", "text", "required")
    case.contact(ANOUK).closes()
    late = case.contact(ANOUK).tries.asks_for(asked)
    assert (late.status, late.field, late.rule) == ("refused", "status", "status")


def test_the_new_terms_may_ask_a_field_that_is_true_or_false(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C8: an open case comes under them, and its clocks are explained."""
    case = timed_desk.mail_from(ANOUK).case
    recurring = targets("PT2H")[0] | {"name": "recurring", "when": "case.fields.recurring"}
    published(world, 2, targets=[recurring, *targets("PT4H")])
    timed_desk.time_passes(seconds=5)
    assert due(case) == at("2026-03-02T13:00+01:00")
    case.agent(SANNE).fills_in(recurring="true")
    assert due(case) == at("2026-03-02T11:00+01:00")
    history = world.records(case.reference)
    assert recomputed(history, world.reference, world.now()) == recorded(history)
    found = explain(history, world.reference, instant_of(world.now()))
    assert [one.state for one in found if one.metric == "resolution"] == ["running"]
