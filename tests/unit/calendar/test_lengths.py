"""Lengths: open time, working days, calendar time (C8)."""

from datetime import datetime
from decimal import Decimal

import pytest
from case_definition.calendar.instants import DAY, HOUR, SECOND, instant_of, utc
from case_definition.calendar.lengths import (
    Elapsed,
    Length,
    OpenTime,
    WorkingDays,
    measure,
    parse_length,
)
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime

OFFICE = WorkingTime(
    parse_calendar(
        {
            "timezone": "Europe/Amsterdam",
            "hours": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        }
    )
)


@pytest.mark.parametrize(
    ("text", "elapsed", "length"),
    [
        (3600, False, OpenTime(HOUR)),
        (Decimal("0.000001"), False, OpenTime(1)),
        ("PT4H", False, OpenTime(4 * HOUR)),
        ("PT1H30M0.5S", False, OpenTime(5400 * SECOND + SECOND // 2)),
        ("2 working days", False, WorkingDays(2)),
        ("1 working day", False, WorkingDays(1)),
        ("PT48H", True, Elapsed(span=48 * HOUR)),
        ("P1D", True, Elapsed(days=1)),
        ("P2W", True, Elapsed(days=14)),
        ("P1Y2M3DT4H", True, Elapsed(14, 3, 4 * HOUR)),
        (60, True, Elapsed(span=60 * SECOND)),
    ],
)
def test_what_a_length_may_be(text: object, elapsed: bool, length: Length) -> None:
    assert parse_length(text, elapsed=elapsed) == length


@pytest.mark.parametrize(
    ("text", "elapsed"),
    [
        (0, False), (-1, False), ("PT0S", False), ("0 working days", False), ("-PT4H", False),
        ("P0D", True), ("P1D", False), ("P", True), ("PT", False), ("P1DT", True), ("", False),
        ("2 working days", True), (True, False), (None, False), (Decimal("0.0000001"), False),
        (Decimal("NaN"), False), ("٤ working days", False), (10**400, False),
    ],
)  # fmt: skip
def test_zero_negative_and_unreadable_lengths_are_refused(text: object, elapsed: bool) -> None:
    with pytest.raises(ValueError, match=r"length|seconds|days"):
        parse_length(text, elapsed=elapsed)


@pytest.mark.parametrize(
    ("length", "start", "due"),
    [
        ("P1D", "2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00"),
        ("PT24H", "2026-03-28T12:00+01:00", "2026-03-29T13:00+02:00"),
        ("P1M", "2026-01-31T12:00+01:00", "2026-02-28T12:00+01:00"),
        ("P13M", "2026-11-30T12:00+01:00", "2027-12-30T12:00+01:00"),
        ("P1D", "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),
        ("P1D", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),
    ],
)
def test_calendar_time_goes_by_the_wall_clock(length: str, start: str, due: str) -> None:
    begin = instant_of(datetime.fromisoformat(start))
    measured = measure(parse_length(length, elapsed=True), OFFICE, begin)
    assert utc(measured.due) == datetime.fromisoformat(due)
    assert measured.span == measured.due - begin


def test_working_days_are_fixed_as_the_open_time_up_to_the_due() -> None:
    saturday = instant_of(datetime.fromisoformat("2026-03-07T12:00+01:00"))
    measured = measure(WorkingDays(1), OFFICE, saturday)
    assert utc(measured.due) == datetime.fromisoformat("2026-03-10T09:00+01:00")
    assert measured.span == 8 * HOUR
    assert measured.due - saturday > 2 * DAY
