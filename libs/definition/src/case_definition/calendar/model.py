"""The data of a calendar, and its validation with field and rule."""

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from case_definition.calendar.holidays import LIBERATION_DAY_COUNTRY, language_of, unknown_drops
from case_definition.calendar.instants import DAY, HOUR, SECOND
from case_definition.calendar.zones import zone

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _wall_time(value: object) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a time is "HH:MM" from "00:00" to "24:00"')
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * HOUR + (minutes * 60 + seconds) * SECOND if found[1] else DAY


def wall_time_text(of_day: int) -> str:
    """Microseconds into a day as `HH:MM`, with seconds if there are any."""
    minutes, rest = divmod(of_day // SECOND, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{rest:02}" if rest else text


def _date(value: object) -> Date:
    if type(value) is Date:
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError('a date is "YYYY-MM-DD"')
    try:
        return Date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no {value}") from None


def _interval(value: tuple[int, int]) -> tuple[int, int]:
    if value[0] >= value[1]:
        raise ValueError("an interval runs from an earlier to a later time of one day")
    return value


def _disjoint(value: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    ordered = tuple(sorted(value))
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise ValueError(f"intervals of a day do not overlap, as at {wall_time_text(start)}")
    return ordered


def _zone_name(value: str) -> str:
    return zone(value).name


WallTime = Annotated[
    int,
    BeforeValidator(_wall_time),
    PlainSerializer(wall_time_text),
    WithJsonSchema(
        {"type": "string", "pattern": "^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?$|^24:00$"}
    ),
]
"""Microseconds into a local day, written `HH:MM`."""

Day = Annotated[Date, BeforeValidator(_date)]
Interval = Annotated[tuple[WallTime, WallTime], AfterValidator(_interval)]
"""Half-open: from, to."""

Intervals = Annotated[tuple[Interval, ...], AfterValidator(_disjoint)]
LiberationDay = Literal["every_year", "lustrum", "never"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Break(_Model):
    """Time that is closed on every open date."""

    date: Day
    start: WallTime = Field(alias="from")
    end: WallTime = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError("a break does not end before it begins")
        return self


class NamedDay(_Model):
    """A holiday with its name, as publishing writes it."""

    date: Day
    name: str = "holiday"


class CountryHolidays(_Model):
    """The public holidays of a country, without the dropped ones."""

    country: str
    language: str | None = None
    drop: tuple[str, ...] = ()
    liberation_day: LiberationDay | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        language_of(self.country, self.language)
        if self.liberation_day is not None and self.country != LIBERATION_DAY_COUNTRY:
            raise ValueError(f"liberation_day is a choice of {LIBERATION_DAY_COUNTRY} alone")
        unknown = unknown_drops(self.country, self.language, self.drop)
        if unknown:
            raise ValueError(f"drop names holidays in the calendar's language, not {unknown[0]!r}")
        return self


def _named_day(value: object) -> object:
    return value if isinstance(value, dict | NamedDay) else {"date": value}


def _holiday_form(value: object) -> str:
    return "<country>" if isinstance(value, dict | CountryHolidays) else "<dates>"


NamedDays = tuple[Annotated[NamedDay, BeforeValidator(_named_day)], ...]
Holidays = Annotated[
    Annotated[CountryHolidays, Tag("<country>")] | Annotated[NamedDays, Tag("<dates>")],
    Discriminator(_holiday_form),
]


class CalendarSpec(_Model):
    """A calendar as data. Frozen; equal data make equal calendars."""

    timezone: Annotated[str, AfterValidator(_zone_name)]
    hours: dict[Weekday, Intervals]
    holidays: Holidays = ()
    closed: tuple[Day, ...] = ()
    overrides: dict[Day, Intervals] = {}
    breaks: tuple[Break, ...] = ()


class InvalidCalendar(ValueError):
    """Invalid input: the wrong field, and the broken rule."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


def parse_calendar(data: Any, field: str = "calendar") -> CalendarSpec:
    """Parse a calendar from data (of JSON or YAML). Raises InvalidCalendar with its first
    mistake."""
    try:
        return CalendarSpec.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidCalendar(
            field + _path(first["loc"]), first["msg"].removeprefix("Value error, ")
        ) from None


def _path(loc: tuple[int | str, ...]) -> str:
    steps = (step for step in loc if not (isinstance(step, str) and step[:1] in ("<", "[")))
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
