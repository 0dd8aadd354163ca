"""The points of a case that waits for a decision, with the reasons."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from case_definition.cel.rules import Variables
from case_definition.lookup.definition import Definition
from case_definition.schema.decisions import Criterion, Ranking


class Reason(NamedTuple):
    """The points of one criterion. `value` is the answer, or the number of counted units."""

    criterion: str
    value: str
    points: float


class Score(NamedTuple):
    """The points of a case, and their parts."""

    points: float
    reasons: tuple[Reason, ...]


def score(
    definition: Definition, ranking: Ranking, variables: Variables, more_urgent: int
) -> Score:
    """The points of a case with these variables. `more_urgent` is the number of more urgent waiting
    cases."""
    reasons = tuple(
        _reason(definition, criterion, variables, more_urgent) for criterion in ranking.criteria
    )
    return Score(sum(reason.points for reason in reasons), reasons)


def _reason(
    definition: Definition, criterion: Criterion, variables: Variables, more_urgent: int
) -> Reason:
    filled: Mapping[str, Any] = variables["case"]["fields"]
    points = criterion.points
    if isinstance(points, dict):
        answer = str(filled.get(criterion.field or "") or "")
        return Reason(criterion.name, answer, float(points.get(answer, 0)))
    if criterion.when is not None:
        holds = definition.holds(criterion.when, variables)
        return Reason(criterion.name, "true" if holds else "false", points if holds else 0.0)
    if criterion.number is not None:
        units = definition.number(criterion.number, variables)
    elif criterion.field is not None:
        units = _number(filled.get(criterion.field))
    else:
        units = float(more_urgent)
    counted = units if criterion.most is None else min(units, criterion.most)
    return Reason(criterion.name, f"{units:g}", counted * points)


def _number(value: Any) -> float:
    """A field of a case as a number; zero without a value."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
