"""`casefold sla`: JSON in and JSON out; bad input names line, field and rule."""

import json
from typing import Any

import pytest
from case_sla.entrypoints.cli import sla
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = "2026-03-03T"
CALENDAR = {
    "timezone": "Europe/Amsterdam",
    "hours": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]},
}


def line(at: str, event: str, **rest: Any) -> dict[str, Any]:
    return {"at": at if "T" in at else f"{DAY}{at}:00+01:00", "event": event, **rest}


def a_target(metric: str, seconds: int) -> dict[str, Any]:
    return {"metric": metric, "seconds": seconds, "pause_in": ["need_input"]}


EXAMPLE: dict[str, Any] = {
    "calendar": CALENDAR,
    "targets": [
        a_target("first_response", 3600),
        a_target("next_response", 7200),
        a_target("resolution", 14400),
    ],
    "timeline": [
        line("2026-03-02T16:30:00+01:00", "created", status="open", customer_message=True),
        line("09:10", "status", status="need_input"),
        line("09:40", "customer_reply"),
        line("09:40", "status", status="open"),
        line("09:45", "agent_reply"),
        line("11:00", "resolved"),
    ],
}


def run(command: str, *documents: Any) -> Result:
    return CliRunner().invoke(sla, [command], input="\n".join(map(json.dumps, documents)))


def ask(command: str, **changes: Any) -> dict[str, Any]:
    result = run(command, {**EXAMPLE, **changes})
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_the_worked_example() -> None:
    assert run("replay", EXAMPLE).stdout == (
        '{"targets": [{"metric": "first_response", "state": "met", "due": null, '
        '"elapsed_seconds": 2700, "left_seconds": 900, "breached": false, "cycles": 1}, '
        '{"metric": "next_response", "state": "met", "due": null, '
        '"elapsed_seconds": 2700, "left_seconds": 4500, "breached": false, "cycles": 1}, '
        '{"metric": "resolution", "state": "met", "due": null, '
        '"elapsed_seconds": 7200, "left_seconds": 7200, "breached": false, "cycles": 1}]}\n'
    )


def test_as_of_ignores_what_is_after_it() -> None:
    first, following, resolution = ask("replay", as_of=f"{DAY}09:05:00+01:00")["targets"]
    assert first["due"] == f"{DAY}09:30:00+01:00"
    assert (first["state"], first["elapsed_seconds"], first["left_seconds"]) == (
        "running", 2100, 1500
    )  # fmt: skip
    assert (following["due"], resolution["state"]) == (f"{DAY}10:30:00+01:00", "running")


def test_as_of_before_the_creation_is_idle() -> None:
    answers = ask("replay", as_of="2026-03-01T00:00:00Z")["targets"]
    assert {each["state"] for each in answers} == {"idle"}
    assert [each["left_seconds"] for each in answers] == [3600, 7200, 14400]


def test_a_breach_is_seen_at_the_moment_of_reading_and_left_may_be_negative() -> None:
    answers = ask("replay", timeline=EXAMPLE["timeline"][:1], as_of=f"{DAY}12:00:00+01:00")
    first = answers["targets"][0]
    assert first == {
        "metric": "first_response", "state": "breached", "due": f"{DAY}09:30:00+01:00",
        "elapsed_seconds": 12600, "left_seconds": -9000, "breached": True, "cycles": 1,
    }  # fmt: skip


def test_next_response_tells_the_longest_finished_exchange_and_the_due_of_the_open_one() -> None:
    timeline = [
        line("09:00", "created", customer_message=False),
        line("09:10", "customer_reply"),
        line("09:30", "agent_reply"),
        line("09:40", "customer_reply"),
        line("09:50", "agent_reply"),
        line("10:00", "customer_reply"),
    ]
    answers = ask("replay", timeline=timeline, as_of=f"{DAY}10:45:00+01:00")["targets"][1]
    assert answers == {
        "metric": "next_response", "state": "running", "due": f"{DAY}12:00:00+01:00",
        "elapsed_seconds": 1200, "left_seconds": 6000, "breached": False, "cycles": 3,
    }  # fmt: skip
    before = ask("replay", timeline=timeline[:1])["targets"][1]
    assert (before["state"], before["cycles"]) == ("idle", 0)


def test_equal_instants_keep_the_order_of_the_lines() -> None:
    asked = [
        line("09:00", "created"),
        line("10:00", "agent_reply"),
        line("10:00", "customer_reply"),
    ]
    assert ask("replay", timeline=asked)["targets"][1]["state"] == "running"
    answered = [asked[0], asked[2], asked[1]]
    assert ask("replay", timeline=answered)["targets"][1]["state"] == "met"


def test_while_resolved_what_is_neither_met_nor_breached_is_paused() -> None:
    answers = ask("replay", timeline=[line("09:00", "created"), line("09:30", "resolved")])[
        "targets"
    ]
    assert [(each["state"], each["due"]) for each in answers] == [
        ("paused", None), ("paused", None), ("met", None)
    ]  # fmt: skip


def test_explain_lists_each_stretch_with_why_and_sums_to_the_elapsed_time() -> None:
    calendar = {
        **CALENDAR,
        "holidays": [{"date": "2026-03-09", "name": "Founders' Day"}],
        "breaks": [{"date": "2026-03-03", "from": "12:00", "to": "12:30"}],
    }
    timeline = [
        line("11:00", "created"),
        line("13:00", "status", status="need_input"),
        line("14:00", "status", status="open"),
    ]
    as_of = "2026-03-10T10:00:00+01:00"
    answers = ask("explain", calendar=calendar, timeline=timeline, as_of=as_of)["targets"][2]
    assert [(each["why"], each["seconds"]) for each in answers["ledger"]] == [
        ("open", 3600), ("break", 0), ("open", 1800),
        ("paused by timeline[1] (status need_input)", 0), ("open", 10800), ("closed", 0),
        ("holiday Founders' Day", 0), ("closed", 0), ("open", 3600),
    ]  # fmt: skip
    assert sum(each["seconds"] for each in answers["ledger"]) == answers["elapsed_seconds"]


def test_what_if_answers_both_readings() -> None:
    answers = ask("what-if", what_if={"targets": [a_target("resolution", 3600)]})
    assert answers["as_is"] == ask("replay")
    assert [each["state"] for each in answers["what_if"]["targets"]] == ["breached"]


def test_lengths_may_be_working_days_or_elapsed() -> None:
    targets = [
        {"metric": "resolution", "length": "1 working day"},
        {"metric": "resolution", "length": "P1D", "elapsed": True},
        {"metric": "answered", "seconds": 60, "begins": ["created"], "ends": ["agent_reply"]},
    ]
    answers = ask("replay", targets=targets, timeline=[line("10:00", "created")])["targets"]
    assert [each["due"] for each in answers] == [
        "2026-03-09T10:00:00+01:00", "2026-03-04T10:00:00+01:00", f"{DAY}10:01:00+01:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"timeline": []}, "timeline"),
        ({"timeline": {}}, "timeline"),
        ({"timeline": [line("09:00", "resolved")]}, "timeline[0].event"),
        ({"timeline": [line("09:00", "created")] * 2}, "timeline[1].event"),
        ({"timeline": [line("09:00", "created"), line("08:59", "resolved")]}, "timeline[1].at"),
        ({"timeline": [line("09:00", "created"), line("09:00", "vanished")]}, "timeline[1].event"),
        ({"timeline": [line("09:00", "created"), line("09:00", "status")]}, "timeline[1].status"),
        ({"timeline": [line("2026-03-03T09:00:00", "created")]}, "timeline[0].at"),
        ({"timeline": [{"event": "created"}]}, "timeline[0].at"),
        ({"timeline": [line("09:00", "created", customer_message="x")]},
         "timeline[0].customer_message"),
        ({"timeline": [line("09:00", "created", colour="red")]}, "timeline[0].colour"),
        ({"targets": [a_target("resolution", 0)]}, "targets[0].seconds"),
        ({"targets": [a_target("resolution", -5)]}, "targets[0].seconds"),
        ({"targets": [{"metric": "resolution"}]}, "targets[0].seconds"),
        ({"targets": [{"metric": "resolution", "length": "P1D"}]}, "targets[0].length"),
        ({"targets": [{"seconds": 5}]}, "targets[0].metric"),
        ({"targets": [a_target("speed", 5)]}, "targets[0].metric"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"calendar": {**CALENDAR, "timezone": "x"}}, "calendar.timezone"),
        ({"calendar": {**CALENDAR, "hours": {}}}, "calendar"),
        ({"extra": 1}, "extra"),
    ],
)  # fmt: skip
def test_bad_input_names_line_field_and_rule(changes: dict[str, Any], field: str) -> None:
    """C15; the answers of the good lines before it are still given."""
    for command in ("replay", "explain"):
        result = run(command, EXAMPLE, {**EXAMPLE, **changes})
        assert result.exit_code == 2
        assert result.stderr.startswith(f"line 2: {field}: ")
        assert result.stdout.count("\n") == 1


NAMES = st.sampled_from(["at", "event", "metric", "seconds", "mon", "timezone"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["created", f"{DAY}09:00:00Z", "resolution"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
)


@settings(max_examples=150, derandomize=True, database=None)
@given(VALUES, st.sampled_from(sorted(EXAMPLE)))
def test_values_of_any_kind_never_make_a_traceback(value: Any, name: str) -> None:
    for command in ("replay", "explain", "what-if"):
        result = run(command, {**EXAMPLE, name: value, "as_of": value})
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code in (0, 2)
        assert result.stderr.startswith("line 1: ") == (result.exit_code == 2)
