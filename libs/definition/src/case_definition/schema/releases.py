"""Release cycles: a number of months, each to the last day of a month.

The name of a release is the month with which it ends, `2026-03`; a week is one of ISO 8601,
`2026-W14`. All of this is calendar arithmetic in the time zone of the cycles.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pydantic import Field, field_validator

from case_definition.calendar.instants import (
    EARLIEST_YEAR,
    EPOCH_ORDINAL,
    LATEST_YEAR,
    instant_of,
    utc,
)
from case_definition.calendar.zones import zone, zone_names
from case_definition.schema.model import DefinitionModel

_ID = re.compile(r"(\d{4})-(\d{2})")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTHS = 12


class ReleaseCycles(DefinitionModel):
    """The cycles of releases."""

    every_months: int = Field(ge=1, le=12)
    ending_with: int = Field(ge=1, le=12)
    """A month, by its number; a cycle ends with its last day."""
    timezone: str

    @field_validator("every_months")
    @classmethod
    def _fits_the_year(cls, months: int) -> int:
        if _MONTHS % months:
            raise ValueError("write 1, 2, 3, 4, 6 or 12 months, so that each year has the same")
        return months

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in zone_names():
            raise ValueError(f"{name!r} is no time zone; write one such as Europe/Amsterdam")
        return name


class Release(NamedTuple):
    """One cycle, from its first day to its last."""

    id: str
    starts: date
    ends: date

    @property
    def week(self) -> str:
        """The week in which it ends."""
        return week_of(self.ends)

    def holds(self, week: str) -> bool:
        """Whether a week has any day of the release."""
        monday = monday_of(week)
        return monday is not None and self.starts <= monday + timedelta(6) and monday <= self.ends


def week_of(day: date) -> str:
    """The ISO week of a day: `2027-01-01` is in `2026-W53`."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def monday_of(week: str) -> date | None:
    """The first day of an ISO week; None for an invalid week."""
    found = _WEEK.fullmatch(week)
    if found is None:
        return None
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None


def release_of(cycles: ReleaseCycles, release: str) -> Release | None:
    """The release with an id; None if no cycle ends with that month."""
    found = _ID.fullmatch(release)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not 1 <= month <= _MONTHS:
        return None
    months = year * _MONTHS + month - 1
    if (months - (cycles.ending_with - 1)) % cycles.every_months:
        return None
    return _ending_with(cycles, months)


def release_with(cycles: ReleaseCycles, week: str) -> Release | None:
    """The release of the last day of a week; None for an invalid week."""
    monday = monday_of(week)
    if monday is None or not EARLIEST_YEAR <= monday.year <= LATEST_YEAR:
        return None
    return _holding(cycles, monday + timedelta(6))


def current(cycles: ReleaseCycles, at: datetime) -> Release:
    """The release in progress at an instant (aware)."""
    return _holding(cycles, zone(cycles.timezone).moment(instant_of(at)).date())


def following(cycles: ReleaseCycles, release: Release) -> Release:
    """The release after another."""
    months = release.ends.year * _MONTHS + release.ends.month - 1
    return _ending_with(cycles, months + cycles.every_months)


def coming(cycles: ReleaseCycles, at: datetime, count: int) -> list[Release]:
    """The release in progress, and the next ones."""
    found = [current(cycles, at)]
    while len(found) < count:
        found.append(following(cycles, found[-1]))
    return found


def passed_at(cycles: ReleaseCycles, release: Release) -> datetime:
    """The instant at which a release is over: midnight after its last day, in its zone."""
    day = release.ends.toordinal() + 1 - EPOCH_ORDINAL
    return utc(zone(cycles.timezone).at_reading(day, 0))


def _holding(cycles: ReleaseCycles, day: date) -> Release:
    months = day.year * _MONTHS + day.month - 1
    return _ending_with(cycles, months + (cycles.ending_with - 1 - months) % cycles.every_months)


def _ending_with(cycles: ReleaseCycles, months: int) -> Release:
    """The release that ends with a month, counted from the year 0."""
    ends = _first_day(months + 1) - timedelta(1)
    name = f"{ends.year:04}-{ends.month:02}"
    return Release(name, _first_day(months + 1 - cycles.every_months), ends)


def _first_day(months: int) -> date:
    return date(months // _MONTHS, months % _MONTHS + 1, 1)
