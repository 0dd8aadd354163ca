"""Holidays: dated, named, and chosen by each calendar (C8)."""

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from case_definition.calendar.days import holiday_name, written_out
from case_definition.calendar.model import CalendarSpec, InvalidCalendar, parse_calendar

EASTER = {
    2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28",
    2028: "2028-04-16", 2029: "2029-04-01", 2030: "2030-04-21",
}  # fmt: skip


def spec(**holidays: Any) -> CalendarSpec:
    return parse_calendar(
        {"timezone": "Europe/Amsterdam", "hours": {}, "holidays": {"country": "NL", **holidays}}
    )


def days(calendar: CalendarSpec, year: int) -> dict[str, str]:
    first = date(year, 1, 1).toordinal()
    found = (
        (day, holiday_name(calendar, day))
        for day in map(date.fromordinal, range(first, first + 366))
    )
    return {day.isoformat(): name for day, name in found if name and day.year == year}


@pytest.mark.parametrize("year", EASTER)
def test_dutch_holidays_of_a_year(year: int) -> None:
    easter = date.fromisoformat(EASTER[year]).toordinal()
    moving = {-2: "Goede vrijdag", 0: "Eerste paasdag", 1: "Tweede paasdag"} | {
        39: "Hemelvaartsdag", 49: "Eerste pinksterdag", 50: "Tweede pinksterdag"
    }  # fmt: skip
    expected = {date.fromordinal(easter + n).isoformat(): name for n, name in moving.items()}
    king = f"{year}-04-{26 if date(year, 4, 27).weekday() == 6 else 27}"
    expected |= {f"{year}-01-01": "Nieuwjaarsdag", king: "Koningsdag"}
    expected |= {f"{year}-12-25": "Eerste kerstdag", f"{year}-12-26": "Tweede kerstdag"}
    if year in (2025, 2030):
        expected[f"{year}-05-05"] = "Bevrijdingsdag"
    assert days(spec(language="nl"), year) == expected


def test_kings_day_is_on_the_26th_when_the_27th_is_a_sunday() -> None:
    assert days(spec(), 2025)["2025-04-26"] == "Koningsdag"
    assert "2025-04-27" not in days(spec(), 2025)


@pytest.mark.parametrize(
    ("choice", "years"),
    [
        ("every_year", set(range(2024, 2031))),
        ("lustrum", {2025, 2030}),
        ("never", set()),
        (None, {2025, 2030}),
    ],
)
def test_liberation_day_is_a_choice(choice: str | None, years: set[int]) -> None:
    calendar = spec(liberation_day=choice)
    assert {y for y in range(2024, 2031) if f"{y}-05-05" in days(calendar, y)} == years


def test_a_dropped_holiday_is_an_ordinary_day_however_its_name_is_capitalised() -> None:
    assert "2026-04-03" not in days(spec(drop=["Goede Vrijdag"]), 2026)


def test_dropping_one_of_two_on_a_date_leaves_the_other() -> None:
    assert days(spec(), 2016)["2016-05-05"] == "Hemelvaartsdag"
    both = days(spec(liberation_day="every_year"), 2016)["2016-05-05"]
    assert set(both.split("; ")) == {"Hemelvaartsdag", "Bevrijdingsdag"}
    kept = spec(liberation_day="every_year", drop=["Hemelvaartsdag"])
    assert days(kept, 2016)["2016-05-05"] == "Bevrijdingsdag"


def test_names_are_in_the_calendars_language() -> None:
    assert days(spec(language="en"), 2026)["2026-04-27"] == "King's Day"
    assert days(spec(language="en_US", drop=["good friday"]), 2026).get("2026-04-03") is None


def test_names_do_not_depend_on_the_process_locale() -> None:
    program = (
        "from case_definition.calendar.holidays import holidays_of_year as h;"
        "print(sorted(h('NL', None, (), None, 2026).values()), h('DE', None, (), None, 2026))"
    )
    answers = set()
    for locale in ("C", "en_US.UTF-8", "th_TH.UTF-8", "uk"):
        env = {**os.environ, "LANG": locale, "LC_ALL": locale, "LANGUAGE": locale.split(".")[0]}
        env["PYTHONIOENCODING"] = "utf-8"
        answers.add(
            subprocess.run(
                [sys.executable, "-c", program], env=env, capture_output=True, check=True
            ).stdout
        )
    assert len(answers) == 1
    assert b"Koningsdag" in answers.pop()


@pytest.mark.parametrize(
    ("holidays", "rule"),
    [
        ({"country": "XX"}, "not known"),
        ({"language": "xx"}, "exist in"),
        ({"drop": ["Good Friday"]}, "Good Friday"),
        ({"country": "DE", "liberation_day": "never"}, "NL alone"),
        ({"liberation_day": "sometimes"}, "every_year"),
        ({"region": "x"}, "not permitted"),
    ],
)
def test_what_is_not_known_is_refused(holidays: dict[str, Any], rule: str) -> None:
    with pytest.raises(InvalidCalendar, match=rule) as refused:
        spec(**holidays)
    assert refused.value.field.startswith("calendar.holidays")


def test_holidays_may_be_a_plain_list_or_dates_with_names() -> None:
    data = {"timezone": "UTC", "hours": {}}
    plain = parse_calendar({**data, "holidays": ["2026-05-01"]})
    named = parse_calendar({**data, "holidays": [{"date": "2026-05-01", "name": "Labour Day"}]})
    assert days(plain, 2026) == {"2026-05-01": "holiday"}
    assert days(named, 2026) == {"2026-05-01": "Labour Day"}


def test_publishing_writes_the_dates_out() -> None:
    source = spec(drop=["Goede vrijdag"], liberation_day="never")
    written = written_out(source, range(2025, 2027))
    assert [days(written, year) for year in (2025, 2026)] == [
        days(source, year) for year in (2025, 2026)
    ]
    assert days(written, 2027) == {}
    assert parse_calendar(written.model_dump(mode="json", by_alias=True)) == written


def test_a_calendar_survives_being_written_as_json() -> None:
    calendar = parse_calendar(
        {
            "timezone": "Europe/Amsterdam",
            "hours": {"mon": [["09:00", "24:00"]]},
            "holidays": [{"date": "2026-05-01", "name": "Labour Day"}],
            "overrides": {"2026-12-31": [["09:00", "13:00"]]},
            "breaks": [{"date": "2026-03-04", "from": "12:00", "to": "12:45"}],
        }
    )
    written = calendar.model_dump(mode="json", by_alias=True)
    assert written["hours"] == {"mon": [["09:00", "24:00"]]}
    assert parse_calendar(written) == calendar
