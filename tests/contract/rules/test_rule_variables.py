"""Every member that the documentation promises to rules has its value wherever a rule is asked, or
the check refuses the rule there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from case_definition.check.conditions import condition_problem
from case_definition.schema.rule_paths import rules_of
from case_definition.schema.rule_places import REFUSED, place_of
from case_definition.vocabulary import RULE_VARIABLES

from tests.contract.rules.asking import PLACES, Asked, listening
from tests.contract.rules.whole_case import DESK, NOW
from tests.unit.definition.sample_tenant import Tenant

BO = {"id": "bo", "capacity": "agent", "roles": ["agent"]}
ANNA = {"id": "anna", "capacity": "contact", "roles": ["normal"]}
FIELDS = DESK.filled({"urgency": "high", "users": "250", "urgent": "true"})
WHOLE: Mapping[str, Any] = {
    "case": {
        "type": "incident",
        "priority": "P2",
        "status": "new",
        "team": "desk",
        "agent": "bo",
        "channel": "phone",
        "menu": "b",
        "title": "Noise at night",
        "phase": "asking",
        "release": "2027-01",
        "weight": 3,
        "fields": FIELDS,
        "work_minutes": 30,
        "approved_minutes": 120,
        "left_minutes": 90,
    },
    "event": {},
    "actor": BO,
    "contact": {
        "id": "anna", "email": "anna@customer.example", "language": "en", "role": "normal"
    },
    "customer": {"id": "acme", "name": "Acme"},
    "agreement": {"id": "gold", "kind": "sla"},
    "now": NOW,
}  # fmt: skip
"""What is so of the case at its end."""
NO_CASE = {
    "case": dict(RULE_VARIABLES["case"]) | {
        "type": "incident", "channel": "phone", "fields": DESK.filled({})
    }
}  # fmt: skip
BOOKED = {"type": "work_logged", "kind": "thinking", "minutes": 25}
STEP = {"type": "status_changed", "transition": "ask", "from_status": "new", "to_status": "asked"}
PHASE = {"type": "phase_changed", "phase": "making"}
OTHERWISE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("channels", "intake"): NO_CASE,
    ("case_types", "intake"): NO_CASE,
    ("fields", "intake"): NO_CASE,
    ("routing", "workflow"): {
        "case": NO_CASE["case"] | {
            "priority": "P3", "status": "new", "menu": "b", "title": "Noise at night",
            "fields": DESK.filled({"urgency": "high"}),
        },
        "event": {"type": "case_created"},
        "actor": ANNA,
    },
    ("transitions", "workflow"): {"event": STEP},
    ("transitions", "portal"): {"event": STEP},
    ("phases", "workflow"): {"event": PHASE},
    ("phases", "portal"): {"event": PHASE},
    ("automations", "workflow"): {"event": {"type": "comment_added", "public": True}},
    ("notices", "notify"): {"event": {"type": "comment_added", "public": True}},
    ("links", "workflow"): {"event": {"type": "duplicate"}},
    ("approvals", "workflow"): {"event": BOOKED | {"billable": True, "why": "standard"}},
    ("work.allowances", "workflow"): {"event": BOOKED},
    ("work.billing", "workflow"): {"event": BOOKED},
    ("work.billing", "portal"): {"event": {"type": "work_logged", "kind": "thinking"}},
}  # fmt: skip
"""What is otherwise in a place: before there is a case, and the event that is asked about."""
UNTOLD = {("transitions", "portal"): {"now"}, ("phases", "portal"): {"now"}}
"""A page offers what a rule may let happen at another time."""
CASES = [(place, service) for place, services in PLACES.items() for service in services]
MEMBERS = [(name, member) for name, members in RULE_VARIABLES.items() for member in members]
"""Every member that the documentation promises."""


@pytest.mark.parametrize(("place", "service"), CASES)
def test_every_member_has_its_value_wherever_a_rule_is_asked(place: str, service: str) -> None:
    with listening() as asked:
        PLACES[place][service]()
    variables = _of(asked, place)
    wanted = {**WHOLE, **OTHERWISE.get((place, service), {})}
    for name, member in MEMBERS:
        if not _refused(place, f"{name}.{member}"):
            value = variables[name].get(member, RULE_VARIABLES[name][member])
            expected = wanted[name].get(member, RULE_VARIABLES[name][member])
            assert value == expected, f"{name}.{member}"
    if not _refused(place, "now") and "now" not in UNTOLD.get((place, service), ()):
        assert variables["now"] == NOW


def test_rules_are_asked_in_these_places_and_no_other() -> None:
    places = {place_of(path) for path, _ in rules_of(DESK.document)}
    assert places | {"rankings", "agreements"} == PLACES.keys()
    assert REFUSED.keys() <= PLACES.keys()


@pytest.mark.parametrize("place", PLACES)
def test_what_has_no_value_in_a_place_is_refused_there_and_all_else_is_not(place: str) -> None:
    for asked in (*(f"{name}.{member}" for name, member in MEMBERS), "now"):
        rule = f"{asked} == {asked}"
        problem = condition_problem(rule, place, DESK.document) or ""
        assert ("cannot be asked here" in problem) == _refused(place, asked), asked
        if name_of := asked.partition(".")[2]:
            hidden = f"{asked.partition('.')[0]}['{name_of}'] == {asked.partition('.')[0]}['id']"
            assert not _refused(place, asked) or condition_problem(hidden, place, DESK.document)


def test_the_check_names_file_and_line_and_reason(tmp_path: Path) -> None:
    tenant = Tenant(tmp_path)
    tenant.definition["case_types"][0]["when"] = "case.title.contains('printer')"
    finding = tenant.only()
    assert (finding.code, finding.path) == ("rule", "case_types[request].when")
    assert finding.file.endswith("definition.yaml")
    assert finding.line > 1
    assert finding.sentence == "`case.title` cannot be asked here: there is no case yet"


def _of(asked: Asked, place: str) -> Mapping[str, Any]:
    """The variables of a place; the rule is asked there, and each time with the same."""
    assert asked[place], f"no rule of {place} was asked"
    return asked[place][-1]


def _refused(place: str, asked: str) -> bool:
    refused = REFUSED.get(place, {})
    return asked in refused or asked.partition(".")[0] in refused
