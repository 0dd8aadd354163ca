"""The pieces of one local date on a calendar: open hours, and the reasons of closed ones."""

from datetime import date as Date  # noqa: N812 - as in the model

from case_definition.calendar.holidays import holidays_of_year
from case_definition.calendar.instants import DAY, EPOCH_ORDINAL
from case_definition.calendar.model import WEEKDAYS, CalendarSpec, CountryHolidays, NamedDay

OPEN = "open"
CLOSED = "closed"
BREAK = "break"

Piece = tuple[int, int, str]
"""From, to, and why the piece is open or closed."""


def holiday_name(spec: CalendarSpec, day: Date) -> str | None:
    """The name of the calendar's holiday on a date; None on an ordinary day."""
    source = spec.holidays
    if isinstance(source, CountryHolidays):
        dated = holidays_of_year(
            source.country, source.language, source.drop, source.liberation_day, day.year
        )
        return dated.get(day)
    return next((named.name for named in source if named.date == day), None)


def written_out(spec: CalendarSpec, years: range) -> CalendarSpec:
    """The calendar with a country's holidays of those years as dates with names.

    Its answers do not depend on later releases of the `holidays` package.
    """
    source = spec.holidays
    if not isinstance(source, CountryHolidays):
        return spec
    choice = (source.country, source.language, source.drop, source.liberation_day)
    dated = tuple(
        NamedDay(date=day, name=name)
        for year in years
        for day, name in holidays_of_year(*choice, year).items()
    )
    return spec.model_copy(update={"holidays": dated})


def day_plan(spec: CalendarSpec, day_number: int) -> tuple[Piece, ...]:
    """A whole local date (days since 1970-01-01), in order, as pieces of wall clock."""
    day = Date.fromordinal(day_number + EPOCH_ORDINAL)
    hours = spec.overrides.get(day)
    shut = CLOSED
    if hours is None:
        name = holiday_name(spec, day)
        if name is not None:
            hours, shut = (), f"holiday {name}"
        elif day in spec.closed:
            hours = ()
        else:
            hours = spec.hours.get(WEEKDAYS[day.weekday()]) or ()
    pieces: list[Piece] = []
    at = 0
    for start, end in hours:
        pieces += [(at, start, shut), *_without_breaks(spec, day, start, end)]
        at = end
    pieces.append((at, DAY, shut))
    return tuple(piece for piece in pieces if piece[0] < piece[1])


def _without_breaks(spec: CalendarSpec, day: Date, start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for away in sorted((b.start, b.end) for b in spec.breaks if b.date == day):
        low, high = max(away[0], at), min(away[1], end)
        if low < high:
            pieces += [(at, low, OPEN), (low, high, BREAK)]
            at = high
    return [*pieces, (at, end, OPEN)]
