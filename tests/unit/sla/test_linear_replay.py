"""Replaying a case's clocks costs the same for each event, however many came before (C8)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from case_clocks.clock import METRICS, CaseClocks, ClockTarget, clock
from case_clocks.fold import ClockSignal, advance
from case_clocks.timeline import answer
from case_definition.calendar.instants import instant_of
from case_definition.calendar.lengths import parse_length
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
OFFICE: dict[str, Any] = {
    "timezone": "Europe/Amsterdam",
    "hours": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}
ROUND = (
    ("status", "waiting"),
    ("customer_reply", None),
    ("status", "open"),
    ("agent_reply", None),
    ("resolved", None),
    ("reopened", None),
)


class Counting(WorkingTime):
    """Counts what is asked of a calendar."""

    def __init__(self) -> None:
        super().__init__(parse_calendar(OFFICE))
        self.asked: Counter[str] = Counter()

    def between(self, start: int, end: int) -> int:
        self.asked["between"] += 1
        return super().between(start, end)

    def add(self, start: int, span: int) -> int:
        self.asked["add"] += 1
        return super().add(start, span)


def steps(count: int) -> list[tuple[datetime, str, str | None]]:
    """So many events, a minute apart."""
    events: list[tuple[datetime, str, str | None]] = [(START, "created", "open")]
    for number in range(1, count):
        name, status = ROUND[number % len(ROUND)]
        events.append((START + timedelta(minutes=number), name, status))
    return events


def asked(count: int, keep: int) -> int:
    """How often a calendar is asked in a replay of so many events."""
    calendar = Counting()
    targets = (
        ClockTarget(metric, parse_length("PT4000H"), pause_in=("waiting",)) for metric in METRICS
    )
    case = CaseClocks(tuple(clock(target.metric, target) for target in targets))
    for at, name, status in steps(count):
        case = advance(case, ClockSignal(instant_of(at), name, status), {"": calendar}, keep)
    return calendar.asked.total()


@pytest.mark.parametrize("keep", [64, 256, 100_000])
def test_ten_times_the_events_is_ten_times_the_work(keep: int) -> None:
    """C8: with all of the history kept, and with the older half of it let go."""
    few, many = asked(1000, keep), asked(10_000, keep)
    assert few > 1000
    assert many <= few * 11


def test_ten_thousand_events_are_answered() -> None:
    """C8: by the tool that people use."""
    document = {
        "calendar": OFFICE,
        "targets": [{"metric": "resolution", "length": "PT4000H", "pause_in": ["waiting"]}],
        "timeline": [
            {"at": at.isoformat(), "event": name, **({"status": status} if status else {})}
            for at, name, status in steps(10_000)
        ],
    }
    (answers,) = answer(document)["targets"]
    assert answers["cycles"] == 1
    assert answers["elapsed_seconds"] > 0
