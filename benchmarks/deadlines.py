"""Deadlines a second, compared with `businesstimedelta` on the same cases; and replay by length."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import businesstimedelta  # type: ignore[import-untyped]
import holidays
import pytz  # type: ignore[import-untyped]
from case_clocks.clock import CaseClocks, ClockTarget, clock
from case_clocks.fold import ClockSignal, advance
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
"""The number of deadlines that each computes: theirs are slow, and a second is enough."""

ALWAYS: dict[str, Any] = {
    "timezone": "UTC", "hours": {d: [["00:00", "24:00"]] for d in (*WEEK, "sat", "sun")}
}  # fmt: skip
Names = tuple[tuple[str, str | None], ...]
TALK: Names = (("status", "waiting"), ("status", "open"), ("agent_reply", None),
               ("customer_reply", None))  # fmt: skip
WAITS: Names = (("status", "waiting"), ("status", "open"))
REOPENS: Names = (*WAITS, ("customer_reply", None), ("resolved", None), ("reopened", None))
MIXES: tuple[tuple[str, dict[str, Any], Names], ...] = (
    ("statuses and replies, office hours", OFFICE, TALK),
    ("statuses and replies, all hours", ALWAYS, TALK),
    ("statuses alone, office hours", OFFICE, WAITS),
    ("statuses alone, all hours", ALWAYS, WAITS),
    ("reopened every fifth event, office hours", OFFICE, REOPENS),
)
ROUNDS = 5


def measure() -> list[Table]:
    """The tables of both benchmarks."""
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
    rows = []
    for what, calendar, names in MIXES:
        calendars = {"": WorkingTime(parse_calendar(calendar))}
        rounds = [_both(names, calendars) for _ in range(ROUNDS)]
        few, many = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
        rows.append(
            {"what": what, "100 events, ms": few * 1e3, "10,000 events, ms": many * 1e3,
             "times": many / few}
        )  # fmt: skip
    return Table(
        "Replay of one case's clocks (four targets), processor time",
        rows,
        ["100 events: the mean of a hundred cases in a row, so that both do as many events."],
    )


def _both(names: Names, calendars: dict[str, WorkingTime]) -> tuple[float, float]:
    """Seconds for a case of 100 events, and for a case of 10,000."""
    many, few = _events(10_000, names), [_events(100, names) for _ in range(100)]
    long = _timed(lambda: _folded(many, calendars))
    return sum(_timed(partial(_folded, events, calendars)) for events in few) / 100, long


def _events(count: int, names: Names) -> list[ClockSignal]:
    """Events at intervals of a minute."""
    start = instant_of(datetime(2026, 1, 5, 8, tzinfo=UTC))
    events = [ClockSignal(start, "created", "open")]
    for number in range(1, count):
        name, status = names[number % len(names)]
        events.append(ClockSignal(start + number * 60_000_000, name, status))
    return events


def _folded(events: list[ClockSignal], calendars: dict[str, WorkingTime]) -> None:
    names = ("first_response", "next_response", "assessment", "resolution")
    targets = (ClockTarget(name, parse_length("PT4000H"), pause_in=("waiting",)) for name in names)
    case = CaseClocks(tuple(clock(target.metric, target) for target in targets))
    for event in events:
        case = advance(case, event, calendars)


def _timed(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    for table in measure():
        print(table)
