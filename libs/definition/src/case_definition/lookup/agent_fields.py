"""Fields that name an agent."""

from collections.abc import Mapping
from typing import Any, Protocol

from case_definition.lookup.definition import Definition
from case_definition.schema.directory import Agent


class AgentDirectory(Protocol):
    """The part of the directory in which the agents of such fields are looked up."""

    def agent(self, tenant: str, agent: str) -> Agent | None: ...


def agents_named(
    definition: Definition, values: Mapping[str, Any], agents: AgentDirectory
) -> frozenset[str]:
    """The active agents whom the agent fields among these values name."""
    named = {
        value
        for name, value in values.items()
        if name in definition.fields and definition.fields[name].type == "agent"
        if isinstance(value, str)
    }
    found = (agents.agent(definition.tenant, name) for name in named)
    return frozenset(agent.id for agent in found if agent is not None and agent.active)


def hidden_from(definition: Definition, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The agents from whom a case with these fields is hidden."""
    named = (fields.get(name, "") for name in definition.document.hidden_from)
    return tuple(sorted({agent for agent in named if agent}))
