"""Tags: agents put those of the definition on a case; what waits for one follows."""

from typing import Any

import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.base import Event
from case_events.contracts.cases import AssessmentRequested, CaseAssigned
from case_events.contracts.tags import AddTag, RemoveTag, TagAdded, TagRemoved
from case_workflow.domain.automation.consequences import what_follows
from case_workflow.domain.case import Case, fold
from case_workflow.domain.commands import decide
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, UncommittedEvents, Verdict

from tests.unit.workflow.workflow_desk import ANNA, BO, DEFINITION, START

TAGS: dict[str, Any] = {
    "tags": [{"name": "vip"}, {"name": "late", "case_types": ["question"]}],
    "automations": [
        {"name": "again", "on": "tagged:vip", "then": [{"assess_again": True}]},
        {"name": "to_gold", "on": "assigned", "when": "'vip' in case.tags",
         "then": [{"assess_again": True}]},
    ],
}  # fmt: skip
DESK = compile_definition(DEFINITION | TAGS)
CASE = Case(version=5, case_type="incident", status="new", priority="P2", team="desk")
TAGGED = fold(CASE, TagAdded("vip"))


def _decided(case: Case, command: AddTag | RemoveTag, *, by_agent: bool = True) -> Verdict:
    requester = Requester(actor=BO if by_agent else ANNA, record="r", participant=True, now=START)
    return decide(case, command, requester, DESK)


def _follows(case: Case, event: Event) -> list[Event]:
    requester = Requester(actor=BO, record="r", participant=True, now=START)
    found = what_follows(UncommittedEvents(case).and_then([event]), requester, DESK)
    assert not isinstance(found, Refusal)
    return list(found.events[1:])


def test_a_tag_is_put_on_and_taken_off_once() -> None:
    assert _decided(CASE, AddTag(tag="vip")) == [TagAdded("vip")]
    assert _decided(TAGGED, AddTag(tag="vip")) == UNCHANGED
    assert _decided(TAGGED, RemoveTag(tag="vip")) == [TagRemoved("vip")]
    assert _decided(CASE, RemoveTag(tag="vip")) == UNCHANGED
    assert (TAGGED.tags, fold(TAGGED, TagRemoved("vip")).tags) == (("vip",), ())


@pytest.mark.parametrize("tag", ["late", "unheard_of"], ids=["of another type", "of none"])
def test_only_a_tag_that_the_definition_has_for_the_type(tag: str) -> None:
    refused = _decided(CASE, AddTag(tag=tag))
    assert isinstance(refused, Refusal)
    assert (refused.field, refused.rule) == ("tag", "options")


@pytest.mark.parametrize("command", [AddTag(tag="vip"), RemoveTag(tag="vip")])
def test_contacts_tag_nothing(command: AddTag | RemoveTag) -> None:
    refused = _decided(TAGGED, command, by_agent=False)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.rule) == ("not_allowed", "by")


def test_rules_and_automations_know_the_tags_of_a_case() -> None:
    assert _follows(CASE, TagAdded("vip")) == [AssessmentRequested("P2")]
    assert _follows(CASE, TagAdded("late")) == []
    assert _follows(TAGGED, CaseAssigned("gold")) == [AssessmentRequested("P2")]
    assert _follows(CASE, CaseAssigned("gold")) == []
