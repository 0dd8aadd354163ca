"""Volumes, backlog and ratings: what is asked of the cases, and how an answer is told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from case_definition.lookup.definition import Definition
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem

ALWAYS = ("customer", "case_type", "priority", "channel", "team", "agent")
OPEN_DIMENSIONS = (*ALWAYS, "status")
CASE_DIMENSIONS = (*ALWAYS, "day", "week", "month")
"""By what cases can be grouped at every tenant."""

FIELD = "fields."
"""What stands before the name of a field that cases are grouped by: a choice."""

AGES = (1, 7, 30, 90)
"""Days: the ages of open cases are told in bands that end at these."""


class Selection(Struct, frozen=True, kw_only=True):
    """Which cases to count: those of which something happened from `since` on and before `until`.

    Cases are grouped by what the desk has made of them by now. `only` keeps those with one of the
    values of a dimension. Days begin in `zone`.
    """

    tenant: str
    since: datetime
    until: datetime
    by: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    zone: str = "UTC"


class OpenSelection(Struct, frozen=True, kw_only=True):
    """Which open cases to count: those that were open at a moment. See `Selection`."""

    tenant: str
    at: datetime
    by: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = {}


class Volume(Struct, frozen=True, kw_only=True):
    """How often cases of a group came in, were solved, closed and opened again."""

    group: tuple[str, ...]
    came: int = 0
    solved: int = 0
    closed: int = 0
    reopened: int = 0


class Backlog(Struct, frozen=True, kw_only=True):
    """The open cases of a group; `ages` are those in each band, the youngest band first."""

    group: tuple[str, ...]
    ages: tuple[int, ...]
    oldest: datetime

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.ages)


class Rated(Struct, frozen=True, kw_only=True):
    """How many cases of a group were rated, and the sum of their stars: the mean as a fraction."""

    group: tuple[str, ...]
    cases: int
    stars: int

    @property
    def mean(self) -> str:
        """The mean to two places, never rounded up."""
        hundredths = self.stars * 100 // self.cases
        return f"{hundredths // 100}.{hundredths % 100:02}"


class CaseCounts(Protocol):
    """Counts cases. What is another tenant's is not counted."""

    async def volumes(self, selection: Selection) -> list[Volume]:
        """A line for each group, in order of the groups."""

    async def backlog(self, selection: OpenSelection) -> list[Backlog]:
        """A line for each group, the one with the oldest case first."""

    async def ratings(self, selection: Selection) -> list[Rated]:
        """A line for each group, in order of the groups. A case counts by its last rating."""


def age_limits(at: datetime) -> list[datetime]:
    """The moments since which a case must have come to be in each band but the last."""
    return [at - timedelta(days=days) for days in AGES]


def unknown_field(by: Iterable[str], definition: Definition) -> Problem | None:
    """What is wrong with the fields by which somebody of the desk wants cases grouped."""
    choices = [
        f"{FIELD}{field.name}"
        for field in definition.document.fields
        if field.type == "choice" and "agent" in field.visible_to
    ]
    for name in by:
        if name.startswith(FIELD) and name not in choices:
            known = ", ".join(choices) or "none"
            reason = f"There is no choice {name} that agents see; of those there is: {known}."
            return Problem(
                kind="unknown", code="unknown_field", field="by", rule="known", reason=reason
            )
    return None


async def volumes(
    counts: CaseCounts, principal: Principal, selection: Selection, definition: Definition
) -> list[Volume] | Problem:
    """The volumes of a period, for those who see the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.volumes(selection)


async def backlog(
    counts: CaseCounts, principal: Principal, selection: OpenSelection, definition: Definition
) -> list[Backlog] | Problem:
    """The open cases, for those who see the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.backlog(selection)


async def ratings(
    counts: CaseCounts, principal: Principal, selection: Selection, definition: Definition
) -> list[Rated] | Problem:
    """The ratings of a period, for those who see the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.ratings(selection)
