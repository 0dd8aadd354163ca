"""What a case weighs beside others, with the reasons."""

from typing import Any

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.rules.ranking import Reason, score
from case_definition.schema.decisions import Criterion
from pydantic import ValidationError

from tests.unit.definition.sample_tenant import DEFINITION


def _weighed(criterion: dict[str, Any], more_urgent: int = 0, **case: Any) -> Reason:
    ranking = {"name": "first", "criteria": [{"name": "it", **criterion}]}
    hours = {"name": "hours", "type": "number"}
    fields = [*DEFINITION["fields"], hours]
    definition = compile_definition(DEFINITION | {"rankings": [ranking], "fields": fields})
    variables = {"case": {"fields": {}, **case}}
    weighed = score(definition, definition.rankings["first"], variables, more_urgent)
    (reason,) = weighed.reasons
    assert weighed.points == reason.points
    return reason


@pytest.mark.parametrize(
    ("criterion", "case", "value", "points"),
    [
        ({"field": "impact", "points": {"big": 40, "small": 5}},
         {"fields": {"impact": "big"}}, "big", 40),
        ({"field": "impact", "points": {"big": 40, "small": 5}}, {}, "", 0),
        ({"field": "hours", "points": -2}, {"fields": {"hours": "8"}}, "8", -16),
        ({"field": "hours", "points": -2}, {"fields": {"hours": "soon"}}, "0", 0),
        ({"number": "double(case.weight)", "points": 5}, {"weight": 3}, "3", 15),
        ({"number": "double(case.weight)", "points": 5}, {}, "1", 5),
        ({"number": "case.weight * 2", "points": 5, "most": 4}, {"weight": 9}, "18", 20),
        ({"when": "case.priority == 'P1'", "points": 30}, {"priority": "P1"}, "true", 30),
        ({"when": "case.priority == 'P1'", "points": 30}, {"priority": "P2"}, "false", 0),
    ],
)  # fmt: skip
def test_each_criterion_gives_points_for_a_reason(
    criterion: dict[str, Any], case: dict[str, Any], value: str, points: float
) -> None:
    """H4: an answer, a number of units up to a most, or a rule; a weight is one where unknown."""
    assert _weighed(criterion, **case) == Reason("it", value, points)


def test_how_many_more_urgent_ones_wait_weighs() -> None:
    """H4."""
    assert _weighed({"more_urgent": True, "points": -2}, more_urgent=3) == Reason("it", "3", -6)


@pytest.mark.parametrize(
    "criterion",
    [
        {"points": 1},
        {"points": 1, "more_urgent": True, "when": "true"},
        {"points": {"high": 1}, "more_urgent": True},
    ],
)
def test_a_criterion_weighs_one_thing(criterion: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Criterion.model_validate({"name": "it", **criterion})
