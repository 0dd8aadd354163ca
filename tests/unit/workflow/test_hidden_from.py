"""A case that does not exist for the agents whom its fields name, as workflow decides about it."""

from copy import deepcopy

from case_events.contracts.cases import CaseAssigned, FieldsSet
from case_events.contracts.commands import AddComment, AssignCase, SetFields
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.parts import WrittenContent
from case_events.contracts.people import AddWatcher, WatcherRemoved
from case_events.contracts.reference import DefinitionPublished

from tests.unit.workflow.workflow_desk import ANNA, BO, CY, DEFINITION, Desk, created, record
from tests.unit.workflow.workflow_desk import reference as sample

COMMENT = AddComment(public=True, personal=WrittenContent(text="All is well."))
ABOUT_CY = SetFields(fields={"about": "cy"})
PARTICIPANT = ("not_allowed", "case", "participant")


def desk() -> Desk:
    """A case that is hidden from whoever it is about."""
    document = deepcopy(DEFINITION) | {"hidden_from": ["about"]}
    document["fields"].append({"name": "about", "type": "agent", "editable_by": ["agent"]})
    document["case_types"][0]["fields"].append({"field": "about"})
    known = sample()
    known.apply(record(DefinitionPublished("sample/1", document)))
    opened = Desk(known)
    opened.ask(created(), ANNA)
    return opened


def test_whom_it_is_about_takes_no_part_until_it_is_about_another() -> None:
    at = desk()
    at.ask(ABOUT_CY)
    assert at.refused(COMMENT, CY) == PARTICIPANT
    assert at.refused(SetFields(fields={"about": ""}), CY) == PARTICIPANT
    at.ask(COMMENT, BO)
    reply = ReplyReceived(
        found_by="token", participant=True, personal=WrittenContent(text="By mail.")
    )
    assert at.refused(reply, CY) == ("not_allowed", "from", "participant")
    at.ask(SetFields(fields={"about": "bo"}))
    assert at.refused(COMMENT, BO) == PARTICIPANT
    at.ask(COMMENT, CY)


def test_whom_it_is_about_leaves_it() -> None:
    at = desk()
    at.ask(AssignCase(team="gold", agent="cy"))
    at.ask(AddWatcher(watcher="agent/cy"))
    assert at.ask(ABOUT_CY) == [
        FieldsSet({"about": "cy"}),
        WatcherRemoved("agent/cy"),
        CaseAssigned("gold", reason="hidden_from", previous_team="gold", previous_agent="cy"),
    ]


def test_whom_it_is_about_is_not_handed_it() -> None:
    at = desk()
    at.ask(ABOUT_CY)
    assert at.refused(AssignCase(team="gold", agent="cy")) == ("invalid", "agent", "options")
    assert at.refused(AddWatcher(watcher="agent/cy")) == ("invalid", "watcher", "known")
    at.ask(AssignCase(team="gold", agent="bo"))
