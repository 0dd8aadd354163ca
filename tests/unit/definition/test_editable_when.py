"""Who may fill in a field, by rule."""

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.rules.editing import edit_limit

from tests.unit.definition.sample_tenant import Tenant

CAUSE = 4
"""Where the field `cause` stands."""


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("'judge' in actor.roles", "there is"),
        ("actor.role == 'agent'", "`actor` has no `role`"),
        ("case.fields.caus == ''", "unknown field `caus`"),
        ("case.fields.impact", "gives no yes or no"),
        ("event.transition == 'finnish'", "did you mean `finish`"),
    ],
)
def test_a_rule_on_a_field_is_checked_where_it_stands(tenant: Tenant, rule: str, says: str) -> None:
    tenant.definition["fields"][CAUSE]["editable_when"] = rule
    (finding,) = tenant.findings()
    assert (finding.code, finding.path) == ("rule", "fields[cause].editable_when")
    assert says in finding.sentence


def test_the_kind_of_person_is_asked_first_and_then_the_rule(tenant: Tenant) -> None:
    tenant.definition["fields"][CAUSE]["editable_when"] = "actor.id != 'bo'"
    assert tenant.findings() == []
    definition = compile_definition(tenant.definition)
    for actor, capacity, limit in (
        ("anna", "contact", "editable_by"),
        ("bo", "agent", "editable_when"),
        ("cy", "agent", None),
    ):
        variables = {"actor": {"id": actor, "capacity": capacity}}
        assert edit_limit(definition, "cause", capacity, variables) == limit
