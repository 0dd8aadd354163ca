"""Phases, decisions, releases and ratings, as readers see them and ask for them."""

from typing import Any

import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.base import Event
from case_events.contracts.commands import Command
from case_events.contracts.decisions import AskDecision, DecideCase, DecisionMade, DecisionRequested
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.contracts.phases import ChangePhase, PhaseChanged
from case_events.contracts.ratings import CaseRated, RateCase, RatingRequested
from case_events.contracts.releases import (
    CaseReleased,
    PlanRelease,
    ReleasePassed,
    ReleasePlanned,
    ReleaseSlipped,
    SlipRelease,
)
from case_portal.app import make_app
from case_portal.portal import Portal
from case_portal.read_model.history import is_internal
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import MemoryCommandGateway, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, definition_document, record, sample_history

HERE = f"/api/v1/cases/{REFERENCE}"
WHY = WrittenContent(text="SECRET: it is cheap.")
NEW_PARTS: dict[str, Any] = {
    "roles": ["owner"],
    "decisions": [{"name": "change", "role": "owner", "statuses": ["open"], "shown": True}],
    "phases": [
        {"name": "building", "case_types": ["incident"], "first": True, "by": ["agent"],
         "status": "open", "requires": {"comment": True}},
    ],
    "releases": {"every_months": 2, "ending_with": 1, "timezone": "Europe/Amsterdam"},
}  # fmt: skip


def _portal(*events: Event) -> Portal:
    history = sample_history()
    history += [record(event, len(history) + at) for at, event in enumerate(events, 1)]
    portal = portal_of_desk(history)
    document = definition_document("here") | NEW_PARTS
    for texts in document["texts"].values():
        texts |= {"decisions.change.name": "Change", "phases.building.name": "Building"}
    portal.reference.add_definition(compile_definition(document))
    return portal


def _get(portal: Portal, who: str, path: str = HERE) -> Any:
    client = TestClient(make_app(portal))
    response = client.get(path, headers={"Authorization": f"Bearer {who}"})
    return response.json() if response.is_success else response.status_code


def test_a_shown_outcome_is_told_to_contacts_without_the_reason() -> None:
    """J5, H4: the reason is for colleagues; what is not shown does not exist for contacts."""
    shown, kept = (
        DecisionMade(name, "yes", "owner", shown=shown, personal=WHY)
        for name, shown in (("change", True), ("change", False))
    )
    asked = DecisionRequested("change", "owner", WHY)
    portal = _portal(asked, shown)
    for who, expected in (("bob", ""), ("amy", WHY.text)):
        entries = _get(portal, who, f"{HERE}/history")["entries"]
        (made,) = [entry for entry in entries if entry["type"] == "decision_made"]
        assert (made["text"], made["what"]["outcome"]) == (expected, "yes")
        assert [one["state"] for one in _get(portal, who)["decisions"]] == ["yes"]
    assert "SECRET" not in str(_get(portal, "bob", f"{HERE}/history"))
    assert (is_internal(asked), is_internal(shown), is_internal(kept)) == (True, False, True)
    hidden = _portal(asked, kept)
    assert _get(hidden, "bob")["decisions"] == []
    assert len(_get(hidden, "amy")["decisions"]) == 1


def test_the_plan_stands_with_the_case_until_it_is_out() -> None:
    """O5: the release, its week, how often it slipped."""
    events: list[Event] = [
        ReleasePlanned("2026-03", "2026-W13"),
        ReleasePassed("2026-03"),
        ReleaseSlipped("2026-05", "2026-W22", "2026-03", "2026-W13"),
    ]
    release = _get(_portal(*events), "bob")["release"]
    assert release == {
        "release": "2026-05", "week": "2026-W22", "slipped": 1, "released_at": None
    }  # fmt: skip
    release = _get(_portal(*events, CaseReleased("2026-05", "2026-W22")), "bob")["release"]
    assert release["released_at"] is not None
    assert is_internal(events[1])


def test_phase_and_rating_stand_with_the_case() -> None:
    """D6, O6: and which phase may be next, to whom it is."""
    portal = _portal(PhaseChanged("building"), RatingRequested(1, 5), CaseRated(4))
    view = _get(portal, "amy")
    assert (view["phase"], view["rating"]["stars"]) == ("building", 4)
    fresh = _get(_portal(), "amy")["phases"]
    assert [(one["name"], one["status"], one["requires_comment"]) for one in fresh] == [
        ("building", "open", True)
    ]
    assert _get(_portal(), "bob")["phases"] == []


def test_what_waits_is_for_the_desk_alone() -> None:
    """H4, C5: and only for decisions that there are."""
    portal = _portal(DecisionRequested("change", "owner"))
    path = "/api/v1/decisions?decision="
    waits = _get(portal, "amy", f"{path}change")
    assert [one["reference"] for one in waits["cases"]] == [REFERENCE]
    assert waits["role"] == "owner"
    assert _get(portal, "aud", f"{path}change")["cases"][0]["yours"] is False
    assert _get(portal, "bob", f"{path}change") == 404
    assert _get(portal, "amy", f"{path}lunch") == 404


def test_the_releases_to_come_are_for_the_desk() -> None:
    """O5."""
    releases = _get(_portal(), "amy", "/api/v1/releases")["releases"]
    assert [one["release"] for one in releases][:3] == ["2026-03", "2026-05", "2026-07"]
    assert _get(_portal(), "bob", "/api/v1/releases") == 404
    assert _get(portal_of_desk(), "amy", "/api/v1/releases") == 404


@pytest.mark.parametrize(
    ("path", "body", "command"),
    [
        ("phase", {"phase": "building", "comment": "Now.", "fields": {"cause": "x"}},
         ChangePhase(phase="building", fields={"cause": "x"},
                     personal=WrittenContent(text="Now."))),
        ("decisions", {"decision": "change", "reason": "Why not?", "seen": 3},
         AskDecision(decision="change", seen=3, personal=WrittenContent(text="Why not?"))),
        ("decisions/change", {"outcome": "yes", "reason": "Cheap.", "answer": "Yes.",
                              "week": "2026-W13"},
         DecideCase(decision="change", outcome="yes", week="2026-W13",
                    personal=DecisionContent(text="Cheap.", answer="Yes."))),
        ("release", {"release": "2026-03"}, PlanRelease(release="2026-03")),
        ("release/slip", {"reason": "Late."}, SlipRelease(personal=WrittenContent(text="Late."))),
    ],
)  # fmt: skip
def test_the_desk_asks_over_the_api(path: str, body: dict[str, Any], command: Command) -> None:
    """D6, H4, O5: agents; to contacts all but the phase is forbidden before it is asked."""
    portal = _portal()
    client = TestClient(make_app(portal))
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    asked = client.post(f"{HERE}/{path}", json=body, headers={"Authorization": "Bearer amy"})
    assert asked.status_code == 200
    assert portal.api_desk.commands == [command]
    theirs = client.post(f"{HERE}/{path}", json=body, headers={"Authorization": "Bearer bob"})
    assert theirs.status_code == (422 if path == "phase" else 403)
    assert len(portal.api_desk.commands) == 1


def test_a_contact_rates_over_the_api() -> None:
    """O6."""
    portal = _portal()
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    client = TestClient(make_app(portal))
    body = {"stars": 5, "text": "Thanks."}
    client.post(f"{HERE}/rating", json=body, headers={"Authorization": "Bearer bob"})
    assert portal.api_desk.commands == [RateCase(stars=5, personal=WrittenContent(text="Thanks."))]


@pytest.mark.parametrize("body", [{"outcome": "maybe", "reason": "x"}, {"outcome": "no"},
                                  {"outcome": "yes", "reason": "x", "week": "soon"}])  # fmt: skip
def test_a_verdict_is_yes_or_no_with_a_reason(body: dict[str, Any]) -> None:
    client = TestClient(make_app(_portal()))
    headers = {"Authorization": "Bearer amy"}
    assert client.post(f"{HERE}/decisions/change", json=body, headers=headers).status_code == 422
