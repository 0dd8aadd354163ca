"""Who is there: agents who are away, and who stands in for them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from case_definition.directory import Agent
from case_definition.lookup import Definition
from case_definition.reference import Reference

LONGEST = 5
"""So many stand in for one another at the most."""


def present(agent: str, reference: Reference, definition: Definition, at: datetime) -> Agent | None:
    """The agent, or whoever stands in for them now; None where nobody does."""
    day = at.astimezone(_zone(definition)).date()
    for _ in range(LONGEST):
        known = reference.agent(definition.tenant, agent)
        if known is None or not known.active:
            return None
        if not is_away(known, day):
            return known
        agent = known.stand_in
    return None


def is_away(agent: Agent, day: date) -> bool:
    """Whether an agent is away on that day."""
    return any(one.first <= day.isoformat() <= one.last for one in agent.absent)


def _zone(definition: Definition) -> ZoneInfo:
    """The zone in which the desk's days are counted: that of its first calendar."""
    for calendar in definition.document.calendars.values():
        return ZoneInfo(str(calendar["timezone"]))
    return ZoneInfo("UTC")
