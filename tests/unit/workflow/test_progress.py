"""Phases, decisions and releases that follow by themselves."""

from datetime import UTC, datetime
from typing import Any

import pytest
from case_definition.lookup.definition import Definition, compile_definition
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import CaseClassified, CommentAdded, StatusChanged
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.ratings import CaseRated, RatingRequested
from case_events.contracts.releases import (
    CaseReleased,
    ReleasePassed,
    ReleasePlanned,
    ReleaseSlipped,
)
from case_events.kernel import replay
from case_workflow.domain.automation.consequences import what_follows
from case_workflow.domain.case import Case, fold
from case_workflow.domain.releases.decide import passes_at, release_passed
from case_workflow.domain.verdict import Requester, UncommittedEvents

from tests.unit.workflow.workflow_desk import ANNA, DEFINITION, START

CASE = Case(version=5, case_type="incident", status="new", priority="P2", team="desk")
REQUESTER = Requester(actor=ANNA, record="r", participant=True, now=START)
COMMENT = CommentAdded("c", "contact", True)
PHASE = {"case_types": ["incident"], "by": ["agent"]}
PARTS: dict[str, Any] = {
    "phases": [
        {**PHASE, "name": "asking", "status": "asked", "first": True, "next": ["making"]},
        {**PHASE, "name": "making", "status": "new", "on": "contact_replied"},
        {**PHASE, "name": "selling", "case_types": ["question"]},
    ],
    "roles": ["owner"],
    "decisions": [{"name": "change", "role": "owner", "statuses": ["new"]}],
    "releases": {"every_months": 2, "ending_with": 1, "timezone": "Europe/Amsterdam"},
    "ratings": {"lowest": 1, "highest": 3, "statuses": ["closed"]},
}


def _definition(*automations: dict[str, Any]) -> Definition:
    named = [{"name": f"a{at}", **one} for at, one in enumerate(automations)]
    return compile_definition(DEFINITION | PARTS | {"automations": named})


def _after(*events: Event) -> Case:
    return replay(fold, CASE, events)


def _follows(
    case: Case, event: Event, on: str = "rated", now: datetime = START, **then: Any
) -> list[Event]:
    automations = [{"on": on, "then": [then]}] if then else []
    requester = Requester(actor=ANNA, record="r", participant=True, now=now)
    found = what_follows(
        UncommittedEvents(case).and_then([event]), requester, _definition(*automations)
    )
    assert isinstance(found, UncommittedEvents)
    return list(found.events[1:])


def test_a_phase_can_follow_an_event_from_the_phase_before_it() -> None:
    """D6: with its status; from no other phase."""
    asking = _after(PhaseChanged("asking"), StatusChanged("asked", "new"))
    assert [label_of(event) for event in _follows(asking, COMMENT)] == [
        "status_changed", "phase_changed"
    ]  # fmt: skip
    assert _follows(CASE, COMMENT) == []
    ended = _after(PhaseChanged("asking"), StatusChanged("closed", "asked"))
    assert _follows(ended, COMMENT) == []


def test_a_consequence_sets_a_phase_and_its_status() -> None:
    """D6: not one that the type does not have, nor the one that it is in."""
    assert _follows(CASE, CaseRated(3), set_phase="asking") == [
        PhaseChanged("asking", "", "set_phase"),
        StatusChanged("asked", "new", reason="phase:asking"),
    ]
    assert _follows(CASE, CaseRated(3), set_phase="selling") == []
    assert _follows(_after(PhaseChanged("asking")), CaseRated(3), set_phase="asking") == []


@pytest.mark.parametrize(
    ("on", "event"),
    [
        ("phase:asking", PhaseChanged("asking")),
        ("decision_asked:change", DecisionRequested("change", "owner")),
        ("decision_yes", DecisionMade("change", "yes", "owner")),
        ("decision_no:change", DecisionMade("change", "no", "owner")),
        ("release_planned", ReleasePlanned("2026-11", "2026-W49")),
        ("release_slipped", ReleaseSlipped("2027-01", "2027-W04", "2026-11")),
        ("release_passed", ReleasePassed("2026-11")),
        ("released", CaseReleased()),
    ],
)
def test_what_progresses_sets_off_what_is_on_it(on: str, event: Event) -> None:
    """J5, O5, O6."""
    assert _follows(CASE, event, on, ask_rating=True) == [RatingRequested(1, 3)]
    assert _follows(CASE, CaseClassified("question"), on, ask_rating=True) == []


def test_who_has_rated_is_not_asked_again() -> None:
    """O6."""
    assert _follows(CASE, COMMENT, "contact_replied", ask_rating=True) == [RatingRequested(1, 3)]
    assert _follows(_after(CaseRated(2)), COMMENT, "contact_replied", ask_rating=True) == []


def test_a_release_slips_to_the_next_one_that_is_not_over() -> None:
    """O5: not before it is planned, nor once it is out."""
    planned = ReleasePlanned("2026-11", "2026-W49")
    slip: dict[str, Any] = {"on": "rated", "slip_release": True}
    late = datetime(2027, 4, 1, tzinfo=UTC)
    assert _follows(_after(planned), CaseRated(1), **slip) == [
        ReleaseSlipped("2027-01", "2027-W04", "2026-11", "2026-W49", reason="slip_release")
    ]
    (slipped,) = _follows(_after(planned), CaseRated(1), now=late, **slip)
    assert isinstance(slipped, ReleaseSlipped)
    assert slipped.release == "2027-05"
    assert _follows(CASE, CaseRated(1), **slip) == []
    assert _follows(_after(planned, CaseReleased()), CaseRated(1), **slip) == []


def test_a_release_passes_at_the_end_of_its_cycle_while_it_is_worked_on() -> None:
    """O5, C8."""
    definition, over = _definition(), datetime(2026, 11, 30, 23, tzinfo=UTC)
    planned = _after(ReleasePlanned("2026-11", "2026-W49"))
    assert passes_at(planned, definition) == over
    assert release_passed(planned, over, definition) == [ReleasePassed("2026-11")]
    assert release_passed(planned, START, definition) == []
    for ended in ("solved", "closed"):
        case = fold(planned, StatusChanged(ended, "new"))
        assert passes_at(case, definition) is None
    assert passes_at(fold(planned, CaseReleased("2026-11")), definition) is None
    assert passes_at(CASE, definition) is None
