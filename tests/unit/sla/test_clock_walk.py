"""Clocks against an independent walk, minute by minute, for timelines of whole minutes.

CALENDAR_EXAMPLES raises the number of examples, for a long run.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from case_clocks.timeline import answer
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("CALENDAR_EXAMPLES", "0"))
HOURS = {
    "fri": [["09:00", "12:00"], ["13:00", "17:00"]],
    "sun": [["00:00", "06:00"]],
    "mon": [["09:00", "17:00"]],
}
OPEN_HOURS = {4: {9, 10, 11, 13, 14, 15, 16}, 6: set(range(6)), 0: set(range(9, 17))}
METRICS = ("first_response", "next_response", "resolution")
EVENTS = ("customer_reply", "agent_reply", "status", "resolved", "reopened")
STATUSES = ("open", "need_input", "on_hold")


@dataclass(frozen=True)
class Place:
    """A zone, and the instant from which minutes are told."""

    zone: str
    begin: datetime

    def at(self, minute: int) -> datetime:
        return self.begin + timedelta(minutes=minute)

    def is_open(self, minute: int) -> bool:
        local = self.at(minute).astimezone(ZoneInfo(self.zone))
        return local.hour in OPEN_HOURS.get(local.weekday(), set())


# Each a little before a change of its clock, or a day that never was.
PLACES = [
    Place("Europe/Amsterdam", datetime(2026, 3, 27, 7, tzinfo=UTC)),
    Place("Europe/London", datetime(2026, 10, 23, 7, tzinfo=UTC)),
    Place("America/New_York", datetime(2026, 3, 6, 7, tzinfo=UTC)),
    Place("Australia/Lord_Howe", datetime(2026, 4, 3, 7, tzinfo=UTC)),
    Place("Asia/Kathmandu", datetime(2026, 5, 1, 7, tzinfo=UTC)),
    Place("Pacific/Apia", datetime(2011, 12, 28, 7, tzinfo=UTC)),
    Place("Africa/Casablanca", datetime(2026, 2, 13, 7, tzinfo=UTC)),
    Place("UTC", datetime(2026, 12, 31, 7, tzinfo=UTC)),
]


@dataclass
class Walked:
    """One clock, ticked a minute at a time."""

    place: Place
    metric: str
    length: int
    pause_in: list[str]
    counted: int = 0
    reached: int | None = None
    cycles: int = 0
    running: bool = False
    missed: int | None = None
    breached: bool = False
    finished: list[int] = field(default_factory=list)

    def tick(self, minute: int, status: str, resolved: bool) -> None:
        if (
            self.running
            and not resolved
            and status not in self.pause_in
            and self.place.is_open(minute)
        ):
            self.counted += 1
            if self.counted == self.length and self.reached is None:
                self.reached = minute + 1

    def look(self, minute: int, status: str, resolved: bool) -> None:
        """Breached when it runs, has reached its length, and that is in the past."""
        runs = self.running and not resolved and status not in self.pause_in
        if runs and self.missed is None and self.reached is not None and self.reached < minute:
            self.missed, self.breached = self.reached, True

    def hear(self, event: str, first: bool, message: bool) -> None:
        asks = message if first else event == "customer_reply"
        begins = asks if self.metric == "next_response" else first
        ends = event == ("resolved" if self.metric == "resolution" else "agent_reply")
        if self.running and ends:
            self.running = False
            self.finished.append(self.counted)
        elif event == "reopened" and self.metric == "resolution" and not self.running:
            self.running = True
            self.finished.clear()
        elif not self.running and begins:
            self.running, self.cycles = True, self.cycles + 1
            self.counted, self.reached, self.missed = 0, None, None

    def answered(self, minute: int, status: str, resolved: bool) -> dict[str, Any]:
        paused = resolved or status in self.pause_in
        state, due = ("paused" if paused else "running") if self.running else "met", None
        if not self.cycles:
            state = "idle"
        elif self.missed is not None:
            state, due = "breached", self.missed
        elif state == "running":
            due = self.reached
            at, left = minute, self.length - self.counted
            while due is None:
                left -= self.place.is_open(at)
                at += 1
                due = at if left == 0 else None
        spent = max(self.finished) if self.finished else self.counted
        return {
            "metric": self.metric,
            "state": state,
            "due": None if due is None else self.place.at(due),
            "elapsed_seconds": spent * 60,
            "left_seconds": (self.length - spent) * 60,
            "breached": self.breached,
            "cycles": self.cycles,
        }


def walk(clocks: list[Walked], timeline: list[dict[str, Any]], until: int) -> list[dict[str, Any]]:
    status, resolved = "", False
    minute = timeline[0]["minute"]
    for event in [*timeline, {"minute": until, "event": ""}]:
        while minute < event["minute"]:
            for clock in clocks:
                clock.tick(minute, status, resolved)
            minute += 1
        for clock in clocks:
            clock.look(minute, status, resolved)
        for clock in clocks:
            clock.hear(event["event"], event["event"] == "created", event.get("message", True))
        status = event.get("status") or status
        resolved = event["event"] == "resolved" or (resolved and event["event"] != "reopened")
        for clock in clocks:
            clock.look(minute, status, resolved)
    return [clock.answered(minute, status, resolved) for clock in clocks]


@st.composite
def timelines(draw: st.DrawFn) -> list[dict[str, Any]]:
    minute = draw(st.integers(0, 900))
    status = st.sampled_from(STATUSES)
    created = {"minute": minute, "event": "created", "status": draw(status)}
    timeline: list[dict[str, Any]] = [{**created, "message": draw(st.booleans())}]
    for _ in range(draw(st.integers(0, 10))):
        minute += draw(st.sampled_from([0, 0, 1, 15, 60, 60, 240, 480, 1440]))
        event: dict[str, Any] = {"minute": minute, "event": draw(st.sampled_from(EVENTS))}
        if event["event"] == "status" or (event["event"] == "reopened" and draw(st.booleans())):
            event["status"] = draw(status)
        timeline.append(event)
    return timeline


def line(event: dict[str, Any], place: Place) -> dict[str, Any]:
    values = {"at": place.at(event["minute"]).isoformat(), "event": event["event"]}
    if "status" in event:
        values["status"] = event["status"]
    return values | ({"customer_message": event["message"]} if "message" in event else {})


@settings(max_examples=EXAMPLES or 100, derandomize=not EXAMPLES, database=None)
@given(
    st.sampled_from(PLACES),
    timelines(),
    st.lists(
        st.tuples(
            st.sampled_from(METRICS),
            st.sampled_from([1, 15, 60, 120, 180, 420, 900]),
            st.lists(st.sampled_from(STATUSES), unique=True, max_size=2),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([None, 0, 1, 60, 2000]),
)
def test_clocks_agree_with_a_walk_through_time(
    place: Place,
    timeline: list[dict[str, Any]],
    targets: list[tuple[str, int, list[str]]],
    later: int | None,
) -> None:
    """C8: every metric, pauses, reopening, breaches; and each ledger sums to its clock."""
    until = timeline[-1]["minute"] + (later or 0)
    document: dict[str, Any] = {
        "calendar": {"timezone": place.zone, "hours": HOURS},
        "targets": [
            {"metric": metric, "seconds": length * 60, "pause_in": pause_in}
            for metric, length, pause_in in targets
        ],
        "timeline": [line(event, place) for event in timeline],
    }
    if later is not None:
        document["as_of"] = place.at(until).isoformat()
    answers = answer(document, explain=True)["targets"]
    for clock in answers:
        ledger = clock.pop("ledger")
        assert sum(entry["seconds"] for entry in ledger) == clock["elapsed_seconds"]
        assert all(a["to"] == b["from"] for a, b in pairwise(ledger))
        if clock["due"] is not None:
            clock["due"] = datetime.fromisoformat(clock["due"])
    assert answers == walk([Walked(place, *target) for target in targets], timeline, until)
