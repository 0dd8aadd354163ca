"""Release cycles: calendar arithmetic over years and changes of the clocks."""

from datetime import UTC, date, datetime

import pytest
from case_definition.schema.releases import (
    ReleaseCycles,
    coming,
    current,
    following,
    passed_at,
    release_of,
    release_with,
    week_of,
)
from pydantic import ValidationError

ODD = ReleaseCycles(every_months=2, ending_with=1, timezone="Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "release"),
    [
        ("2026-01-31T23:59:59+01:00", "2026-01"),
        ("2026-02-01T00:00:00+01:00", "2026-03"),
        ("2026-03-31T23:59:59+02:00", "2026-03"),
        ("2026-03-31T22:00:00+00:00", "2026-05"),
        ("2026-11-30T23:59:59+01:00", "2026-11"),
        ("2026-12-01T00:00:00+01:00", "2027-01"),
        ("2026-12-31T23:30:00+01:00", "2027-01"),
    ],
)
def test_a_cycle_ends_with_the_last_day_of_each_odd_month(now: str, release: str) -> None:
    """O5: on the clock of its zone, over the end of the year as well."""
    assert current(ODD, at(now)).id == release


def test_a_cycle_goes_from_its_first_day_to_its_last() -> None:
    """O5: two months each, with the week that it ends in."""
    found = coming(ODD, at("2026-11-15T12:00:00+01:00"), 4)
    assert [(one.id, one.starts, one.ends, one.week) for one in found] == [
        ("2026-11", date(2026, 10, 1), date(2026, 11, 30), "2026-W49"),
        ("2027-01", date(2026, 12, 1), date(2027, 1, 31), "2027-W04"),
        ("2027-03", date(2027, 2, 1), date(2027, 3, 31), "2027-W13"),
        ("2027-05", date(2027, 4, 1), date(2027, 5, 31), "2027-W22"),
    ]


@pytest.mark.parametrize(
    ("release", "over"),
    [
        ("2026-01", datetime(2026, 1, 31, 23, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 30, 23, tzinfo=UTC)),
    ],
)
def test_a_release_is_over_at_midnight_in_its_zone(release: str, over: datetime) -> None:
    """O5: in summer and in winter time; from then on the next one is current."""
    found = release_of(ODD, release)
    assert found is not None
    assert passed_at(ODD, found) == over
    assert current(ODD, over) == following(ODD, found)


@pytest.mark.parametrize(
    "release", ["2026-02", "2026-13", "2026-00", "26-03", "march", "", "0001-01"]
)
def test_no_other_month_names_a_release(release: str) -> None:
    assert release_of(ODD, release) is None


@pytest.mark.parametrize(
    ("week", "release"),
    [
        ("2026-W14", "2026-05"),
        ("2026-W13", "2026-03"),
        ("2026-W53", "2027-01"),
        ("2027-W01", "2027-01"),
        ("2026-W54", None),
        ("2025-W53", None),
        ("week 3", None),
    ],
)
def test_a_week_is_of_the_release_in_which_it_ends(week: str, release: str | None) -> None:
    """O5: weeks of ISO 8601; not every year has 53."""
    found = release_with(ODD, week)
    assert (found.id if found else None) == release


def test_a_release_holds_the_weeks_of_its_days() -> None:
    march = release_of(ODD, "2026-03")
    assert march is not None
    weeks = ["2026-W04", "2026-W05", "2026-W14", "2026-W15", "no week"]
    assert [march.holds(week) for week in weeks] == [False, True, True, False, False]
    assert week_of(date(2027, 1, 1)) == "2026-W53"


@pytest.mark.parametrize("months", [5, 7, 0, 24])
def test_cycles_fit_the_year(months: int) -> None:
    with pytest.raises(ValidationError):
        ReleaseCycles(every_months=months, ending_with=1, timezone="Europe/Amsterdam")


def test_a_zone_is_one_that_there_is() -> None:
    with pytest.raises(ValidationError, match="no time zone"):
        ReleaseCycles(every_months=2, ending_with=1, timezone="Mars/Base")
