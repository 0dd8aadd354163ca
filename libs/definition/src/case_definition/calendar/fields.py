"""Common parts of the tools' documents: their members, and their calendar."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from case_definition.calendar.model import InvalidCalendar, parse_calendar
from case_definition.calendar.working_time import WorkingTime


def members(document: dict[str, Any], *names: str, optional: tuple[str, ...] = ()) -> None:
    """Check the required and optional members of a document. Raises InvalidCalendar."""
    for name in names:
        if name not in document:
            raise InvalidCalendar(name, "this field is needed")
    for name in document:
        if name not in names and name not in optional:
            raise InvalidCalendar(
                name, f"there is no such field; there are {', '.join((*names, *optional))}"
            )


def read_field(document: dict[str, Any], name: str, parse: Callable[[object], int]) -> int:
    """A member converted by `parse`; its ValueError becomes InvalidCalendar."""
    try:
        return parse(document[name])
    except ValueError as error:
        raise InvalidCalendar(name, str(error)) from None


def calendar_of(data: Any, field: str = "calendar") -> WorkingTime:
    """The calendar of some data, compiled once for equal data. Raises InvalidCalendar."""
    try:
        text = json.dumps(data, default=str)
    except RecursionError:
        raise InvalidCalendar(field, "it is nested too deep") from None
    return _compiled(text, field)


@lru_cache(maxsize=256)
def _compiled(text: str, field: str) -> WorkingTime:
    return WorkingTime(parse_calendar(json.loads(text), field))
