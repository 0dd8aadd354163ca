"""What is declared of an event fits the event, and each who needs it reads it from there."""

import pytest
from case_definition.schema.definition import DefinitionDocument
from case_definition.vocabulary import NEEDS, TRIGGERS
from case_events.contracts import Contract, every_contract
from case_events.contracts.cases import CaseAssigned, CommentAdded
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger
from case_events.topics import CASES, COMMANDS
from case_workflow.domain.commands import DECIDERS

EVERY = list(every_contract())
HISTORY = [one for one in EVERY if CASES in one.topics]


def _has(contract: Contract, member: str) -> bool:
    return hasattr(contract.event, member)


@pytest.mark.parametrize("contract", HISTORY, ids=lambda one: one.label)
def test_rules_and_triggers_name_members_of_the_event(contract: Contract) -> None:
    about = [trigger.about for trigger in contract.triggers if trigger.about]
    assert [name for name in (*about, *contract.rule_members) if not _has(contract, name)] == []


def test_a_trigger_is_about_a_section_of_the_definition_and_needs_one() -> None:
    sections = set(DefinitionDocument.model_fields)
    assert {section for section in TRIGGERS.values() if section} <= sections
    assert {path.partition(".")[0] for path in NEEDS.values()} <= sections


def test_no_two_events_set_off_the_same() -> None:
    names = [trigger.name for one in EVERY for trigger in one.triggers]
    assert len(names) == len(set(names))


def test_a_command_says_who_may_ask_it_and_has_one_decider() -> None:
    """The other way round as well: nothing is asked but commands."""
    asked = {one.event: one.asked_by for one in EVERY if one.asked_by is not None}
    commands = {one.event for one in EVERY if COMMANDS in one.topics}
    assert set(asked) <= commands
    assert set(DECIDERS) == set(asked)
    assert all(issubclass(event, Command) for event in asked)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (Trigger(name="alone"), ["alone"]),
        (Trigger(name="given", about="team", section="teams"), ["given", "given:desk"]),
        (Trigger(name="given", about="team", when=lambda event: event.team != "desk"), []),
    ],
)
def test_a_trigger_names_itself_and_what_it_is_about(trigger: Trigger, expected: list[str]) -> None:
    assert list(trigger.named(CaseAssigned("desk"))) == expected


def test_who_sees_an_event_can_depend_on_what_it_says() -> None:
    (comment,) = [one for one in EVERY if one.event is CommentAdded]
    assert callable(comment.audience)
    assert comment.audience(CommentAdded("c", "agent", public=False)) == "desk"
    assert comment.audience(CommentAdded("c", "agent", public=True)) == "everyone"
