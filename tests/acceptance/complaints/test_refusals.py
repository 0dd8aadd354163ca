"""A refusal says what was expected, in the names that whoever asked reads."""

import pytest

from tests.acceptance.complaints.people import ANNA, HANNA
from tests.support.desk.scenario import Case, Desk

pytestmark = pytest.mark.acceptance


@pytest.fixture
def case(desk: Desk) -> Case:
    """A complaint that is looked into."""
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    return case


def test_a_step_a_status_and_a_field_are_called_as_people_read_them(case: Case) -> None:
    hanna = case.agent(HANNA).tries
    early = hanna.takes_step("hold_hearing", hearing_on="2026-03-12")
    assert (early.code, early.field, early.rule) == ("not_allowed", "transition", "from")
    assert early.reason == 'A case in "In onderzoek" cannot take the step "Hoorzitting gehouden".'
    empty = hanna.takes_step("plan_hearing", "U bent welkom.")
    assert (empty.code, empty.field, empty.rule) == ("invalid", "hearing_on", "required")
    assert empty.reason == '"Hoorzitting plannen" needs "Datum hoorzitting" filled in.'
    assert hanna.takes_step("plan_hearing").reason == 'Write a comment with "Hoorzitting plannen".'


def test_a_field_of_another_type_says_what_it_takes(case: Case) -> None:
    wrong = case.agent(HANNA).tries.takes_step("plan_hearing", "Welkom.", hearing_on="morgen")
    assert (wrong.code, wrong.field, wrong.rule) == ("invalid", "hearing_on", "type")
    assert wrong.reason == '"Datum hoorzitting" has to be a day, as in 2026-12-08.'
    wrong = case.agent(HANNA).tries.fills_in(other_heard="soms")
    assert wrong.rule == "options"
    assert "has to be one of: " in wrong.reason
