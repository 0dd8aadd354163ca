"""The outcome of a form of the portal, as the portal's reaction keeps it."""

from uuid import UUID

import msgspec
from case_events.contracts.base import type_name
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import InputFault
from case_events.contracts.refusals import CommandRefused, InputRefused
from case_portal.read_model.view import CaseOutcome
from msgspec.structs import replace

from tests.unit.portal.portal_sample import BOB, CREATED, record
from tests.unit.portal.read_model.test_projection import COMMAND, follow, rows


def test_a_case_is_the_outcome_of_the_form_that_submitted_it() -> None:
    """Guarantee 9: with its reference; a case that came otherwise is the outcome of nothing."""
    created = replace(CREATED, submission=COMMAND)
    kept = rows(follow(None, record(created, 1, BOB, causation=UUID(int=4))))
    assert [key for key in kept if key.startswith("outcome:")] == [f"outcome:{COMMAND}"]
    outcome = msgspec.json.decode(kept[f"outcome:{COMMAND}"], type=CaseOutcome)
    assert outcome == CaseOutcome(status="done", version=1, reference=CREATED.reference)
    others = rows(follow(None, record(CREATED, 1, BOB, causation=UUID(int=4))))
    assert not [key for key in others if key.startswith("outcome:")]


def test_a_refusal_is_the_outcome_of_the_form_that_it_names() -> None:
    """Guarantee 9: with all that is wrong; other input that was refused has no outcome."""
    faults = (
        InputFault("title", "required", "Fill it in."),
        InputFault("seats", "number", "No number."),
    )
    refused = InputRefused(
        code="invalid_input",
        field="title",
        rule="required",
        reason="Fill it in. No number.",
        faults=faults,
        submission=COMMAND,
    )
    kept = rows(follow(None, record(refused, 0, BOB, causation=UUID(int=4))))
    assert msgspec.json.decode(kept[f"outcome:{COMMAND}"], type=CaseOutcome) == CaseOutcome(
        status="refused",
        code="invalid_input",
        field="title",
        rule="required",
        reason="Fill it in. No number.",
        faults=faults,
    )
    others = rows(follow(None, record(replace(refused, submission=None), 0, BOB)))
    assert not [key for key in others if key.startswith("outcome:")]


def test_a_case_that_workflow_refuses_is_the_outcome_of_what_began_it() -> None:
    refused = CommandRefused(
        code="exists", field="case", rule="unique", reason="-", command=type_name(CaseCreated)
    )
    one = replace(record(refused, 0, BOB, causation=UUID(int=4)), correlation=COMMAND)
    assert f"outcome:{COMMAND}" in rows(follow(None, one))
