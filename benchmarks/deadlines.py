"""Deadlines a second, beside `businesstimedelta` on the same cases; replay by its length."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import businesstimedelta  # type: ignore[import-untyped]
import holidays
import pytz  # type: ignore[import-untyped]
from case_clocks.clock import CaseClocks, Target, clock
from case_clocks.fold import Event, advance
from case_definition.calendar.instants import HOUR, instant_of, utc
from case_definition.calendar.lengths import parse_length
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime

from benchmarks.figures import Table

ZONE = "Europe/Amsterdam"
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE: dict[str, Any] = {
    "timezone": ZONE,
    "hours": {day: [["09:00", "17:00"]] for day in WEEK},
    "holidays": {"country": "NL", "language": "nl", "liberation_day": "every_year"},
}
THEIRS, OURS = 2_000, 100_000
"""How many deadlines each computes: theirs are slow, and a second is enough to tell."""

EVENTS = (("status", "waiting"), ("status", "open"), ("agent_reply", None),
          ("customer_reply", None))  # fmt: skip


def measure() -> list[Table]:
    """The tables of both."""
    return [_deadlines(), _replay()]


def _deadlines() -> Table:
    chance, start = Random(1), datetime(2026, 1, 5, 8, tzinfo=UTC)
    cases = [
        (start + timedelta(minutes=chance.randrange(500_000)), chance.randrange(1, 41))
        for _ in range(OURS)
    ]
    rules = _their_rules()
    calendar = WorkingTime(parse_calendar(OFFICE))
    began = time.perf_counter()
    theirs = [
        at + businesstimedelta.BusinessTimeDelta(rules, hours=hours) for at, hours in cases[:THEIRS]
    ]
    their_rate = THEIRS / (time.perf_counter() - began)
    began = time.perf_counter()
    ours = [calendar.add(instant_of(at), hours * HOUR) for at, hours in cases]
    rate = OURS / (time.perf_counter() - began)
    differing = sum(due.astimezone(UTC) != utc(own) for due, own in zip(theirs, ours, strict=False))
    return Table(
        "Deadlines: 1 to 40 working hours from a moment of the year, Dutch holidays",
        [
            {"what": "businesstimedelta, its rules made once", "deadlines/s": their_rate},
            {"what": "case_definition.calendar, compiled once", "deadlines/s": rate},
        ],
        [f"{rate / their_rate:,.0f} x; {differing} of {THEIRS:,} answers differ "
         "(theirs falls due at the next opening where a span ends at closing time)."],
    )  # fmt: skip


def _their_rules() -> businesstimedelta.Rules:
    zone = pytz.timezone(ZONE)
    day = businesstimedelta.WorkDayRule(
        start_time=datetime(2026, 1, 1, 9).time(),  # noqa: DTZ001 - a time of day
        end_time=datetime(2026, 1, 1, 17).time(),  # noqa: DTZ001 - a time of day
        working_days=[0, 1, 2, 3, 4],
        tz=zone,
    )
    return businesstimedelta.Rules(
        [day, businesstimedelta.HolidayRule(holidays.country_holidays("NL"), tz=zone)]
    )


def _replay() -> Table:
    few, many = _seconds(100, 20), _seconds(10_000, 3)
    return Table(
        "Replay of one case's clocks (four targets, paused every fourth event)",
        [
            {"what": "100 events", "milliseconds": few * 1e3},
            {"what": "10,000 events", "milliseconds": many * 1e3},
        ],
        [f"{many / few:.0f} x for 100 x the events."],
    )


def _seconds(count: int, times: int) -> float:
    calendars = {"": WorkingTime(parse_calendar(OFFICE))}
    start = instant_of(datetime(2026, 1, 5, 8, tzinfo=UTC))
    events = [Event(start, "created", "open")]
    for number in range(1, count):
        name, status = EVENTS[number % len(EVENTS)]
        events.append(Event(start + number * 60_000_000, name, status))
    return min(_timed(lambda: _folded(events, calendars)) for _ in range(times))


def _folded(events: list[Event], calendars: dict[str, WorkingTime]) -> None:
    names = ("first_response", "next_response", "assessment", "resolution")
    targets = (Target(name, parse_length("PT4000H"), pause_in=("waiting",)) for name in names)
    case = CaseClocks(tuple(clock(target.metric, target) for target in targets))
    for event in events:
        case = advance(case, event, calendars)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    for table in measure():
        print(table)
