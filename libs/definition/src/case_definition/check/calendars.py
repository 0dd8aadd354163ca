"""Checks calendars: valid, and open at some time."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from case_definition.calendar.model import CalendarSpec
from case_definition.check.shape import shape_problems
from case_definition.source.findings import DefinitionProblem


def calendar_problems(calendars: Mapping[str, Any]) -> Iterator[DefinitionProblem]:
    """The problems of each of a document's `calendars`."""
    for name, data in calendars.items():
        try:
            spec = CalendarSpec.model_validate(data)
        except ValidationError as failure:
            for problem in shape_problems(failure, CalendarSpec):
                steps = (step for step in problem.path if not _is_tag(step))
                yield DefinitionProblem(("calendars", name, *steps), "calendar", problem.sentence)
            continue
        if not any(spec.hours.values()):
            sentence = "this calendar never opens; give a day its hours"
            yield DefinitionProblem(("calendars", name, "hours"), "calendar", sentence)


def _is_tag(step: str | int) -> bool:
    return isinstance(step, str) and step[:1] in ("<", "[")
