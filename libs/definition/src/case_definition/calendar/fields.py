"""What the tools' documents have in common: their members, and the calendar in them."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from case_definition.calendar.model import InvalidCalendar, parse_calendar
from case_definition.calendar.working_time import WorkingTime


def members(document: dict[str, Any], *names: str, optional: tuple[str, ...] = ()) -> None:
    """Holds a document to the members it must and may have. Raises Refused."""
    for name in names:
        if name not in document:
            raise InvalidCalendar(name, "this field is needed")
    for name in document:
        if name not in names and name not in optional:
            raise InvalidCalendar(
                name, f"there is no such field; there are {', '.join((*names, *optional))}"
            )


def read_field(document: dict[str, Any], name: str, parse: Callable[[object], int]) -> int:
    """A member read by `parse`, its ValueError as Refused."""
    try:
        return parse(document[name])
    except ValueError as error:
        raise InvalidCalendar(name, str(error)) from None


def calendar_of(data: Any, field: str = "calendar") -> WorkingTime:
    """The calendar of such data, compiled once for equal data. Raises Refused."""
    try:
        text = json.dumps(data, default=str)
    except RecursionError:
        raise InvalidCalendar(field, "it is nested too deep") from None
    return _compiled(text, field)


@lru_cache(maxsize=256)
def _compiled(text: str, field: str) -> WorkingTime:
    return WorkingTime(parse_calendar(json.loads(text), field))
