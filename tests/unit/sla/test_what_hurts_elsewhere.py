"""What goes wrong in other helpdesks, each by its name (C8, C9, C13)."""

from typing import Any

import pytest
from case_clocks.clock import CaseClocks, ClockTarget, clock
from case_clocks.counting import elapsed
from case_clocks.fold import ClockSignal, advance, expire, retarget
from case_clocks.shares import share_text
from case_clocks.timeline import answer
from case_definition.calendar.instants import HOUR, parse_instant
from case_definition.calendar.lengths import parse_length
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE: dict[str, Any] = {
    "timezone": "Europe/Amsterdam",
    "hours": {day: [["09:00", "17:00"]] for day in WEEK},
}
CALENDARS = {"": WorkingTime(parse_calendar(OFFICE))}


def ask(
    *lines: tuple[str, str] | tuple[str, str, str],
    calendar: dict[str, Any] = OFFICE,
    as_of: str | None = None,
    **lengths: int,
) -> dict[str, dict[str, Any]]:
    """The clocks of a timeline, by metric; lengths in hours, paused in `waiting`."""
    document: dict[str, Any] = {
        "calendar": calendar,
        "targets": [
            {"metric": metric, "seconds": hours * 3600, "pause_in": ["waiting"]}
            for metric, hours in lengths.items()
        ],
        "timeline": [
            {"at": at, "event": event, **({"status": rest[0]} if rest else {})}
            for at, event, *rest in lines
        ],
    }
    if as_of:
        document["as_of"] = as_of
    return {target["metric"]: target for target in answer(document)["targets"]}


def promised(length: str, **settings: Any) -> ClockTarget:
    return ClockTarget("resolution", parse_length(length), pause_in=("waiting",), **settings)


def played(target: ClockTarget | None, *events: tuple[str, str, str | None]) -> CaseClocks:
    case = CaseClocks((clock("resolution", target),))
    for at, name, status in events:
        case = advance(case, ClockSignal(parse_instant(at), name, status), CALENDARS)
    return case


MORNING = "2026-03-02T09:00:00+01:00"
PAUSED = (
    (MORNING, "created", "open"),
    ("2026-03-02T10:00:00+01:00", "status", "waiting"),
    ("2026-03-02T15:00:00+01:00", "status", "open"),
)


def test_a_pause_is_not_lost_when_the_priority_changes() -> None:
    """C8: five hours stood still, before and after the change."""
    case = played(promised("PT8H"), *PAUSED)
    changed = retarget(
        case, {"resolution": promised("PT4H")}, parse_instant("2026-03-02T16:00:00+01:00"),
        CALENDARS,
    )  # fmt: skip
    cycle = changed.clocks[0].cycle
    assert cycle is not None
    assert cycle.due == parse_instant("2026-03-03T10:00:00+01:00")
    at = parse_instant("2026-03-02T16:00:00+01:00")
    assert elapsed(cycle, changed.history, CALENDARS, at) == 2 * HOUR


def test_there_is_a_pause_at_all() -> None:
    """C8: while it waits for the contact it has no due, and nothing is counted."""
    answers = ask(*PAUSED[:2], as_of="2026-03-06T17:00:00+01:00", resolution=4)["resolution"]
    assert (answers["state"], answers["due"], answers["elapsed_seconds"]) == ("paused", None, 3600)


def test_a_holiday_that_falls_on_a_pause_is_taken_off_once() -> None:
    """C8: the pause runs over a holiday; nothing is counted twice, and nothing given back."""
    calendar = {**OFFICE, "holidays": ["2026-03-03"]}
    answers = ask(
        ("2026-03-02T16:00:00+01:00", "created", "open"),
        ("2026-03-02T16:30:00+01:00", "status", "waiting"),
        ("2026-03-04T09:30:00+01:00", "status", "open"),
        calendar=calendar,
        resolution=2,
    )["resolution"]
    assert answers["elapsed_seconds"] == 1800
    assert answers["due"] == "2026-03-04T11:00:00+01:00"


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-28T20:00:00+01:00", "2026-03-29T05:00:00+02:00"),
        ("2026-10-24T20:00:00+02:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_summer_time_inside_a_target_is_real_time(start: str, due: str) -> None:
    """C8: eight hours are eight hours, through the hour that is skipped or comes twice."""
    always = {
        "timezone": "Europe/Amsterdam",
        "hours": {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")},
    }
    answers = ask((start, "created"), calendar=always, resolution=8)["resolution"]
    assert answers["due"] == due


def test_first_and_next_response_are_two_things() -> None:
    """C8: the first answer ends both; the next question begins the one alone."""
    answers = ask(
        (MORNING, "created"),
        ("2026-03-02T10:00:00+01:00", "agent_reply"),
        ("2026-03-02T11:00:00+01:00", "customer_reply"),
        ("2026-03-02T12:00:00+01:00", "customer_reply"),
        as_of="2026-03-02T12:30:00+01:00",
        first_response=4,
        next_response=2,
    )
    assert (answers["first_response"]["state"], answers["first_response"]["cycles"]) == ("met", 1)
    assert (answers["next_response"]["state"], answers["next_response"]["cycles"]) == ("running", 2)
    assert answers["next_response"]["due"] == "2026-03-02T13:00:00+01:00"


def test_a_target_does_not_go_stale_after_the_agreement_changes() -> None:
    """C8, D4: the clock goes over to the new length, from its own start; and off, with none."""
    case = played(promised("PT8H"), (MORNING, "created", "open"))
    at = parse_instant("2026-03-02T10:00:00+01:00")
    longer = retarget(case, {"resolution": promised("PT16H")}, at, CALENDARS).clocks[0].cycle
    assert longer is not None
    assert longer.due == parse_instant("2026-03-03T17:00:00+01:00")
    none = retarget(case, {}, at, CALENDARS).clocks[0].cycle
    assert none is not None
    assert none.due is None


def test_an_edited_agreement_does_not_rewrite_yesterdays_breaches() -> None:
    """C11: what was missed under the terms of that day stays missed, with its due."""
    case = played(promised("PT1H"), (MORNING, "created", "open"))
    case = expire(case, parse_instant("2026-03-02T12:00:00+01:00"))
    changed = retarget(
        case, {"resolution": promised("PT100H")}, parse_instant("2026-03-03T09:00:00+01:00"),
        CALENDARS,
    )  # fmt: skip
    cycle = changed.clocks[0].cycle
    assert cycle is not None
    assert cycle.missed == parse_instant("2026-03-02T10:00:00+01:00")
    assert changed.clocks[0].breaches == 1


@pytest.mark.parametrize("seconds", [0, -1, -3600])
def test_a_resolution_between_two_sweeps_is_no_miss(seconds: int) -> None:
    """C8: however late anybody looks, what ended at or before the due was in time."""
    due = parse_instant("2026-03-02T13:00:00+01:00")
    case = played(promised("PT4H"), (MORNING, "created", "open"))
    case = advance(case, ClockSignal(due + seconds * 1_000_000, "resolved"), CALENDARS)
    case = expire(case, parse_instant("2026-03-30T09:00:00+02:00"))
    cycle = case.clocks[0].cycle
    assert cycle is not None
    assert (cycle.missed, case.clocks[0].breaches) == (None, 0)


def test_a_microsecond_after_the_due_is_a_miss() -> None:
    """C9: the other side of the same edge."""
    late = parse_instant("2026-03-02T13:00:00.000001+01:00")
    case = played(promised("PT4H"), (MORNING, "created", "open"))
    case = advance(case, ClockSignal(late, "resolved"), CALENDARS)
    assert case.clocks[0].breaches == 1


def test_a_miss_is_not_rounded_away() -> None:
    """C13: 99.96 % is not 100 %."""
    assert share_text(2499, 2500) == "99.96 %"


def test_no_sla_can_be_said() -> None:
    """D4: no target, no clock, no due, no breach, however long it takes."""
    case = played(None, (MORNING, "created", "open"))
    case = expire(case, parse_instant("2030-01-01T00:00:00+01:00"))
    cycle = case.clocks[0].cycle
    assert cycle is not None
    assert (cycle.due, cycle.missed, case.clocks[0].breaches) == (None, None, 0)
