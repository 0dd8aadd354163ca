"""What follows by itself from what people and machines do, as the definition says."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from case_definition.lookup.definition import Definition, compile_definition
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AssessmentRequested,
    CaseAssigned,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.sla import TargetBreached
from case_workflow.domain.automation.consequences import what_follows
from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Refusal, Requester, UncommittedEvents

from tests.unit.workflow.workflow_desk import ANNA, DEFINITION, START

CASE = Case(version=5, case_type="incident", status="new", priority="P2", team="desk")
REQUESTER = Requester(actor=ANNA, record="r", participant=True, now=START)
COMMENT = CommentAdded("c", "contact", True)
BREACHED = TargetBreached(
    target="resolution", cycle=1, rests_on=5, due_at=START, detected_at=START + timedelta(hours=1)
)


def _definition(*automations: dict[str, Any], **changes: Any) -> Definition:
    named = [{"name": f"a{at}", **one} for at, one in enumerate(automations)]
    return compile_definition(DEFINITION | {"automations": named, **changes})


def _follows(happened: Sequence[Event], definition: Definition) -> list[Event] | Refusal:
    found = what_follows(UncommittedEvents(CASE).and_then(happened), REQUESTER, definition)
    return found if isinstance(found, Refusal) else list(found.events[len(happened) :])


@pytest.mark.parametrize(
    ("on", "when", "event", "follows"),
    [
        ("contact_replied", "event.public", COMMENT, True),
        ("contact_replied", "!event.public", COMMENT, False),
        ("agent_replied", None, COMMENT, False),
        ("breached", None, BREACHED, True),
        ("breached:resolution", None, BREACHED, True),
        ("breached:first_response", None, BREACHED, False),
        ("created", None, CaseAssigned("desk", reason="routed"), True),
        ("assigned", None, CaseAssigned("desk", reason="routed"), False),
        ("assigned", None, CaseAssigned("desk"), True),
        ("prioritised", None, PriorityAssessed("P1", by="agent"), True),
        ("prioritised", None, PriorityAssessed("P1"), False),
        ("contact_replied", None, CommentAdded("c", "contact", False), False),
    ],
)
def test_an_event_sets_off_what_is_on_it(
    on: str, when: str | None, event: Event, follows: bool
) -> None:
    """S4, C7: by its trigger, and by what it is about."""
    definition = _definition({"on": on, "when": when, "then": [{"assess_again": True}]})
    priority = event.priority if isinstance(event, PriorityAssessed) else "P2"
    expected: list[Event] = [AssessmentRequested(priority)] if follows else []
    assert _follows([event], definition) == expected


def test_what_follows_has_consequences_too_in_order() -> None:
    """C7: an assignment by rule, and what stands on assignments."""
    definition = _definition(
        {"on": "breached", "then": [{"assign": "gold"}, {"set_fields": {"cause": "late"}}]},
        {"on": "assigned", "then": [{"assess_again": True}]},
    )
    assert _follows([BREACHED], definition) == [
        CaseAssigned("gold", previous_team="desk"),
        FieldsSet({"cause": "late"}),
        AssessmentRequested("P2"),
    ]


def test_a_step_leads_to_what_it_says() -> None:
    steps = [dict(step) for step in DEFINITION["transitions"]]
    steps[0]["then"] = [{"set_fields": {"cause": "asked"}}]
    definition = _definition(transitions=steps)
    asked = StatusChanged("asked", "new", "ask")
    assert _follows([asked], definition) == [FieldsSet({"cause": "asked"})]


def test_what_is_so_already_does_not_follow_again() -> None:
    definition = _definition(
        {"on": "breached", "then": [{"assign": "desk"}, {"set_fields": {"cause": ""}}]}
    )
    assert _follows([BREACHED], definition) == []


def test_a_circle_is_stopped() -> None:
    """The check refuses it; if one slips through, it ends all the same."""
    definition = _definition(
        {"on": "assigned", "when": "case.team == 'desk'", "then": [{"assign": "gold"}]},
        {"on": "assigned", "when": "case.team == 'gold'", "then": [{"assign": "desk"}]},
    )
    answer = _follows([CaseAssigned("desk")], definition)
    assert isinstance(answer, Refusal)
    assert answer.code == "circle"
