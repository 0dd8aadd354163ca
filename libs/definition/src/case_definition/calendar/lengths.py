"""The length of a target or a timer: open time, working days, or calendar time."""

import re
from calendar import monthrange
from datetime import date as Date  # noqa: N812 - as in the model
from decimal import Decimal
from typing import Protocol

import msgspec

from case_definition.calendar.instants import EPOCH_ORDINAL, SECOND, parse_seconds
from case_definition.calendar.working_time import WorkingTime

_DAYS = re.compile(r"(\d{1,4}) working days?", re.ASCII)
_ISO = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,6})D)?"
    r"(T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)


class OpenTime(msgspec.Struct, frozen=True, tag="open"):
    """A span of open time, in microseconds."""

    span: int


class WorkingDays(msgspec.Struct, frozen=True, tag="working_days"):
    """A number of working days."""

    days: int


class Elapsed(msgspec.Struct, frozen=True, tag="elapsed"):
    """Calendar time: months and days on the wall clock, then a span in microseconds."""

    months: int = 0
    days: int = 0
    span: int = 0


Length = OpenTime | WorkingDays | Elapsed


class Measured(msgspec.Struct, frozen=True):
    """A length from a given start: a fixed span, and the first due.

    Only later pauses move the due; it is never before `due`.
    """

    span: int
    due: int


class Ruler(Protocol):
    """Counts time: open time on a calendar, or all time."""

    def between(self, start: int, end: int) -> int:
        """The counted time from start to end, in microseconds."""

    def add(self, start: int, span: int) -> int:
        """The earliest instant at which that span has been counted."""


class EveryMoment:
    """Counts all time, open or closed."""

    def between(self, start: int, end: int) -> int:
        """The time from start to end; 0 if the end is not later."""
        return max(0, end - start)

    def add(self, start: int, span: int) -> int:
        """The instant after that span."""
        return start + span


EVERY_MOMENT = EveryMoment()


def parse_wait(text: int | str) -> Length:
    """A waiting time: open time or working days, otherwise days, weeks or months on the calendar.
    Raises ValueError with the allowed forms."""
    try:
        return parse_length(text)
    except ValueError:
        return parse_length(text, elapsed=True)


def parse_length(value: object, *, elapsed: bool = False) -> Length:
    """Parse seconds, ISO 8601 (`PT4H`), or `2 working days`; with `elapsed` also `P1D`, `P2M`.

    Raises ValueError with the rule; a length is more than zero.
    """
    if isinstance(value, str):
        length = _parse_text(value.strip(), elapsed)
    else:
        span = parse_seconds(value)
        length = Elapsed(span=span) if elapsed else OpenTime(span)
    if length in (OpenTime(0), WorkingDays(0), Elapsed()):
        raise ValueError("a length is more than nothing")
    return length


def _parse_text(text: str, elapsed: bool) -> Length:
    days = _DAYS.fullmatch(text)
    if days is not None:
        if elapsed:
            raise ValueError("working days are not elapsed time")
        return WorkingDays(int(days[1]))
    found = _ISO.fullmatch(text)
    if found is None or text in ("P", ""):
        raise ValueError(
            'a length is seconds, ISO 8601 ("PT4H"), or "2 working days", and not negative'
        )
    years, months, weeks, whole_days = (int(found[group] or 0) for group in range(1, 5))
    span = (int(found[6] or 0) * 60 + int(found[7] or 0)) * 60 * SECOND
    span += parse_seconds(Decimal(found[8] or 0))
    if elapsed:
        return Elapsed(years * 12 + months, weeks * 7 + whole_days, span)
    if any(found[group] for group in range(1, 5)):
        raise ValueError(
            'open time is in hours, minutes and seconds; days are "2 working days", '
            "or need elapsed: true"
        )
    return OpenTime(span)


def measure(length: Length, calendar: WorkingTime, start: int) -> Measured:
    """The length from a start, as a fixed span and its first due.

    Raises NeverOpens if the calendar has no such instant.
    """
    if isinstance(length, OpenTime):
        return Measured(length.span, calendar.add(start, length.span))
    if isinstance(length, WorkingDays):
        due = calendar.working_days(start, length.days)
        return Measured(calendar.between(start, due), due)
    due = _later(length, calendar, start)
    return Measured(due - start, due)


def _later(length: Elapsed, calendar: WorkingTime, start: int) -> int:
    if not (length.months or length.days):
        return start + length.span
    day, of_day = calendar.zone.reading(start)
    date = Date.fromordinal(day + EPOCH_ORDINAL)
    year, month = divmod(date.year * 12 + date.month - 1 + length.months, 12)
    month_end = monthrange(year, month + 1)[1]
    moved = Date(year, month + 1, min(date.day, month_end)).toordinal() + length.days
    return calendar.zone.at_reading(moved - EPOCH_ORDINAL, of_day) + length.span
