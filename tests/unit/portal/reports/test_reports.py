"""Reports: over the API, as CSV, and as a page with a plot (C13, J6)."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from case_clocks.explanation import Explanation
from case_events.contracts.parts import TimeSpent
from case_portal.clocks import routes as clocks
from case_portal.reports.projection import CycleReading

from tests.unit.clocks.test_wording import MISSED
from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import NOW, REFERENCE

HELD = (TimeSpent("desk/amy", "open", 5_400_000_000),)


def reading(number: int, kind: str, **other: Any) -> tuple[UUID, CycleReading]:
    known: dict[str, Any] = {
        "tenant": "here", "reference": f"H-{number}", "target": "resolution", "cycle": 1,
        "at": NOW - timedelta(minutes=number), "recorded_at": NOW, "customer": "acme",
        "case_type": "incident", "priority": "P2", "team": "desk", "agent": "",
        "agreement": "here/gold/1", "promised": 0.95,
    }  # fmt: skip
    return UUID(int=number), CycleReading(kind=kind, **(known | other))  # type: ignore[arg-type]


READINGS = [
    *(reading(number, "met") for number in range(1, 19)),
    reading(20, "breached", held=HELD),
    reading(20, "answered", left=-1_800_000_000),
    reading(21, "excluded"),
    reading(22, "met", tenant="there"),
    reading(23, "met", customer="=1+1", priority="P1"),
]


def asked(path: str, who: str = "amy", **headers: str) -> Any:
    client = browser(who, portal_of_desk(readings=READINGS))
    return client.get(path, headers=headers)


def test_the_api_tells_exact_counts() -> None:
    """C13, J6: 19 of 20 are 95 %, which was promised; the unanswered one is beside it."""
    answer = asked("/api/v1/reports/attainment?by=target").json()
    assert answer["lines"] == [
        {
            "group": {"target": "resolution"}, "promised": 0.95, "kept": 19, "missed": 1,
            "unanswered": 1, "total": 20, "share": "95 %", "is_kept": True,
        }
    ]  # fmt: skip


def test_breaches_say_why_and_in_whose_hands() -> None:
    """C13"""
    (breach,) = asked("/api/v1/reports/breaches?customer=acme").json()["breaches"]
    assert breach["held"] == [{"hands": "desk/amy", "status": "open", "counted": 5_400_000_000}]
    assert (breach["reference"], breach["late"]) == ("H-20", 1_800_000_000)


@pytest.mark.parametrize("how", [{"accept": "text/csv"}, {}])
def test_csv_opens_in_a_spreadsheet_without_running_anything(how: dict[str, str]) -> None:
    """C13: RFC 4180; what looks like a formula is text."""
    path = "/api/v1/reports/attainment?by=customer&by=priority"
    answer = asked(path if how else f"{path}&format=csv", **how)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:3] == ["customer", "priority", "promised"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "acme"]
    assert asked("/api/v1/reports/breaches?format=csv").text.count("\r\n") == 2


@pytest.mark.parametrize("path", ["/api/v1/reports/attainment", "/api/v1/reports/breaches"])
def test_contacts_have_no_reports_and_strangers_log_in(path: str) -> None:
    """C5, C16"""
    assert asked(path, "bob").status_code == 404
    assert asked(path, "").status_code == 401
    assert asked("/reports", "bob").status_code == 404
    assert 'href="/reports"' not in asked("/cases", "bob").text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=colour", "by"),
        ("since=yesterday", "since"),
        ("as_of=2026-03-01T09:00:00", "as_of"),
        ("color=red", "color"),
    ],
)
def test_bad_questions_name_the_field(query: str, field: str) -> None:
    """C15"""
    answer = asked(f"/api/v1/reports/attainment?{query}")
    assert answer.status_code == 422
    assert field in answer.json()["field"]


def test_the_page_shows_a_table_and_a_plot_and_leads_to_the_cases() -> None:
    """C13: every figure opens what is behind it."""
    page = asked("/reports?by=target&since=&until=").text
    assert "<title>" in page
    assert '<svg class="plot" role="img"' in page
    assert re.search(r'<rect class="kept" x="200" width="456.00"', page)
    assert "95 %" in page
    behind = re.search(r'<a href="(/reports/breaches\?[^"]+)">1</a>', page)
    assert behind is not None
    breaches = asked(behind[1].replace("&amp;", "&")).text
    assert 'href="/cases/H-20"' in breaches
    assert "1 h 30 min" in breaches
    assert ">30 min<" in breaches


def test_the_page_speaks_dutch() -> None:
    """C14"""
    assert "Nagekomen afspraken" in asked("/reports", "dirk").text


def test_an_empty_report_says_what_will_be_here() -> None:
    page = browser("amy", portal_of_desk()).get("/reports").text
    assert "Nothing was decided in this period" in page


@pytest.mark.parametrize(
    ("who", "words"), [("amy", "Why the clocks of"), ("dirk", "Waarom de klokken van")]
)
def test_why_is_told_to_the_desk_in_its_language(who: str, words: str) -> None:
    """C14, P3: agents and auditors read it, contacts do not."""
    assert words in asked(f"/cases/{REFERENCE}/why", who).text
    assert asked(f"/cases/{REFERENCE}/why", "bob").status_code == 404


@pytest.mark.parametrize(("who", "word"), [("amy", "promised"), ("dirk", "afgesproken")])
def test_the_api_explains_to_each_in_their_language(
    who: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C14, P3"""

    async def found(*_: object) -> list[Explanation]:
        return [MISSED]

    monkeypatch.setattr(clocks, "explained", found)
    (one,) = asked(f"/api/v1/cases/{REFERENCE}/clocks", who).json()["clocks"]
    assert word in one["sentence"]
    assert one["missed"] == "2026-03-09T09:00:00+00:00"


def test_the_api_explains_to_the_desk_alone() -> None:
    """C5"""
    path = f"/api/v1/cases/{REFERENCE}/clocks"
    assert asked(path, "aud").json()["reference"] == REFERENCE
    assert asked(path, "bob").status_code == 404
    assert asked(f"{path}?at=yesterday").status_code == 422
