"""Fields that name an agent, as workflow decides about them."""

from copy import deepcopy
from typing import Any

import pytest
from case_events.contracts.cases import FieldsSet
from case_events.contracts.commands import ChangeStatus, SetFields
from case_events.contracts.reference import DefinitionPublished

from tests.unit.workflow.workflow_desk import ANNA, BO, CY, DEFINITION, Desk, created, record
from tests.unit.workflow.workflow_desk import reference as sample

ABOUT = {"name": "about", "type": "agent", "editable_by": ["agent"]}


def desk(**about: Any) -> Desk:
    """A case whose form has a field that names an agent; only others than they solve it."""
    document = deepcopy(DEFINITION)
    document["fields"].append(ABOUT | about)
    document["case_types"][0]["fields"].append({"field": "about"})
    solve = next(step for step in document["transitions"] if step["name"] == "solve")
    solve |= {"requires": {"fields": ["about"]}, "when": "actor.id != case.fields.about"}
    known = sample()
    known.apply(record(DefinitionPublished("sample/1", document)))
    opened = Desk(known)
    opened.ask(created(), ANNA)
    return opened


@pytest.mark.parametrize("named", ["gone", "nobody", "anna"])
def test_only_an_active_agent_is_named(named: str) -> None:
    at = desk()
    assert at.refused(SetFields(fields={"about": named})) == ("invalid", "about", "agent")
    step = ChangeStatus(transition="solve", fields={"about": named})
    assert at.refused(step) == ("invalid", "about", "agent")


def test_whoever_is_named_is_known_to_rules() -> None:
    at = desk()
    assert at.ask(SetFields(fields={"about": "cy"})) == [FieldsSet({"about": "cy"})]
    assert at.refused(ChangeStatus(transition="solve"), CY) == ("not_allowed", "transition", "when")
    at.ask(ChangeStatus(transition="solve"), BO)
    assert at.status == "solved"


def test_a_field_is_emptied_again() -> None:
    at = desk()
    at.ask(SetFields(fields={"about": "cy"}))
    assert at.ask(SetFields(fields={"about": ""})) == [FieldsSet({"about": ""})]


def test_a_field_is_changed_by_whom_its_rule_lets() -> None:
    at = desk(editable_when="actor.id != case.fields.about && actor.id != 'bo'")
    assert at.refused(SetFields(fields={"about": "cy"}), BO) == (
        "not_allowed",
        "about",
        "editable_when",
    )
    at.ask(SetFields(fields={"about": "cy"}), CY)
    assert at.refused(SetFields(fields={"about": ""}), CY)[2] == "editable_when"


def test_what_a_form_leaves_as_it_is_is_no_change() -> None:
    at = desk(editable_when="actor.id == 'cy'")
    at.ask(SetFields(fields={"about": "cy"}), CY)
    step = ChangeStatus(transition="solve", fields={"about": "bo"})
    assert at.refused(step, BO) == ("not_allowed", "about", "editable_when")
    at.ask(ChangeStatus(transition="solve", fields={"about": "cy"}), BO)
    assert at.status == "solved"


def test_a_field_is_changed_with_one_step_alone() -> None:
    at = desk(editable_when="event.transition == 'solve'")
    assert at.refused(SetFields(fields={"about": "cy"})) == (
        "not_allowed",
        "about",
        "editable_when",
    )
    at.ask(ChangeStatus(transition="solve", fields={"about": "cy"}), BO)
    assert at.status == "solved"
