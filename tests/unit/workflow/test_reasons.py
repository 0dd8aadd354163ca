"""A decision and a slip need a reason, whatever way the command came."""

from typing import Literal

import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded
from case_events.contracts.decisions import DecideCase, DecisionMade, DecisionRequested
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.contracts.releases import ReleasePlanned, ReleaseSlipped, SlipRelease
from case_events.kernel import replay
from case_workflow.domain.case import Case, fold
from case_workflow.domain.decisions.decide import decide_case
from case_workflow.domain.releases.decide import slip_release
from case_workflow.domain.verdict import Refusal, Requester, Verdict

from tests.unit.workflow.workflow_desk import BO, DEFINITION, START

CASE = Case(version=5, case_type="incident", status="new", priority="P2", team="desk")
REQUESTER = Requester(actor=BO, record="r", roles=("owner",), participant=True, now=START)
CHANGE = {"name": "change", "role": "owner", "statuses": ["new"]}
PARTS = {
    "roles": ["owner"],
    "decisions": [CHANGE, {**CHANGE, "name": "answered", "answered": True}],
    "releases": {"every_months": 2, "ending_with": 1, "timezone": "Europe/Amsterdam"},
}
WITH_PARTS = compile_definition(DEFINITION | PARTS)
Outcome = Literal["yes", "no"]
NOTHING = ("", "  \n")


def after(*events: Event) -> Case:
    return replay(fold, CASE, events)


def decided(decision: str, outcome: Outcome, reason: str, answer: str = "") -> Verdict:
    asked = after(DecisionRequested(decision, "owner"))
    ruling = DecisionContent(text=reason, answer=answer)
    command = DecideCase(decision=decision, outcome=outcome, personal=ruling)
    return decide_case(asked, command, REQUESTER, WITH_PARTS)


def slipped(reason: str, release: str = "") -> Verdict:
    planned = after(ReleasePlanned("2026-11", "2026-W49"))
    command = SlipRelease(release=release, personal=WrittenContent(text=reason))
    return slip_release(planned, command, REQUESTER, WITH_PARTS)


def missing(verdict: Verdict) -> str:
    """The field that has to be filled in."""
    assert isinstance(verdict, Refusal)
    assert (verdict.code, verdict.rule) == ("invalid", "required")
    return verdict.field


@pytest.mark.parametrize("reason", NOTHING)
@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_a_decision_is_not_made_without_a_reason(outcome: Outcome, reason: str) -> None:
    assert missing(decided("change", outcome, reason)) == "text"
    assert decided("change", outcome, "We need it.") == [
        DecisionMade("change", outcome, "owner", personal=WrittenContent(text="We need it."))
    ]


@pytest.mark.parametrize("answer", NOTHING)
def test_a_decision_that_is_answered_is_not_made_without_the_answer(answer: str) -> None:
    """The reason is for colleagues, and no answer."""
    assert missing(decided("answered", "no", "Too dear.", answer)) == "answer"
    events = decided("answered", "no", "Too dear.", "We will not do it.")
    assert isinstance(events, list)
    comment, made = events
    assert isinstance(comment, CommentAdded)
    assert (comment.public, comment.personal.text) == (True, "We will not do it.")
    assert isinstance(made, DecisionMade)
    assert made.personal.text == "Too dear."


@pytest.mark.parametrize("release", ["", "2027-01"])
@pytest.mark.parametrize("reason", NOTHING)
def test_a_case_does_not_slip_without_a_reason(reason: str, release: str) -> None:
    assert missing(slipped(reason, release)) == "text"
    assert slipped("The test failed.", release) == [
        ReleaseSlipped(
            "2027-01",
            "2027-W04",
            "2026-11",
            "2026-W49",
            personal=WrittenContent(text="The test failed."),
        )
    ]
