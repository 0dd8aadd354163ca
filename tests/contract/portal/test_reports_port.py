"""The contract of the `Reports` port (C13, J3, J6)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.parts import TimeSpent
from case_portal.reports.projection import CycleReading
from case_portal.reports.service import Question

from tests.contract.portal.conftest import ReportsUnderTest

A, B, C = (UUID(int=number) for number in (1, 2, 3))
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def reading(kind: str, day: float, **other: Any) -> CycleReading:
    """A reading of March, recorded when it was decided unless it is said."""
    at = MARCH + timedelta(days=day)
    known: dict[str, Any] = {
        "tenant": "here", "reference": "H-1", "target": "resolution", "cycle": 1,
        "recorded_at": at, "customer": "acme", "case_type": "incident", "priority": "P1",
        "team": "desk", "agent": "", "agreement": "here/gold/1", "promised": 0.95,
    }  # fmt: skip
    return CycleReading(kind=kind, at=at, **(known | other))  # type: ignore[arg-type]


def question(**other: Any) -> Question:
    known: dict[str, Any] = {
        "tenant": "here", "since": MARCH, "until": MARCH + timedelta(days=31),
        "as_of": MARCH + timedelta(days=400),
    }  # fmt: skip
    return Question(**(known | other))


def test_what_was_met_missed_and_left_is_counted_by_group(reports: ReportsUnderTest) -> None:
    """C13, J6: exact counts; each promised share apart; unanswered ones beside the share."""
    kept = [
        (A, reading("met", 1)),
        (A, reading("met", 1, target="first_response", promised=1.0)),
        (B, reading("breached", 2)),
        (C, reading("excluded", 3)),
        (B, reading("met", 4, cycle=2, priority="P2")),
    ]
    by = ("target", "priority")
    found = reports.attainment(kept, question(by=by))
    assert [(x.group, x.promised, x.kept, x.missed, x.unanswered) for x in found] == [
        (("first_response", "P1"), 1.0, 1, 0, 0),
        (("resolution", "P1"), 0.95, 1, 1, 1),
        (("resolution", "P2"), 0.95, 1, 0, 0),
    ]
    assert [(x.share, x.is_kept) for x in found] == [
        ("100 %", True), ("50 %", False), ("100 %", True)
    ]  # fmt: skip


def test_the_last_reading_of_a_cycle_counts(reports: ReportsUnderTest) -> None:
    """A withdrawn breach is none; what runs again after a reopening is undecided."""
    kept = [
        (A, reading("breached", 1)),
        (A, reading("withdrawn", 1.1)),
        (A, reading("met", 0.9, recorded_at=MARCH + timedelta(days=1.1))),
        (B, reading("met", 2)),
        (B, reading("running", 3)),
        (C, reading("met", 2)),
        (C, reading("running", 3)),
        (C, reading("breached", 4)),
    ]
    (found,) = reports.attainment(kept, question())
    assert (found.kept, found.missed) == (1, 1)


def test_as_of_a_past_moment_it_counts_what_was_known_then(reports: ReportsUnderTest) -> None:
    """C13, P3: the breach that was later withdrawn stood in the report of that evening."""
    kept = [
        (A, reading("breached", 1)),
        (A, reading("withdrawn", 2)),
        (A, reading("met", 0.9, recorded_at=MARCH + timedelta(days=2))),
        (B, reading("met", 1.5)),
    ]
    (evening,) = reports.attainment(kept, question(as_of=MARCH + timedelta(days=1.8)))
    assert (evening.kept, evening.missed) == (1, 1)


def test_what_is_known_by_now_may_be_another(reports: ReportsUnderTest) -> None:
    """C13: the same readings, asked for without going back."""
    kept = [
        (A, reading("breached", 1)),
        (A, reading("withdrawn", 2)),
        (A, reading("met", 0.9, recorded_at=MARCH + timedelta(days=2))),
    ]
    (line,) = reports.attainment(kept, question())
    assert (line.kept, line.missed) == (1, 0)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("month", ["2026-03", "2026-04"]),
        ("week", ["2026-W13", "2026-W14"]),
        ("day", ["2026-03-29", "2026-04-01"]),
    ],
)
def test_periods_begin_in_the_tenants_zone(
    reports: ReportsUnderTest, by: str, groups: list[str]
) -> None:
    """J6: half past eleven in the evening in London is the next day in Amsterdam, in summer."""
    kept = [(A, reading("met", 28.5)), (B, reading("met", 30.98))]
    asked = question(by=(by,), zone="Europe/Amsterdam", until=MARCH + timedelta(days=40))
    assert [line.group[0] for line in reports.attainment(kept, asked)] == groups


def test_only_the_tenant_the_period_and_what_was_asked_for(reports: ReportsUnderTest) -> None:
    """C16, C13"""
    kept = [
        (A, reading("met", 1, customer="acme")),
        (B, reading("met", 1, customer="globex")),
        (C, reading("met", 1, tenant="there", customer="acme")),
        (C, reading("met", 31, target="assessment")),
        (C, reading("met", -0.001, target="next_response")),
    ]
    asked = question(only={"customer": ("acme",)}, by=("customer", "target"))
    assert [(x.group, x.total) for x in reports.attainment(kept, asked)] == [
        (("acme", "resolution"), 1)
    ]


def test_a_breach_tells_why_in_whose_hands_and_how_late(reports: ReportsUnderTest) -> None:
    """C13, P3"""
    held = (TimeSpent("desk/sam", "open", 3_000_000), TimeSpent("contact", "asked", 1_000_000))
    kept = [
        (B, reading("breached", 2, cause="agreement_applied", reference="H-2")),
        (A, reading("breached", 1, held=held)),
        (A, reading("answered", 1.5, elapsed=5_000_000, left=-1_000_000)),
        (C, reading("met", 1)),
    ]
    first, second = reports.breaches(kept, question(), 10)
    assert first.reading.held == held
    assert (first.answered_at, first.late) == (MARCH + timedelta(days=1.5), 1_000_000)
    assert (second.reading.reference, second.reading.cause) == ("H-2", "agreement_applied")
    assert (second.answered_at, second.late) == (None, None)


def test_no_more_breaches_than_asked_for(reports: ReportsUnderTest) -> None:
    kept = [(UUID(int=n), reading("breached", n / 10)) for n in range(1, 6)]
    assert len(reports.breaches(kept, question(), 3)) == 3
