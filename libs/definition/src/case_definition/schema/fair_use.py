"""Fair use: how many cases of some types an agreement allows in a period. An excess blocks nothing,
and is reported to the account agent."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name

Period = Literal["month", "quarter", "year"]
MESSAGE = "fair_use"
"""The template of the mail about an excess."""
PLACES = frozenset({"tenant", "recipient", "customer", "what", "counted", "allowed", "period"})


class FairUse(DefinitionModel):
    """A count of cases. Each agreement says how many it allows."""

    name: Name
    case_types: tuple[Name, ...] = Field(min_length=1)
    """The case types that count. A case counts by its current type."""
    per: Period
    team: Name
    """The team that is notified about a customer without an account agent, or without a stand-in
    for one."""


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, its first day, and the first day of the next period."""

    name: str
    first: date
    next: date


def span_of(per: Period, day: date) -> Span:
    """The period of a day: `2026-03`, `2026-Q1` or `2026`."""
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    place = (day.month - 1) // months
    first = date(day.year, place * months + 1, 1)
    past = day.year * 12 + (place + 1) * months
    names = {"month": f"{first:%Y-%m}", "quarter": f"{day.year}-Q{place + 1}", "year": f"{day:%Y}"}
    return Span(names[per], first, date(past // 12, past % 12 + 1, 1))
