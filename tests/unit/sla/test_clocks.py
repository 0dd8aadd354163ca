"""The rules of targets and their clocks, one by one (C8, C9)."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from case_clocks.changes import changes
from case_clocks.clock import CaseClocks, Clock, ClockTarget, clock
from case_clocks.counting import elapsed, read, state, warnings
from case_clocks.fold import ClockSignal, advance, expire, retarget
from case_clocks.ledger import ledger
from case_definition.calendar.instants import parse_instant
from case_definition.calendar.lengths import OpenTime, parse_length
from case_definition.calendar.model import parse_calendar
from case_definition.calendar.working_time import WorkingTime

MINUTE = 60_000_000
OFFICE = WorkingTime(
    parse_calendar(
        {
            "timezone": "Europe/Amsterdam",
            "hours": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        }
    )
)
CALENDARS = {"": OFFICE}


def at(text: str) -> int:
    """An instant of the week that begins on Monday 2 March 2026, as `mon 09:00`."""
    day, time = text.split()
    number = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day) + 2
    return parse_instant(f"2026-03-{number:02}T{time}+01:00")


def target(metric: str, length: object = "PT1H", **settings: Any) -> ClockTarget:
    elapsed_time = settings.pop("elapsed", False)
    settings.setdefault("pause_in", ("waiting",))
    return ClockTarget(metric, parse_length(length, elapsed=elapsed_time), **settings)


def case(*targets: ClockTarget) -> CaseClocks:
    return CaseClocks(tuple(clock(each.metric, each) for each in targets))


def play(clocks: CaseClocks, *steps: tuple[str, str] | tuple[str, str, str]) -> CaseClocks:
    for when, name, *rest in steps:
        status = rest[0] if rest else None
        clocks = advance(clocks, ClockSignal(at(when), name, status), CALENDARS)
    return clocks


def only(clocks: CaseClocks) -> Clock:
    return clocks.clocks[0]


def due_of(clocks: CaseClocks) -> int | None:
    cycle = only(clocks).cycle
    return None if cycle is None else cycle.due


def standing(clocks: CaseClocks, when: str) -> tuple[str, int, bool]:
    reading = read(only(clocks), clocks.history, CALENDARS, at(when))
    return reading.state, reading.elapsed // MINUTE, reading.breached


CREATED = ("mon 10:00", "created")


def test_met_at_the_due_and_breached_from_the_next_microsecond() -> None:
    started = play(case(target("first_response")), CREATED)
    assert standing(play(started, ("mon 11:00", "agent_reply")), "mon 11:00") == ("met", 60, False)
    late = play(started, ("mon 11:00:00.000001", "agent_reply"))
    assert standing(late, "tue 11:00") == ("breached", 60, True)
    assert due_of(late) == at("mon 11:00")


def test_breached_in_closed_hours_too() -> None:
    started = play(case(target("first_response", "PT7H")), CREATED)
    assert standing(expire(started, at("mon 17:00")), "mon 17:00")[0] == "running"
    assert standing(expire(started, at("mon 17:00:00.000001")), "mon 18:00")[0] == "breached"


def test_while_paused_there_is_no_due_and_after_it_the_rest_remains() -> None:
    paused = play(case(target("resolution")), CREATED, ("mon 10:15", "status", "waiting"))
    assert due_of(paused) is None
    assert standing(expire(paused, at("tue 12:00")), "tue 12:00") == ("paused", 15, False)
    assert due_of(play(paused, ("tue 09:00", "status", "open"))) == at("tue 09:45")


def test_a_pause_wholly_in_closed_hours_costs_nothing() -> None:
    started = play(case(target("resolution", "PT8H")), CREATED)
    steps = ("mon 18:00", "status", "waiting"), ("tue 08:00", "status", "open")
    assert due_of(play(started, *steps)) == due_of(started) == at("tue 10:00")


def test_a_pause_from_the_due_on_does_not_move_the_due() -> None:
    paused = play(case(target("resolution")), CREATED, ("mon 11:00", "status", "waiting"))
    assert standing(expire(paused, at("tue 09:00")), "tue 09:00") == ("paused", 60, False)
    assert due_of(play(paused, ("tue 09:00", "status", "open"))) == at("mon 11:00")


def test_a_case_may_be_created_paused() -> None:
    started = play(case(target("first_response")), ("mon 10:00", "created", "waiting"))
    assert standing(started, "mon 10:00") == ("paused", 0, False)
    assert due_of(play(started, ("mon 12:00", "status", "open"))) == at("mon 13:00")


def test_a_breach_stays_whatever_follows() -> None:
    late = play(case(target("resolution")), CREATED, ("mon 12:00", "status", "waiting"))
    late = play(late, ("mon 13:00", "resolved"), ("mon 14:00", "reopened"))
    late = retarget(late, {"resolution": target("resolution", "PT40H")}, at("mon 15:00"), CALENDARS)
    assert standing(late, "mon 15:00")[::2] == ("breached", True)
    assert due_of(late) == at("mon 11:00")


def test_resolved_without_a_reply_the_clock_is_held_and_finally_excluded() -> None:
    held = play(case(target("first_response")), CREATED, ("mon 10:30", "resolved"))
    assert standing(held, "tue 12:00") == ("paused", 30, False)
    final = play(held, ("tue 12:00", "final"))
    assert standing(final, "tue 12:00") == ("excluded", 30, False)
    back = play(final, ("wed 09:00", "reopened"))
    assert due_of(back) == at("wed 09:30")


def test_reopening_goes_on_with_the_same_resolution_clock() -> None:
    met = play(case(target("resolution", "PT2H")), CREATED, ("mon 11:00", "resolved"))
    assert standing(met, "mon 11:00") == ("met", 60, False)
    again = play(met, ("tue 09:00", "reopened"))
    assert standing(again, "tue 09:30") == ("running", 90, False)
    assert due_of(again) == at("tue 10:00")
    assert only(again).started == 1


def test_reopening_leaves_other_met_clocks_and_the_status() -> None:
    replied = play(case(target("first_response"), target("resolution", "PT2H")), CREATED)
    replied = play(replied, ("mon 10:10", "agent_reply"), ("mon 10:20", "status", "waiting"))
    again = play(replied, ("mon 10:30", "resolved"), ("mon 12:00", "reopened"))
    states = [state(each.cycle, again.history) for each in again.clocks]
    assert states == ["met", "paused"]


def test_restarting_on_reopening_is_a_setting() -> None:
    anew = target("resolution", restart_on_reopening=True)
    again = play(case(anew), CREATED, ("mon 10:30", "resolved"), ("tue 09:00", "reopened"))
    assert (only(again).started, due_of(again)) == (2, at("tue 10:00"))


def test_what_else_is_called_restored_is_reopened_without_the_time_between() -> None:
    restored = clock("resolution", target("resolution", "PT2H"), ends=("schedule_agreed",))
    met = play(CaseClocks((restored,)), CREATED, ("mon 10:30", "schedule_agreed"))
    again = play(met, ("mon 12:00", "resolved"), ("mon 14:00", "reopened"))
    assert standing(again, "mon 14:15") == ("running", 45, False)
    cycle = only(again).cycle
    assert cycle is not None
    entries = ledger(cycle, again.history, CALENDARS, at("mon 14:15"))
    assert [(each.counted // MINUTE, each.why) for each in entries] == [
        (30, "open"), (0, "finished, until it was reopened"), (15, "open")
    ]  # fmt: skip


def test_further_messages_do_not_restart_the_exchange_and_each_is_a_cycle() -> None:
    asked = play(case(target("next_response")), CREATED, ("mon 10:30", "customer_reply"))
    assert due_of(asked) == at("mon 11:00")
    answered = play(asked, ("mon 10:40", "agent_reply"), ("mon 10:50", "agent_reply"))
    again = play(answered, ("mon 12:00", "customer_reply"))
    assert (only(again).started, due_of(again)) == (2, at("mon 13:00"))
    assert standing(again, "mon 12:05") == ("running", 40, False)


def test_every_request_to_assess_again_begins_a_cycle() -> None:
    done = play(case(target("assessment")), CREATED, ("mon 10:10", "assessed"))
    again = play(done, ("mon 12:00", "assessment_requested"), ("mon 12:30", "assessed"))
    assert only(again).started == 2
    assert standing(again, "mon 12:30") == ("met", 30, False)


def test_any_other_metric_runs_between_the_events_it_names() -> None:
    taken_up = clock("taken_up", target("taken_up"), ("created",), ("status:in_progress",))
    started = play(CaseClocks((taken_up,)), CREATED, ("mon 10:10", "status", "open"))
    assert standing(play(started, ("mon 10:30", "status", "in_progress")), "mon 12:00")[0] == "met"


def test_another_target_recounts_from_the_clocks_own_start_under_its_own_pauses() -> None:
    started = play(case(target("resolution", "PT8H")), CREATED, ("mon 10:30", "status", "waiting"))
    started = play(started, ("mon 11:00", "status", "open"))
    urgent = {"resolution": target("resolution", "PT2H", pause_in=())}
    assert due_of(retarget(started, urgent, at("mon 11:30"), CALENDARS)) == at("mon 12:00")


def test_a_due_that_now_lies_in_the_past_is_a_breach_at_once() -> None:
    started = play(case(target("resolution", "PT8H")), CREATED)
    urgent = retarget(started, {"resolution": target("resolution")}, at("mon 12:00"), CALENDARS)
    assert [(each.kind, each.due) for each in changes(started, urgent)] == [
        ("breached", at("mon 11:00"))
    ]


def test_counting_from_the_change_is_a_setting() -> None:
    started = play(case(target("resolution", "PT8H")), CREATED)
    change = {"resolution": target("resolution", recount_from_change=True)}
    assert due_of(retarget(started, change, at("mon 12:00"), CALENDARS)) == at("mon 13:00")


def test_finished_cycles_stay_as_they_were() -> None:
    met = play(case(target("first_response")), CREATED, ("mon 10:45", "agent_reply"))
    after = retarget(
        met,
        {"first_response": target("first_response", 60)},
        at("tue 09:00"),
        CALENDARS,
    )
    assert standing(after, "tue 09:00") == ("met", 45, False)


def test_without_a_target_there_is_no_due_and_no_breach_until_one_applies() -> None:
    none = play(CaseClocks((clock("resolution"),)), CREATED)
    assert standing(expire(none, at("fri 12:00")), "fri 12:00") == ("idle", 0, False)
    late = retarget(none, {"resolution": target("resolution", "PT16H")}, at("mon 12:00"), CALENDARS)
    assert due_of(late) == at("wed 10:00")
    assert due_of(retarget(late, {}, at("mon 13:00"), CALENDARS)) is None


def test_an_instant_reply_is_never_a_negative_span() -> None:
    done = play(case(target("first_response")), CREATED, ("mon 10:00", "agent_reply"))
    assert standing(done, "mon 10:00") == ("met", 0, False)


def test_a_breach_is_withdrawn_when_a_fact_in_time_is_recorded_after_it() -> None:
    started = play(case(target("first_response")), CREATED)
    breached = expire(started, at("mon 11:30"))
    assert standing(breached, "mon 11:30")[::2] == ("breached", True)
    commented = play(breached, ("mon 10:55", "customer_reply"))
    assert standing(commented, "mon 11:30")[::2] == ("breached", True)
    answered = play(commented, ("mon 10:59", "agent_reply"))
    assert standing(answered, "mon 11:30") == ("met", 59, False)
    assert [each.kind for each in changes(commented, answered)] == ["withdrawn", "met"]
    paused = play(breached, ("mon 11:00", "status", "waiting"))
    assert [each.kind for each in changes(breached, paused)] == ["withdrawn", "stopped"]
    longer = {"first_response": target("first_response", "PT2H")}
    eased = retarget(breached, longer, at("mon 10:30"), CALENDARS)
    assert [each.kind for each in changes(breached, eased)] == ["withdrawn", "due"]


@pytest.mark.parametrize("time", ["10:00", "09:00"])
def test_working_days_are_fixed_for_the_cycle(time: str) -> None:
    started = play(case(target("resolution", "2 working days")), (f"mon {time}", "created"))
    assert due_of(started) == at(f"wed {time}")
    at_night = play(started, ("mon 18:00", "status", "waiting"), ("mon 19:00", "status", "open"))
    assert due_of(at_night) == at(f"wed {time}")
    by_day = play(started, ("mon 11:00", "status", "waiting"), ("mon 12:00", "status", "open"))
    assert due_of(by_day) == at(f"wed {time}") + 60 * MINUTE


def test_elapsed_time_runs_through_nights_and_is_paused_as_well() -> None:
    started = play(case(target("resolution", "P1D", elapsed=True)), CREATED)
    assert due_of(started) == at("tue 10:00")
    paused = play(started, ("mon 20:00", "status", "waiting"), ("tue 08:00", "status", "open"))
    assert due_of(paused) == at("tue 22:00")


def test_warnings_come_at_shares_of_the_length() -> None:
    started = play(case(target("resolution", "PT8H", warn_at=(50, 75))), CREATED)
    cycle = only(started).cycle
    assert cycle is not None
    expected = ((50, at("mon 14:00")), (75, at("mon 16:00")))
    assert warnings(cycle, started.history, CALENDARS) == expected


def test_what_is_remembered_stays_bounded_and_the_sums_stay_exact() -> None:
    lengths: Mapping[int, CaseClocks] = {
        keep: case(target("resolution", "PT40H"), target("next_response", "PT40H"))
        for keep in (8, 1000)
    }
    read_out = []
    for keep, clocks in lengths.items():
        now = clocks
        for step in range(200):
            when = at("mon 09:00") + step * 7 * MINUTE
            name = "created" if not step else ("resolved", "reopened", "status", "status")[step % 4]
            status = ("open", "waiting")[step % 4 == 2] if name == "status" else None
            now = advance(now, ClockSignal(when, name, status), CALENDARS, keep)
            assert len(now.history) <= keep
        end = at("tue 09:00")
        read_out.append([read(each, now.history, CALENDARS, end) for each in now.clocks])
        for each in now.clocks:
            assert each.cycle is not None
            entries = ledger(each.cycle, now.history, CALENDARS, end)
            spent = elapsed(each.cycle, now.history, CALENDARS, end)
            assert sum(entry.counted for entry in entries) == spent
    assert read_out[0] == read_out[1]


def test_clocks_survive_being_written_as_json() -> None:
    clocks = play(case(target("resolution", "2 working days")), CREATED, ("mon 11:00", "resolved"))
    assert msgspec.json.decode(msgspec.json.encode(clocks), type=CaseClocks) == clocks
    assert OpenTime(1) != parse_length(1)
