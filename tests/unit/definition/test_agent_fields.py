"""Fields that name an agent: who may be named, and what a definition cannot say of them."""

from typing import Any

import pytest
from case_definition.lookup.agent_fields import agents_named, hidden_from
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.form import FieldProblem
from case_definition.schema.directory import Agent

from tests.unit.definition.sample_tenant import Tenant

ABOUT: dict[str, Any] = {"name": "about", "type": "agent", "editable_by": ["agent"]}


class People:
    """A directory of two agents, one of whom has left."""

    def agent(self, tenant: str, agent: str) -> Agent | None:
        known = {"ann": True, "gone": False}
        if tenant != "sample" or agent not in known:
            return None
        return Agent(tenant=tenant, id=agent, name=agent.title(), email=f"{agent}@sample.example",
                     language="en", active=known[agent])  # fmt: skip


def _put(tenant: Tenant, field: dict[str, Any]) -> None:
    tenant.definition["fields"].append(field)
    tenant.definition["case_types"][0]["fields"].append({"field": "about"})
    for texts in tenant.texts.values():
        texts["fields"]["about"] = {"name": "About"}


def test_a_field_that_names_an_agent_is_sound(tenant: Tenant) -> None:
    _put(tenant, ABOUT)
    assert tenant.findings() == []


def test_contacts_do_not_choose_among_agents(tenant: Tenant) -> None:
    _put(tenant, {"name": "about", "type": "agent"})
    (finding,) = tenant.findings()
    assert (finding.code, finding.path) == ("names-agent", "fields[about]")
    assert "editable_by: [agent]" in finding.sentence


def test_a_rule_names_nobody(tenant: Tenant) -> None:
    _put(tenant, ABOUT)
    step = tenant.definition["transitions"][0]
    step["then"] = [{"set_fields": {"about": "ann"}}]
    (finding,) = tenant.findings()
    assert (finding.code, finding.path) == (
        "names-agent",
        "transitions[ask].then[0].set_fields.about",
    )
    step["then"] = [{"set_fields": {"about": ""}}]
    assert tenant.findings() == []


@pytest.mark.parametrize("named", ["ann", "gone", "nobody", "", 3])
def test_only_an_active_agent_is_taken(tenant: Tenant, named: Any) -> None:
    _put(tenant, ABOUT)
    definition = compile_definition(tenant.definition)
    values = {"title": "A", "description": "B", "about": named}
    agents = agents_named(definition, values, People())
    assert agents == ({"ann"} if named == "ann" else set())
    wrong = {
        "gone": [FieldProblem("about", "agent")],
        "nobody": [FieldProblem("about", "agent")],
        3: [FieldProblem("about", "type", "agent")],
    }.get(named, [])
    assert definition.form_problems("request", values, agents) == wrong
    assert definition.change_problems("request", {"about": named}, agents) == wrong


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("abut", "unknown-field", "did you mean `about`?"),
        ("cause", "names-agent", "give it `type: agent`"),
    ],
)
def test_cases_are_hidden_from_agents_whom_fields_name(
    tenant: Tenant, name: str, code: str, says: str
) -> None:
    _put(tenant, ABOUT)
    tenant.definition["hidden_from"] = ["about"]
    assert tenant.findings() == []
    tenant.definition["hidden_from"] = ["about", name]
    (finding,) = tenant.findings()
    assert (finding.code, finding.path) == (code, "hidden_from[1]")
    assert says in finding.sentence


def test_whom_a_case_is_hidden_from_is_what_its_fields_say(tenant: Tenant) -> None:
    _put(tenant, ABOUT)
    tenant.definition["hidden_from"] = ["about"]
    definition = compile_definition(tenant.definition)
    assert hidden_from(definition, {"about": "ann", "cause": "bo"}) == ("ann",)
    assert hidden_from(definition, {"about": ""}) == hidden_from(definition, {}) == ()
