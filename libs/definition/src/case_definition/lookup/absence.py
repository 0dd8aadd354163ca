"""Absent agents, their stand-ins, and agents on call."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Agent, Days

LONGEST = 5
"""The maximum length of a chain of stand-ins."""


def present(agent: str, reference: Reference, definition: Definition, at: datetime) -> Agent | None:
    """The agent, or their stand-in now; None if there is none."""
    day = at.astimezone(_zone(definition)).date()
    for _ in range(LONGEST):
        known = reference.agent(definition.tenant, agent)
        if known is None or not known.active:
            return None
        if not is_away(known, day):
            return known
        agent = known.stand_in
    return None


def on_call(reference: Reference, definition: Definition, at: datetime) -> list[Agent]:
    """The agents who are on call now, or stand in for one, by id."""
    day = at.astimezone(_zone(definition)).date()
    named = [one for one in reference.agents(definition.tenant) if one.active]
    there = (
        present(one.id, reference, definition, at) for one in named if _includes(one.on_call, day)
    )
    found = {one.id: one for one in there if one is not None}
    return [found[agent] for agent in sorted(found)]


def is_away(agent: Agent, day: date) -> bool:
    """Whether an agent is absent on a day."""
    return _includes(agent.absent, day)


def _includes(periods: Sequence[Days], day: date) -> bool:
    return any(one.first <= day.isoformat() <= one.last for one in periods)


def _zone(definition: Definition) -> ZoneInfo:
    """The time zone of the desk's days: that of its first calendar."""
    for calendar in definition.document.calendars.values():
        return ZoneInfo(str(calendar["timezone"]))
    return ZoneInfo("UTC")
