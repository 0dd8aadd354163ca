"""Periods and times in requests."""

import re
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BeforeValidator

Text = list[str]


def left_out(given: object) -> object:
    """None for an empty field of a form."""
    return None if given == "" else given


_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:.*)?", re.ASCII)


def _written(given: object) -> object:
    """A date or an instant in the form of ISO 8601; a number is refused."""
    if isinstance(given, str) and not _WRITTEN.fullmatch(given):
        raise ValueError("write a date, 2026-03-01, or an instant, 2026-03-01T09:00:00Z")
    return given


Written = BeforeValidator(_written)
Moment = Annotated[date | AwareDatetime, Written] | None


def period(
    since: date | datetime | None, until: date | datetime | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime]:
    """The beginning and end of a period. The defaults are the beginning of this month, and now."""
    first = now.astimezone(zone).date().replace(day=1)
    return _instant(since or first, zone), _instant(until, zone) if until else now


def _instant(given: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(given, datetime):
        return given
    return datetime.combine(given, time(), zone)
