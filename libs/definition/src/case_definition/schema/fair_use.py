"""Fair use: how many cases of some types an agreement allows in a period; going past it blocks
nothing, and is told to whoever looks after the account."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name

Period = Literal["month", "quarter", "year"]
MESSAGE = "fair_use"
"""The template of the mail."""
PLACES = frozenset({"tenant", "recipient", "customer", "what", "counted", "allowed", "period"})


class FairUse(DefinitionModel):
    """Something that is counted; each agreement says how many it allows."""

    name: Name
    case_types: tuple[Name, ...] = Field(min_length=1)
    """Cases that are of these types by now count."""
    per: Period
    team: Name
    """Told where a customer has no account agent, or nobody stands in for them."""


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, its first day and that of the next."""

    name: str
    first: date
    next: date


def span_of(per: Period, day: date) -> Span:
    """The period that a day is in: `2026-03`, `2026-Q1` or `2026`."""
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    place = (day.month - 1) // months
    first = date(day.year, place * months + 1, 1)
    past = day.year * 12 + (place + 1) * months
    names = {"month": f"{first:%Y-%m}", "quarter": f"{day.year}-Q{place + 1}", "year": f"{day:%Y}"}
    return Span(names[per], first, date(past // 12, past % 12 + 1, 1))
