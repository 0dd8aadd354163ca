"""History that was let go of changes no answer (C8): another target is counted over all of it."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from case_clocks.archive import from_start, whole_history
from case_clocks.changes import changes
from case_clocks.clock import METRICS, CaseClocks, ClockTarget, clock
from case_clocks.counting import read, warnings
from case_clocks.fold import MAX_INTERVALS, ClockSignal, advance, retarget
from case_clocks.ledger import held
from case_definition.calendar.instants import instant_of
from case_definition.calendar.lengths import parse_length
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("CALENDAR_EXAMPLES", "0"))
MINUTE = 60_000_000
START = instant_of(datetime(2026, 1, 5, 9, tzinfo=UTC))
WEEK = ("mon", "tue", "wed", "thu", "fri")
CALENDARS = {
    "office": WorkingTime(
        parse_calendar(
            {"timezone": "Europe/Amsterdam", "hours": {day: [["09:00", "17:00"]] for day in WEEK}}
        )
    ),
    "always": WorkingTime(
        parse_calendar(
            {"timezone": "UTC", "hours": {d: [["00:00", "24:00"]] for d in (*WEEK, "sat", "sun")}}
        )
    ),
}
ALL = 1_000_000
STATUSES = ("open", "waiting", "on_hold")
Change = ClockSignal | dict[str, ClockTarget]


@st.composite
def terms(draw: st.DrawFn) -> dict[str, ClockTarget]:
    """A target for some of the metrics."""
    chosen = draw(st.lists(st.sampled_from(sorted(METRICS)), unique=True, min_size=1))
    return {
        metric: ClockTarget(
            metric,
            parse_length(draw(st.sampled_from(["PT30M", "PT4H", "PT40H", "PT4000H"]))),
            draw(st.sampled_from(sorted(CALENDARS))),
            pause_in=tuple(draw(st.lists(st.sampled_from(STATUSES), unique=True, max_size=2))),
            warn_at=(50, 90),
            recount_from_change=draw(st.sampled_from([False, False, False, True])),
        )
        for metric in chosen
    }


@st.composite
def case_changes(draw: st.DrawFn) -> list[tuple[int, Change]]:
    """What happens to a case, in order of time: events, and other terms now and then."""
    at = START
    life: list[tuple[int, Change]] = [
        (at, draw(terms())), (at, ClockSignal(at, "created", "open", hands="desk"))
    ]  # fmt: skip
    for _ in range(draw(st.integers(5, 60))):
        at += draw(st.sampled_from([0, 1, MINUTE, 20 * MINUTE, 600 * MINUTE]))
        kind = draw(st.sampled_from(["status"] * 6 + [
            "agent_reply", "customer_reply", "resolved", "reopened", "final", "hands", "terms",
        ]))  # fmt: skip
        if kind == "terms":
            life.append((at, draw(terms())))
        elif kind == "hands":
            life.append((at, ClockSignal(at, "assigned", hands=draw(st.sampled_from("abc")))))
        else:
            status = draw(st.sampled_from(STATUSES)) if kind == "status" else None
            life.append((at, ClockSignal(at, kind, status)))
    return life


def step(case: CaseClocks, at: int, change: Change, keep: int) -> CaseClocks:
    if isinstance(change, ClockSignal):
        return advance(case, change, CALENDARS, keep)
    return retarget(case, change, at, CALENDARS)


def readings(case: CaseClocks, at: int) -> list[Any]:
    """All that anybody says of a case."""
    history = whole_history(case)
    found: list[Any] = []
    for each in case.clocks:
        found.append(read(each, case.history, CALENDARS, at))
        if each.cycle is not None and each.cycle.target is not None:
            found.append(warnings(each.cycle, case.history, CALENDARS))
            found.append(held(from_start(each.cycle), history, CALENDARS, at))
    return found


def nothing() -> CaseClocks:
    return CaseClocks(tuple(clock(metric) for metric in METRICS))


@settings(max_examples=EXAMPLES or 150, derandomize=not EXAMPLES, database=None)
@given(case_changes(), st.integers(2, 12))
def test_whatever_is_let_go_of_every_answer_is_the_same(
    life: list[tuple[int, Change]], keep: int
) -> None:
    """C8: after each event, with little and with all of the history at hand."""
    little, whole = nothing(), nothing()
    for at, change in life:
        then, then_whole = step(little, at, change, keep), step(whole, at, change, ALL)
        assert changes(little, then) == changes(whole, then_whole)
        assert readings(then, at) == readings(then_whole, at)
        little, whole = then, then_whole
    assert not whole.archived
    assert len({interval.since for interval in little.history}) <= keep + 1


def busy(count: int, keep: int) -> CaseClocks:
    """A case whose status changes every minute, under a target that pauses in one of them."""
    target = {
        "resolution": ClockTarget("resolution", parse_length("PT400H"), "office", ("waiting",))
    }
    case = retarget(nothing(), target, START, CALENDARS)
    case = advance(case, ClockSignal(START, "created", "open"), CALENDARS, keep)
    for number in range(1, count):
        event = ClockSignal(START + number * MINUTE, "status", STATUSES[number % len(STATUSES)])
        case = advance(case, event, CALENDARS, keep)
    return case


@pytest.mark.parametrize("count", [MAX_INTERVALS // 2, MAX_INTERVALS + 1, 300, 3000])
def test_another_target_is_counted_over_a_history_beyond_what_is_at_hand(count: int) -> None:
    """C8: three thousand changes of status, then the pauses of another agreement."""
    other = {
        "resolution": ClockTarget("resolution", parse_length("PT300H"), "always", ("on_hold",))
    }
    at = START + count * MINUTE
    case, whole = busy(count, MAX_INTERVALS), busy(count, ALL)
    assert len(case.history) <= MAX_INTERVALS
    assert readings(retarget(case, other, at, CALENDARS), at) == (
        readings(retarget(whole, other, at, CALENDARS), at)
    )


def test_a_due_in_what_was_let_go_of_is_still_the_true_one() -> None:
    """A shorter promise that ran out long ago was missed then, and not where memory ends."""
    other = {"resolution": ClockTarget("resolution", parse_length("PT30M"), "always")}
    count = 10 * MAX_INTERVALS
    at = START + count * MINUTE
    after = retarget(busy(count, MAX_INTERVALS), other, at, CALENDARS)
    (cycle,) = [each.cycle for each in after.clocks if each.metric == "resolution"]
    assert cycle is not None
    assert cycle.missed == START + 30 * MINUTE


def test_what_is_let_go_of_is_small() -> None:
    """So that a case of ten thousand changes can be remembered."""
    case = busy(3000, MAX_INTERVALS)
    assert sum(map(len, case.archived)) < 3000 * 12
