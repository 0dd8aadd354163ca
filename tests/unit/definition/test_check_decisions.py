"""Phases, decisions, rankings, releases and ratings: mistakes are found where they stand."""

from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

PHASE = {"name": "building", "case_types": ["request"], "first": True, "by": ["agent"]}
UNTOLD = {"name": "change", "role": "owner", "statuses": ["new"], "ranking": "worth"}
DECISION = UNTOLD | {"shown": True}
RANKING = {"name": "worth", "criteria": [{"name": "size", "field": "impact",
                                          "points": {"big": 2, "small": 1}}]}  # fmt: skip
SOUND: dict[str, Any] = {
    "roles": ["owner"],
    "phases": [PHASE, {**PHASE, "name": "built", "first": False}],
    "decisions": [DECISION],
    "rankings": [RANKING],
    "ratings": {"statuses": ["done"]},
}
CYCLES = {"every_months": 2, "ending_with": 1, "timezone": "Europe/Amsterdam"}


def _phases(**changes: Any) -> dict[str, Any]:
    building = PHASE | {"next": ["built"]} | changes
    return {"phases": [building, {**PHASE, "name": "built", "first": False}]}


def _criterion(**criterion: Any) -> dict[str, Any]:
    return {"rankings": [{"name": "worth", "criteria": [{"name": "size", **criterion}]}]}


def _automation(**then: Any) -> dict[str, Any]:
    return {"automations": [{"name": "more", "on": "contact_replied", "then": [then]}]}


def _put(tenant: Tenant, changes: dict[str, Any]) -> None:
    tenant.definition.update(SOUND | _phases() | changes)
    named = {
        "roles": tenant.definition["roles"],
        "phases": [phase["name"] for phase in tenant.definition["phases"]],
        "decisions": [one["name"] for one in tenant.definition["decisions"]],
        "criteria": [c["name"] for r in tenant.definition["rankings"] for c in r["criteria"]],
    }
    for texts in tenant.texts.values():
        for section, names in named.items():
            shown = texts.setdefault(section, {})
            shown.update({name: {"name": name.title()} for name in names})


def test_what_fits_together_is_sound(tenant: Tenant) -> None:
    _put(tenant, {"releases": CYCLES, "decisions": [DECISION | {"plans_release": "must"}]})
    assert tenant.findings() == []


def test_a_case_that_has_ended_gets_no_other_phase(tenant: Tenant) -> None:
    """It would be left out without a word."""
    _put(tenant, {})
    last = next(one for one in tenant.definition["transitions"] if one["to"] == "done")
    last["then"] = [{"set_phase": "built"}]
    assert [(one.code, one.path) for one in tenant.findings()] == [
        ("never", f"transitions[{last['name']}].then[0].set_phase")
    ]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        (_phases(next=[]), "unreachable", "phases[built]"),
        (_phases(by=[]), "nobody", "phases[building]"),
        (_phases(status="lost"), "unknown-status", "phases[building].status"),
        (_phases(next=["build", "built"]), "unknown-phase", "phases[building].next[0]"),
        (_phases(case_types=["wish"]), "unknown-case-type", "phases[building].case_types[0]"),
        (_phases(on="phase:build"), "unknown-phase", "phases[building].on"),
        (_phases(when="case.phase == 1 &&"), "rule", "phases[building].when"),
        (
            _phases(requires={"fields": ["size"]}),
            "unknown-field",
            "phases[building].requires.fields[0]",
        ),
        ({"roles": ["owner", "agent"]}, "duplicate-name", "roles[1]"),
        ({"decisions": [DECISION | {"role": "boss"}]}, "unknown-role", "decisions[change].role"),
        (
            {"decisions": [DECISION | {"statuses": ["lost"]}]},
            "unknown-status",
            "decisions[change].statuses[0]",
        ),
        (
            {"decisions": [DECISION | {"ranking": "value"}]},
            "unknown-ranking",
            "decisions[change].ranking",
        ),
        (
            {"decisions": [DECISION | {"plans_release": "may"}]},
            "no-releases",
            "decisions[change].plans_release",
        ),
        ({"ratings": {"statuses": ["lost"]}}, "unknown-status", "ratings.statuses[0]"),
        (
            _criterion(field="impact", points={"big": 2}),
            "points",
            "rankings[worth].criteria[size].points",
        ),
        (
            _criterion(field="impact", points={"big": 2, "small": 1, "huge": 3}),
            "unknown-option",
            "rankings[worth].criteria[size].points.huge",
        ),
        (
            _criterion(field="impact", points=2),
            "points",
            "rankings[worth].criteria[size].points",
        ),
        (
            _criterion(field="size", points=2),
            "unknown-field",
            "rankings[worth].criteria[size].field",
        ),
        (
            _criterion(number="case.status", points=2),
            "rule",
            "rankings[worth].criteria[size].number",
        ),
        (_criterion(when="case.weight", points=2), "rule", "rankings[worth].criteria[size].when"),
        (_automation(set_phase="build"), "unknown-phase", "automations[more].then[0].set_phase"),
        (
            _automation(ask_decision="rise"),
            "unknown-decision",
            "automations[more].then[0].ask_decision",
        ),
        (_automation(slip_release=True), "no-releases", "automations[more].then[0].slip_release"),
        (
            _automation(ask_rating=True) | {"ratings": None},
            "no-ratings",
            "automations[more].then[0].ask_rating",
        ),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, changes: dict[str, Any], code: str, path: str
) -> None:
    """D6, H4, O5, O6."""
    _put(tenant, changes)
    assert [(found.code, found.path) for found in tenant.findings()] == [(code, path)]


def test_only_the_contact_gets_the_link_to_rate_by(tenant: Tenant) -> None:
    """O6: whoever has it speaks for the contact."""
    _put(tenant, {})
    for notice in tenant.definition["notices"]:
        notice.update(on="rating_requested", to=["contact", "team"])
    assert {found.code for found in tenant.findings()} >= {"recipient"}


def _awaiting(section: str, **awaited: Any) -> dict[str, Any]:
    return {"decisions": [UNTOLD], section: [awaited]}


NOTHING_FOLLOWS: tuple[dict[str, Any], ...] = (
    {"decisions": [UNTOLD]},
    _awaiting("automations", name="more", on="decision_no:change", then=[{"assign": "desk"}]),
)
SOMETHING_FOLLOWS: tuple[dict[str, Any], ...] = (
    {"decisions": [UNTOLD | {"answered": True}]},
    {"decisions": [UNTOLD | {"plans_release": "may"}], "releases": CYCLES},
    _awaiting("automations", name="more", on="decision_yes:change", then=[{"assign": "desk"}]),
    _awaiting("automations", name="more", on="decision_yes", then=[{"assign": "desk"}]),
    _awaiting("timers", name="more", after="PT1H", elapsed=True, since=["decision_yes:change"]),
)


@pytest.mark.parametrize("changes", NOTHING_FOLLOWS)
def test_a_yes_that_nothing_follows_is_found(tenant: Tenant, changes: dict[str, Any]) -> None:
    """D6: asked in vain, unless somebody is told of it at least."""
    _put(tenant, changes)
    (found,) = tenant.findings()
    assert (found.code, found.path) == ("nothing-follows", "decisions[change]")
    assert "decision_yes:change" in found.sentence


@pytest.mark.parametrize(
    ("when", "given"),
    [
        (None, True),
        ("event.outcome == 'no'", False),
        ("case.priority == 'P1' && event.decision != 'change'", False),
        ("event.decision == 'change' && case.priority == 'P1'", True),
        ("case.priority == 'P1' || event.outcome == 'no'", True),
        ("event.outcome == 'no", True),
        ("!(event.outcome == 'no' && case.priority == 'P1')", True),
    ],
)
def test_a_notice_that_tells_of_a_yes_follows_it(
    tenant: Tenant, when: str | None, given: bool
) -> None:
    """D6."""
    _put(tenant, {"decisions": [UNTOLD]})
    tenant.definition["notices"][0].update(on="decision_made", to=["team"], when=when)
    assert ("nothing-follows" in {found.code for found in tenant.findings()}) is not given


@pytest.mark.parametrize("changes", SOMETHING_FOLLOWS)
def test_a_yes_that_something_follows_is_sound(tenant: Tenant, changes: dict[str, Any]) -> None:
    """D6."""
    _put(tenant, changes)
    assert "nothing-follows" not in {found.code for found in tenant.findings()}
