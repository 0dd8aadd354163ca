"""`casefold calendar`: JSON in and JSON out; bad input names line, field and rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from case_definition.cli.calendar import calendar
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

OFFICE = {
    "timezone": "Europe/Amsterdam",
    "hours": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]},
}
ADD = {"calendar": OFFICE, "start": "2026-03-02T16:00:00+01:00", "seconds": 7200}


def run(command: str, data: str | bytes) -> Result:
    return CliRunner().invoke(calendar, [command], input=data)


def ask(command: str, **document: Any) -> Any:
    result = run(command, json.dumps({"calendar": OFFICE, **document}))
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_add_answers_the_due_in_the_calendars_zone() -> None:
    assert run("add", json.dumps(ADD)).stdout == '{"due": "2026-03-03T10:00:00+01:00"}\n'
    assert ask("add", start="2026-03-02T15:00:00Z", seconds=0) == {"due": ADD["start"]}


def test_between_answers_seconds() -> None:
    span = {"start": "2026-03-02T10:00:00+01:00", "end": "2026-03-02T17:00:00+01:00"}
    assert ask("between", **span) == {"seconds": 25200}
    span["end"] = "2026-03-02T10:00:00.000001+01:00"
    assert ask("between", **span) == {"seconds": 0.000001}


def test_subtract_answers_the_start() -> None:
    answers = ask("subtract", end="2026-03-03T10:00:00+01:00", seconds=7200.000001)
    assert answers == {"start": "2026-03-02T15:59:59.999999+01:00"}


@pytest.mark.parametrize("indent", [None, 2])
def test_documents_come_one_a_line_or_over_many_lines(indent: int | None) -> None:
    text = "\n\r\n".join([json.dumps(ADD, indent=indent)] * 3) + "\r\n\n"
    assert run("add", text).stdout.splitlines() == ['{"due": "2026-03-03T10:00:00+01:00"}'] * 3


def test_a_file_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "ask.json"
    file.write_text(json.dumps(ADD, indent=1), encoding="utf-8")
    assert CliRunner().invoke(calendar, ["add", str(file)]).exit_code == 0
    assert CliRunner().invoke(calendar, ["add", str(tmp_path / "none")]).exit_code == 2


def changed(path: str, value: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(ADD))
    *steps, last = path.split("/")
    inner = document
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("start", "2026-03-02T16:00:00", "start"),
        ("start", "2026-03-02T16:00:00.1234567+01:00", "start"),
        ("start", "2026-02-30T16:00:00+01:00", "start"),
        ("start", "0001-01-01T00:00:00+01:00", "start"),
        ("start", 5, "start"),
        ("seconds", -1, "seconds"),
        ("seconds", "7200", "seconds"),
        ("seconds", True, "seconds"),
        ("seconds", 10**30, "seconds"),
        ("seconds", 0.0000001, "seconds"),
        ("second", 1, "second"),
        ("calendar", [], "calendar"),
        ("calendar/timezone", "Europe/Nowhere", "calendar.timezone"),
        ("calendar/hours/monn", [], "calendar.hours.monn"),
        ("calendar/hours/mon", [["09:00", "09:00"]], "calendar.hours.mon[0]"),
        ("calendar/hours/mon", [["09:00", "12:00"], ["11:59", "13:00"]], "calendar.hours.mon"),
        ("calendar/hours/mon", [["9:00", "12:00"]], "calendar.hours.mon[0][0]"),
        ("calendar/hours/mon", [["09:00", "24:01"]], "calendar.hours.mon[0][1]"),
        ("calendar/hours", {}, "calendar"),
        ("calendar/closed", ["2026-02-30"], "calendar.closed[0]"),
        ("calendar/overrides", {"x": []}, "calendar.overrides.x"),
        ("calendar/holidays", [7], "calendar.holidays[0].date"),
        ("calendar/breaks", [{"date": "2026-03-04", "from": "12:00"}], "calendar.breaks[0].to"),
        (
            "calendar/breaks",
            [{"date": "2026-03-04", "from": "12:00", "to": "11:00"}],
            "calendar.breaks[0]",
        ),
    ],
)
def test_bad_input_names_line_field_and_rule(path: str, value: Any, field: str) -> None:
    """C15; the answers of the good lines before it are still given."""
    result = run("add", f"{json.dumps(ADD)}\n\n{json.dumps(changed(path, value))}\n")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"line 3: {field}: ")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == '{"due": "2026-03-03T10:00:00+01:00"}\n'


@pytest.mark.parametrize(
    "number", ["1e999999999", "1e-999999999", "1.0000000000000000000000000001"]
)
def test_seconds_out_of_range_are_refused(number: str) -> None:
    text = json.dumps(ADD).replace("7200", number)
    assert run("add", text).stderr.startswith("line 1: seconds: ")


@pytest.mark.parametrize("missing", ["calendar", "start", "seconds"])
def test_a_missing_field_is_named(missing: str) -> None:
    rest = {name: value for name, value in ADD.items() if name != missing}
    assert run("add", json.dumps(rest)).stderr.startswith(f"line 1: {missing}: ")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\n  \n", 1),
        (b"nonsense", 1),
        (b"[1]", 1),
        (b'{"a": 1, "a": 2}', 1),
        (b'{"seconds": NaN}', 1),
        (b'{"calendar": "\xff"}', 1),
        (b'{"seconds": 1e99999999999999999999}', 1),
        (b"[" * 100_000, 1),
        (b'{"seconds": ' + b"9" * 5000 + b"}", 1),
        (b'{"calendar":\n' + json.dumps(ADD).encode(), 1),
        (json.dumps(ADD).encode() + b'\n{"calendar": ', 2),
        (json.dumps(ADD).encode() + b"\n" + json.dumps(ADD).encode() + b" x\n", 2),
        (b'{\n"calendar": {\n"timezone": nothing\n}}', 3),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(data: bytes, line: int) -> None:
    result = run("add", data)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"line {line}: document: ")


@settings(max_examples=200, derandomize=True, database=None)
@given(
    st.binary(max_size=200)
    | st.builds(
        lambda cut, junk: json.dumps(ADD).encode()[:cut] + junk,
        st.integers(0, 200),
        st.binary(max_size=20),
    )
)
def test_garbage_never_makes_a_traceback(data: bytes) -> None:
    for command in ("add", "between", "subtract"):
        result = run(command, data)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code in (0, 2)
        assert result.stderr.startswith("line ") == (result.exit_code == 2)


def test_ten_thousand_lines_compile_their_calendar_once() -> None:
    result = run("add", f"{json.dumps(ADD)}\n" * 10_000)
    assert result.stdout.count("2026-03-03T10:00:00+01:00") == 10_000
