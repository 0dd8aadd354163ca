"""Links between cases: what cannot work is found, and what would tell contacts too much."""

from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

PROBLEM = {
    "name": "problem",
    "start_status": "new",
    "start_priority": {"priority": "P2"},
    "created_by": ["system"],
    "fields": [{"field": "title", "required": True}, {"field": "description", "required": True}],
}
GOOD: dict[str, Any] = {
    "problems": {"case_types": ["problem"], "solved_in": ["done"]},
    "duplicates": {"when": "case.weight == 0"},
    "merge": {"status": "done"},
    "split": {},
    "follow_up": {"of": ["done"], "by": ["contact"], "replies_to_closed": "follow_up"},
}


def linked(tenant: Tenant, **changes: Any) -> None:
    """The sample tenant with links and a type of problem."""
    tenant.definition["links"] = GOOD | changes
    tenant.definition["case_types"].append(dict(PROBLEM))
    for texts in tenant.texts.values():
        texts["case_types"]["problem"] = {"name": "Problem"}


def test_links_that_work_are_found_good(tenant: Tenant) -> None:
    linked(tenant)
    assert tenant.findings() == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"merge": {"status": "new"}}, "not-final", "links.merge.status"),
        ({"merge": {"status": "gone"}}, "unknown-status", "links.merge.status"),
        ({"follow_up": {"of": ["asked"]}}, "not-final", "links.follow_up.of"),
        (
            {"follow_up": {"of": ["done"], "case_type": "riddle"}},
            "unknown-case-type",
            "links.follow_up.case_type",
        ),
        ({"split": {"into": ["riddle"]}}, "unknown-case-type", "links.split.into[0]"),
        (
            {"duplicates": {"case_types": ["riddle"]}},
            "unknown-case-type",
            "links.duplicates.case_types[0]",
        ),
        ({"duplicates": {"when": "case.colour"}}, "rule", "links.duplicates.when"),
        (
            {"problems": {"case_types": ["problem"], "solved_in": ["gone"]}},
            "unknown-status",
            "links.problems.solved_in[0]",
        ),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, changes: dict[str, Any], code: str, path: str
) -> None:
    linked(tenant, **changes)
    assert [(found.code, found.path) for found in tenant.findings()] == [(code, path)]


def test_a_problem_that_a_contact_could_see_is_refused(tenant: Tenant) -> None:
    """C5, H5: made by a contact, or made of what a contact has."""
    linked(tenant)
    first, problem = tenant.definition["case_types"][0], tenant.definition["case_types"][-1]
    problem["created_by"] = ["agent"]
    first["reclassify_to"] = [*first.get("reclassify_to", []), "problem"]
    assert [found.code for found in tenant.findings()] == ["problem", "problem"]


def test_a_notice_that_names_the_desks_own_cases_goes_to_no_contact(tenant: Tenant) -> None:
    linked(tenant)
    tenant.definition["notices"].append({"name": "linked", "on": "case_linked", "to": ["contact"]})
    for texts in tenant.texts.values():
        texts["notices"]["linked"] = {"subject": "{other}", "body": "{weight}"}
    assert [found.code for found in tenant.findings()] == ["internal-fact"]
