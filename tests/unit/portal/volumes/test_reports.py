"""Volumes, backlog, ratings and fair use over the API and the command line (C13, D11)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import compile_agreement
from case_portal import cli as report_cli
from case_portal.read_model.parts import RatingView
from case_portal.read_model.view import CaseView
from case_portal.volumes.projection import Turn
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import NOW, definition_document, reference_data

REPORTS = ("volumes", "backlog", "ratings", "fair-use")
RATED = RatingView(stars=4, rated_at=NOW)
VIEWS = tuple(
    CaseView(tenant=tenant, customer=customer, contact="bob", case_type="incident", team="desk",
             status="new", created_at=NOW - timedelta(days=days), rating=rating,
             fields={"urgency": "high"} if days else {})
    for tenant, customer, days, rating in (
        ("here", "acme", 0, RATED), ("here", "acme", 40, RATED), ("there", "acme", 0, RATED),
        ("here", "=1+1", 0, RatingView(stars=3, rated_at=NOW)),
    )
)  # fmt: skip
REOPENED = (
    Turn(kind="closed", at=NOW - timedelta(minutes=2)),
    Turn(kind="reopened", at=NOW - timedelta(minutes=1)),
)


def desk() -> Reference:
    """Reference data of a desk that allows a customer one incident a month."""
    reference, document = reference_data(), definition_document("here")
    document["version"] = 2
    document["fields"] += [
        {"name": "scanned", "type": "choice", "options": ["yes"], "visible_to": ["system"],
         "editable_by": ["system"]}
    ]  # fmt: skip
    document["fair_use"] = [
        {"name": "reports", "case_types": ["incident"], "per": "month",
         "team": document["teams"][0]["name"]}
    ]  # fmt: skip
    for texts in document["texts"].values():
        texts["fair_use.reports.name"] = "Reports"
    reference.add_definition(compile_definition(document))
    for customer, allowed in (("acme", 0), ("globex", 2)):
        reference.add_agreement(
            compile_agreement(
                {"id": customer, "tenant": "here", "customer": customer, "version": 9,
                 "kind": "best_effort", "fair_use": {"reports": allowed}}
            )
        )  # fmt: skip
    return reference


def client(who: str) -> TestClient:
    return browser(who, portal_of_desk(views=VIEWS, turns=REOPENED, reference=desk()))


def asked(report: str, who: str = "amy") -> Any:
    return client(who).get(f"/api/v1/reports/{report}")


def test_volumes_are_told_by_group() -> None:
    """C13, C16"""
    assert asked("volumes?by=customer&customer=acme").json()["lines"] == [
        {"group": {"customer": "acme"}, "came": 1, "solved": 0, "closed": 2, "reopened": 2}
    ]
    table = asked("volumes?by=customer&format=csv").text.splitlines()
    assert table == ["customer,came,solved,closed,reopened", "'=1+1,1,0,1,1", "acme,1,0,2,2"]


def test_cases_are_grouped_by_a_choice_of_the_definition() -> None:
    """C13: in every report that counts cases, as JSON and as CSV."""
    high, none = asked("backlog?by=fields.urgency").json()["lines"]
    assert (high["group"], high["total"]) == ({"fields.urgency": "high"}, 1)
    assert (none["group"], none["total"]) == ({"fields.urgency": ""}, 2)
    table = asked("volumes?by=fields.urgency&by=customer&format=csv").text.splitlines()
    assert table == [
        "fields.urgency,customer,came,solved,closed,reopened",
        ",'=1+1,1,0,1,1", ",acme,1,0,1,1", "high,acme,0,0,1,1",
    ]  # fmt: skip
    (only,) = asked("ratings?by=fields.urgency&customer=%3D1%2B1").json()["lines"]
    assert (only["group"], only["mean"]) == ({"fields.urgency": ""}, "3.00")


@pytest.mark.parametrize("report", ["volumes", "backlog", "ratings"])
@pytest.mark.parametrize("name", ["fields.colour", "fields.title", "fields.scanned"])
def test_what_cases_are_not_grouped_by_is_refused_with_what_they_are(
    report: str, name: str
) -> None:
    """C5, C13: no text, and nothing that agents do not see; a contact is told nothing of it."""
    answer = asked(f"{report}?by=customer&by={name}")
    body = answer.json()
    assert (answer.status_code, body["code"], body["field"]) == (404, "unknown_field", "by")
    assert body["detail"] == (
        f"There is no choice {name} that agents see; of those there is: fields.urgency."
    )
    for of_contact in (name, "fields.urgency"):
        assert asked(f"{report}?by={of_contact}", "bob").json()["code"] == "unknown_place"


@pytest.mark.parametrize("name", ["colour", "urgency", "fields.", "status"])
def test_what_is_no_group_at_any_desk_is_refused(name: str) -> None:
    """C13"""
    answer = asked(f"volumes?by={name}")
    assert answer.status_code == 422
    assert "customer|case_type|priority" in answer.json()["detail"]


def test_the_backlog_is_told_by_age() -> None:
    """C13"""
    (line,) = asked("backlog?by=team").json()["lines"]
    assert (line["group"], line["total"]) == ({"team": "desk"}, 3)
    assert line["ages"] == {
        "under_1_days": 2, "under_7_days": 0, "under_30_days": 0, "under_90_days": 1,
        "90_days_and_more": 0,
    }  # fmt: skip
    then = (NOW - timedelta(seconds=90)).isoformat().replace("+00:00", "Z")
    assert asked(f"backlog?at={then}").json()["lines"] == []
    head, row = asked("backlog?format=csv").text.splitlines()
    assert head.startswith("status,total,under_1_days")
    assert row.startswith("new,3,2,0,0,1,0,")


def test_ratings_are_told_as_a_fraction() -> None:
    """C13, O6"""
    report = asked("ratings").json()
    assert report["lines"] == [{"group": {}, "cases": 3, "stars": 11, "mean": "3.66"}]
    assert asked("ratings?by=customer&customer=acme&format=csv").text.splitlines()[1:] == [
        "acme,2,8,4.00"
    ]


def test_fair_use_is_told_by_customer_and_period() -> None:
    """D11, C13"""
    acme, globex = asked("fair-use").json()["lines"]
    assert acme == {
        "customer": "acme", "name": "reports", "title": "Reports", "period": f"{NOW:%Y-%m}",
        "counted": 1, "allowed": 0, "left": 0, "over": 1,
    }  # fmt: skip
    assert (globex["counted"], globex["left"], globex["over"]) == (0, 2, 0)
    table = asked("fair-use?customer=globex&format=csv").text.splitlines()
    assert table[1:] == [f"globex,reports,Reports,{NOW:%Y-%m},0,2,2,0"]


@pytest.mark.parametrize("report", REPORTS)
def test_they_are_for_the_desk_alone(report: str) -> None:
    """C5, C13"""
    assert asked(report, "bob").json()["code"] == "unknown_place"
    assert asked(f"{report}?colour=red").status_code == 422


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["volumes"], "2 came in   0 solved   3 closed   3 reopened"),
        (["volumes", "--team", "none"], "Nothing happened in this period."),
        (["backlog"], "new   3 open   2 under 1 days"),
        (["backlog", "--at", "2001-01-01T00:00:00Z"], "No case is open."),
        (["ratings", "--by", "customer"], "acme   4.00 of 2 ratings"),
        (["volumes", "--by", "fields.urgency"], "high   0 came in"),
        (["backlog", "--by", "fields.colour"], "of those there is: fields.urgency."),
        (["fair-use"], "1 of 0   1 OVER"),
        (["fair-use", "--csv"], "globex,reports,Reports"),
    ],
)
def test_the_command_line_tells_the_same(
    monkeypatch: pytest.MonkeyPatch, options: list[str], says: str
) -> None:
    """C13"""
    portal = client("")
    portal.headers["authorization"] = "Bearer amy"

    def reach(base_url: str, timeout: float) -> httpx.Client:
        portal.base_url = httpx.URL("http://testserver/api/v1/")
        return portal

    monkeypatch.setenv("CASEFOLD_TOKEN", "amy")
    monkeypatch.setattr("case_portal.web.report_client.httpx.Client", reach)
    result = CliRunner().invoke(report_cli.report, options)
    assert says in result.output, result.output
