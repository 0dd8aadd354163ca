"""The rules of working time, one by one (C8)."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo._zoneinfo import ZoneInfo as PlainZoneInfo  # type: ignore[import-not-found]

import pytest
from case_definition.calendar.days import day_plan
from case_definition.calendar.instants import DAY, EPOCH_ORDINAL, HOUR, SECOND, instant_of
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import NeverOpens, WorkingTime
from case_definition.calendar.zones import TZ_VERSION, zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
OFFICE = {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}


def calendar(timezone: str = "Europe/Amsterdam", **data: Any) -> WorkingTime:
    return WorkingTime(parse_calendar({"timezone": timezone, "hours": OFFICE, **data}))


def at(text: str) -> int:
    return instant_of(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", 23),
        ("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", 25),
        ("2026-06-01T00:00+02:00", "2026-06-02T00:00+02:00", 24),
    ],
)
def test_a_whole_day_counts_the_hours_that_pass(start: str, end: str, hours: int) -> None:
    assert calendar(hours=ALWAYS).between(at(start), at(end)) == hours * HOUR


def test_a_repeated_hour_counts_twice_and_a_skipped_one_not_at_all() -> None:
    night = calendar(hours={"sun": [["02:00", "03:00"]]})
    assert night.between(at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00")) == 2 * HOUR
    assert night.between(at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00")) == 0


def test_an_interval_is_half_open() -> None:
    office = calendar()
    assert office.is_open(at("2026-03-02T09:00+01:00"))
    assert office.is_open(at("2026-03-02T16:59:59.999999+01:00"))
    assert not office.is_open(at("2026-03-02T17:00+01:00"))


def test_a_night_shift_is_two_entries() -> None:
    night = calendar(hours={"mon": [["22:00", "24:00"]], "tue": [["00:00", "06:00"]]})
    assert night.add(at("2026-03-02T23:00+01:00"), 3 * HOUR) == at("2026-03-03T02:00+01:00")


def test_a_span_that_ends_at_closing_time_is_due_at_closing_time() -> None:
    assert calendar().add(at("2026-03-02T16:00+01:00"), HOUR) == at("2026-03-02T17:00+01:00")


def test_adding_nothing_gives_the_instant_if_open_else_the_next_opening() -> None:
    office = calendar()
    inside, closing = at("2026-03-02T16:00+01:00"), at("2026-03-06T17:00+01:00")
    assert office.add(inside, 0) == inside
    assert office.add(closing, 0) == at("2026-03-09T09:00+01:00")


def test_between_is_nothing_when_the_second_is_not_later() -> None:
    assert calendar().between(at("2026-03-03T12:00+01:00"), at("2026-03-02T12:00+01:00")) == 0


def test_subtracting_gives_the_latest_instant() -> None:
    office = calendar()
    monday = at("2026-03-09T10:00+01:00")
    assert office.subtract(monday, HOUR) == at("2026-03-09T09:00+01:00")
    assert office.subtract(monday, HOUR + 1) == at("2026-03-06T16:59:59.999999+01:00")
    assert office.subtract(at("2026-03-08T12:00+01:00"), HOUR) == at("2026-03-06T16:00+01:00")
    assert office.subtract(monday, 0) == monday


def test_an_override_wins_over_weekday_holiday_and_closed_day() -> None:
    hours = [["09:00", "13:00"]]
    office = calendar(
        holidays=["2026-12-25"],
        closed=["2026-12-24", "2026-12-25", "2026-12-28"],
        overrides={"2026-12-24": hours, "2026-12-25": hours, "2026-12-29": []},
    )
    day = at("2026-12-24T00:00+01:00")
    open_time = [office.between(day + n * DAY, day + (n + 1) * DAY) // HOUR for n in range(6)]
    assert open_time == [4, 4, 0, 0, 0, 0]


def test_a_break_is_taken_out_of_whatever_is_open_overrides_too() -> None:
    office = calendar(
        overrides={"2026-03-04": [["11:00", "12:30"], ["12:40", "14:00"]]},
        breaks=[
            {"date": "2026-03-04", "from": "12:00", "to": "12:45"},
            {"date": "2026-03-04", "from": "12:30", "to": "12:50"},
            {"date": "2026-03-04", "from": "13:00", "to": "13:00"},
        ],
    )
    start, end = at("2026-03-04T00:00+01:00"), at("2026-03-05T00:00+01:00")
    assert office.between(start, end) == HOUR + 70 * 60 * SECOND
    assert [why for _, _, why in office.pieces(start, end)] == [
        *("closed", "open", "break", "closed", "break", "open", "closed")
    ]


def test_a_weekday_left_out_is_closed() -> None:
    assert not calendar(hours={"mon": [["09:00", "17:00"]]}).is_open(at("2026-03-03T12:00+01:00"))


@pytest.mark.parametrize(
    ("hours", "overrides"), [({}, {}), ({}, {"2036-03-05": [["09:00", "10:00"]]})]
)
def test_a_calendar_that_never_opens_again_within_ten_years_is_an_error(
    hours: dict[str, Any], overrides: dict[str, Any]
) -> None:
    shut = calendar(hours=hours, overrides=overrides)
    start = at("2026-03-02T12:00+01:00")
    for span in (0, 1):
        with pytest.raises(NeverOpens):
            shut.add(start, span)
    with pytest.raises(NeverOpens):
        shut.subtract(start, 1)
    assert shut.between(start, start + 3650 * DAY) == 0


def test_an_opening_just_within_ten_years_is_found() -> None:
    rare = calendar(hours={}, overrides={"2036-02-28": [["09:00", "10:00"]]})
    assert rare.add(at("2026-03-02T12:00+01:00"), HOUR) == at("2036-02-28T10:00+01:00")
    assert rare.subtract(at("2046-02-20T12:00+01:00"), HOUR) == at("2036-02-28T09:00+01:00")


def test_a_day_that_never_was_has_no_hours() -> None:
    """Samoa went from 29 to 31 December 2011."""
    apia = calendar("Pacific/Apia", hours=ALWAYS)
    start, end = at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00")
    assert apia.between(start, end) == 2 * DAY
    assert apia.open_of_date(datetime(2011, 12, 30).toordinal() - EPOCH_ORDINAL) == []  # noqa: DTZ001


def test_a_day_that_starts_at_one() -> None:
    asuncion = calendar("America/Asuncion", hours=ALWAYS)
    assert asuncion.between(at("2023-10-01T01:00-03:00"), at("2023-10-02T00:00-03:00")) == 23 * HOUR
    assert asuncion.next_opening(at("2023-10-01T04:00+00:00")) == at("2023-10-01T01:00-03:00")


def test_working_days_end_at_the_reading_of_the_start() -> None:
    office = calendar()
    assert office.working_days(at("2026-03-05T10:30+01:00"), 2) == at("2026-03-09T10:30+01:00")
    assert office.working_days(at("2026-03-07T10:30+01:00"), 1) == at("2026-03-10T09:00+01:00")


def test_working_days_fall_back_to_closing_and_then_to_opening() -> None:
    uneven = calendar(
        hours={"mon": [["08:00", "20:00"]], "tue": [["10:00", "12:00"], ["13:00", "15:00"]]}
    )
    assert uneven.working_days(at("2026-03-02T19:00+01:00"), 1) == at("2026-03-03T15:00+01:00")
    assert uneven.working_days(at("2026-03-02T12:30+01:00"), 1) == at("2026-03-03T12:00+01:00")
    assert uneven.working_days(at("2026-03-02T09:00+01:00"), 1) == at("2026-03-03T10:00+01:00")


def test_working_days_at_a_reading_that_is_skipped_end_at_the_change() -> None:
    always = calendar(hours=ALWAYS)
    assert always.working_days(at("2026-03-28T02:30+01:00"), 1) == at("2026-03-29T03:00+02:00")


def test_zones_come_from_the_pinned_package_with_their_version() -> None:
    assert TZ_VERSION.startswith("20")
    with pytest.raises(ValueError, match="no zone"):
        zone("../../etc/passwd")


@pytest.mark.parametrize(
    "name", ["Europe/Amsterdam", "Africa/Casablanca", "America/St_Johns", "Pacific/Apia"]
)
def test_every_change_of_a_zone_is_found_exactly(name: str) -> None:
    changes = [t for t in PlainZoneInfo(name)._trans_utc if t > 0]
    for change in changes:
        segments = zone(name).segments(change * SECOND // DAY)
        offsets = {offset for _, _, offset in segments}
        if len(offsets) > 1:
            assert change * SECOND in {since for since, _, _ in segments}
        for since, until, offset in segments:
            assert zone(name)._offset(since // SECOND) == offset
            assert zone(name)._offset((until - 1) // SECOND) == offset


def test_a_plan_covers_the_whole_day() -> None:
    plan = day_plan(calendar().spec, 20_514)
    assert plan[0][0] == 0
    assert plan[-1][1] == DAY
    assert all(before[1] == after[0] for before, after in pairwise(plan))
