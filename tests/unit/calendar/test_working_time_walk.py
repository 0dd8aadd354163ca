"""Working time against an independent walk through time, minute by minute.

CALENDAR_EXAMPLES raises the number of examples, for a long run.
"""

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from case_definition.calendar.days import holiday_name
from case_definition.calendar.instants import instant_of, utc
from case_definition.calendar.model import WEEKDAYS, CalendarSpec, parse_calendar
from case_definition.calendar.working_time import NeverOpens, WorkingTime
from hypothesis import given, settings
from hypothesis import strategies as st

MINUTE = timedelta(minutes=1)


def _readings(intervals: tuple[tuple[int, int], ...]) -> set[int]:
    minute = 60_000_000
    return {m for start, end in intervals for m in range(start // minute, end // minute)}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class MinuteWalk:
    """An independent reading of the rules: it walks time by minutes, for whole minutes only."""

    def __init__(self, spec: CalendarSpec) -> None:
        self._spec = spec
        self._zone = _zone(spec.timezone)
        self._days: dict[date, set[int]] = {}

    def _open_minutes(self, day: date) -> set[int]:
        if day not in self._days:
            if day in self._spec.overrides:
                minutes = _readings(self._spec.overrides[day])
            elif holiday_name(self._spec, day) is not None or day in self._spec.closed:
                minutes = set()
            else:
                minutes = _readings(self._spec.hours.get(WEEKDAYS[day.weekday()], ()))
            for away in self._spec.breaks:
                if away.date == day:
                    minutes -= _readings(((away.start, away.end),))
            self._days[day] = minutes
        return self._days[day]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self._zone)
        return local.hour * 60 + local.minute in self._open_minutes(local.date())

    def between(self, start: datetime, end: datetime) -> int:
        """Open minutes."""
        return sum(self.is_open(start + n * MINUTE) for n in range((end - start) // MINUTE))

    def add(self, start: datetime, minutes: int, limit: datetime) -> datetime | None:
        at = start.astimezone(UTC)
        while at <= limit:
            if minutes == 0 and self.is_open(at):
                return at
            if self.is_open(at):
                minutes -= 1
                if minutes == 0:
                    return at + MINUTE
            at += MINUTE
        return None

    def subtract(self, end: datetime, minutes: int, limit: datetime) -> datetime | None:
        at = end.astimezone(UTC)
        while minutes > 0:
            at -= MINUTE
            if at < limit:
                return None
            minutes -= self.is_open(at)
        return at


EXAMPLES = int(os.environ.get("CALENDAR_EXAMPLES", "0"))
SPAN = timedelta(days=6)
# Each near a change of its clock, or a day that never was.
PLACES = {
    "Europe/Amsterdam": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Kathmandu": [date(2026, 5, 4)],
    "Pacific/Apia": [date(2011, 12, 30)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "America/Asuncion": [date(2023, 10, 1), date(2024, 3, 24)],
    "America/St_Johns": [date(2010, 11, 7), date(2011, 3, 13)],
    "UTC": [date(2026, 12, 31)],
}


@st.composite
def intervals(draw: st.DrawFn) -> list[list[str]]:
    cuts = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    texts = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts[: len(cuts) // 2 * 2]]
    return [[texts[i], texts[i + 1]] for i in range(0, len(texts), 2)]


DAY_HOURS = st.one_of(
    intervals(),
    st.sampled_from(
        [[["00:00", "24:00"]], [["22:00", "24:00"]], [["00:00", "06:00"]], [["01:30", "03:15"]], []]
    ),
)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[CalendarSpec, datetime]:
    name = draw(st.sampled_from(sorted(PLACES)))
    middle = draw(st.sampled_from(PLACES[name]))
    near = st.integers(-3, 3).map(lambda n: (middle + timedelta(days=n)).isoformat())
    times = st.integers(0, 96).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
    breaks = st.tuples(near, times, times).map(
        lambda b: {"date": b[0], "from": min(b[1:]), "to": max(b[1:])}
    )
    data: dict[str, Any] = {
        "timezone": name,
        "hours": {day: draw(DAY_HOURS) for day in WEEKDAYS},
        "holidays": draw(st.lists(near, max_size=1)),
        "closed": draw(st.lists(near, max_size=1)),
        "overrides": draw(st.dictionaries(near, DAY_HOURS, max_size=2)),
        "breaks": draw(st.lists(breaks, max_size=3)),
    }
    return parse_calendar(data), datetime(middle.year, middle.month, middle.day, tzinfo=UTC)


def minutes_from(middle: datetime, minutes: int) -> datetime:
    return middle + minutes * MINUTE


@settings(max_examples=EXAMPLES or 60, derandomize=not EXAMPLES, database=None)
@given(calendars(), st.integers(-4000, 2000), st.integers(0, 3000), st.integers(0, 2500))
def test_the_sums_agree_with_a_walk_through_time(
    drawn: tuple[CalendarSpec, datetime], offset: int, length: int, amount: int
) -> None:
    """C8: add, between, subtract and is_open, over clock changes, breaks and nights."""
    spec, middle = drawn
    working, walk = WorkingTime(spec), MinuteWalk(spec)
    start = minutes_from(middle, offset)
    end = start + length * MINUTE
    a, b = instant_of(start), instant_of(end)
    micros = amount * 60_000_000
    assert working.is_open(a) == walk.is_open(start)
    assert working.between(a, b) == walk.between(start, end) * 60_000_000
    limit = start + SPAN
    due = walk.add(start, amount, limit)
    if due is not None:
        assert utc(working.add(a, micros)) == due
    else:
        with suppress(NeverOpens):
            assert utc(working.add(a, micros)) > limit
    earliest = walk.subtract(end, amount, start - SPAN)
    if earliest is not None:
        assert utc(working.subtract(b, micros)) == earliest


@settings(max_examples=EXAMPLES or 60, derandomize=not EXAMPLES, database=None)
@given(calendars(), st.integers(0, 10**13), st.integers(1, 10**14), st.integers(0, 10**13))
def test_add_subtract_and_between_fit_each_other(
    drawn: tuple[CalendarSpec, datetime], offset: int, span: int, more: int
) -> None:
    """C8: to the microsecond, over years."""
    spec, middle = drawn
    working = WorkingTime(spec)
    start = instant_of(middle) + offset
    try:
        due = working.add(start, span)
    except NeverOpens:
        return
    assert working.between(start, due) == span
    assert working.between(start, due - 1) == span - 1
    back = working.subtract(due, span)
    assert working.between(back, due) == span
    assert working.between(back + 1, due) == span - 1
    assert back >= start
    split = start + more
    assert working.between(start, split) + working.between(split, split + more) == (
        working.between(start, split + more)
    )
    assert sum(
        high - low for low, high, why in working.pieces(start, start + 10**12) if why == "open"
    ) == working.between(start, start + 10**12)
