"""How a case begins, and what is no case."""

import pytest
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.commands import AddComment
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import SubmittedContent, WrittenContent
from case_events.contracts.reference import DefinitionPublished
from case_events.envelope import SYSTEM
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import (
    ANNA,
    BO,
    DEFINITION,
    Desk,
    created,
    opened,
    record,
    reference,
)


def test_the_first_facts_stand_in_order_and_are_made_by_the_rules() -> None:
    """C1: created, under an agreement, prioritised, open, routed."""
    outcome = Desk().take(record(created(), ANNA))
    facts = [draft.event for draft in outcome.events]
    assert [type(fact) for fact in facts] == [
        CaseCreated,
        AgreementApplied,
        PriorityAssessed,
        StatusChanged,
        CaseAssigned,
    ]
    assert facts[0] == created()
    assert facts[1] == AgreementApplied("sample/gold/1")
    assert facts[3] == StatusChanged("new", reason="created")
    assert facts[4] == CaseAssigned("desk", reason="routed")
    assert [draft.actor for draft in outcome.events] == [None, SYSTEM, SYSTEM, SYSTEM, SYSTEM]
    assert {draft.definition for draft in outcome.events} == {"sample/1"}
    assert len({draft.occurred_at for draft in outcome.events}) == 1


@pytest.mark.parametrize(
    ("fields", "priority"),
    [
        ({"urgency": "high", "necessity": "high"}, "P1"),
        ({"urgency": "high", "necessity": "low"}, "P2"),
        ({"urgency": "high"}, "P3"),
        ({}, "P3"),
    ],
)
def test_the_start_priority_is_that_of_the_matrix(fields: dict[str, str], priority: str) -> None:
    """D3: or the type's own, while the matrix says nothing."""
    assert opened(fields=fields).snapshot_state.case.priority == priority


def test_a_type_without_the_matrix_has_its_own_start_priority() -> None:
    fields = {"urgency": "high", "necessity": "high"}
    assert opened(case_type="question", fields=fields).snapshot_state.case.priority == "P3"


def test_without_an_agreement_it_is_best_effort() -> None:
    """D17."""
    facts = Desk().ask(created(customer="small", contact="zoe"), ANNA)
    assert facts[1] == AgreementApplied("")


def test_routing_knows_the_channel_the_priority_and_the_agreement() -> None:
    urgent = {"urgency": "high", "necessity": "high"}
    by_mail = Desk()
    by_mail.ask(created(), ANNA, channel="mail")
    assert by_mail.snapshot_state.case.team == "post"
    assert opened(fields=urgent).snapshot_state.case.team == "gold"
    assert opened(fields=urgent, customer="small").snapshot_state.case.team == "desk"


def test_a_case_is_created_once() -> None:
    assert opened().refused(created(), ANNA) == ("exists", "case", "unique")


def test_a_type_that_the_definition_does_not_have_is_refused() -> None:
    assert Desk().refused(created(case_type="wish"), ANNA) == ("unknown", "case_type", "known")


def test_nothing_is_asked_of_a_case_that_is_not_there() -> None:
    note = AddComment(public=True, personal=WrittenContent(text="Hello?"))
    assert Desk().refused(note) == ("unknown", "case", "exists")


def test_what_was_asked_too_early_leaves_no_trace_in_the_case() -> None:
    """The definition, channel and time are those of its creation."""
    desk = Desk()
    note = AddComment(public=True, personal=WrittenContent(text="Hello?"))
    desk.take(record(note, BO, 9, channel="portal", definition="sample/1"))
    desk.take(record(created(), ANNA, 5, channel="mail", definition="sample/2"))
    straight = Desk()
    straight.take(record(created(), ANNA, 5, channel="mail", definition="sample/2"))
    assert desk.state == straight.state


def test_a_case_stays_under_the_definition_it_was_created_under() -> None:
    desk = opened()
    note = AddComment(public=True, personal=WrittenContent(text="Later."))
    outcome = desk.take(record(note, BO, 9, definition="sample/2"))
    assert [draft.definition for draft in outcome.events] == ["sample/1"]


def test_a_way_in_says_what_a_case_begins_with() -> None:
    """O7: nobody assesses it first; what was filled in of the matrix does not count."""
    fields = {"urgency": "low", "necessity": "low"}
    facts = Desk().ask(created(fields=fields), ANNA, channel="line")
    assert facts[2] == PriorityAssessed("P1")
    assert facts[3] == StatusChanged("asked", reason="created")


def test_a_choice_of_the_menu_routes() -> None:
    """O7: to its own team before any rule; rules may ask for it as well."""
    for choice, team in (("a", "post"), ("b", "gold"), ("", "desk")):
        desk = Desk()
        desk.ask(replace(created(), menu=choice), BO, channel="phone")
        assert (desk.snapshot_state.case.menu, desk.snapshot_state.case.team) == (choice, team)


@pytest.mark.parametrize(
    ("title", "team"), [("The printer jams", "gold"), ("The screen is black", "desk")]
)
def test_routing_asks_the_title(title: str, team: str) -> None:
    """Of a mail, which has its title under `personal` and in no field."""
    known = reference()
    printers = {"team": "gold", "when": 'case.title.contains("printer")'}
    document = DEFINITION | {"routing": [printers, {"team": "desk"}]}
    known.apply(record(DefinitionPublished("sample/1", document)))
    desk = Desk(known)
    by_mail = replace(created(fields={}), personal=SubmittedContent(title=title))
    desk.ask(by_mail, ANNA, channel="mail")
    assert desk.snapshot_state.case.team == team
