"""Volumes, backlog and ratings: the questions, and the lines of their answers."""

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
"""The groups of cases that every tenant has."""

FIELD = "fields."
"""The prefix of the name of a choice field by which cases are grouped."""

AGES = (1, 7, 30, 90)
"""The ends of the bands of age of open cases, in days."""


class Selection(Struct, frozen=True, kw_only=True):
    """Which cases to count: those with an event from `since` on and before `until`.

    The groups are the current ones of each case. `only` selects cases by the values of a dimension.
    Days begin in `zone`.
    """

    tenant: str
    since: datetime
    until: datetime
    by: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    zone: str = "UTC"


class OpenSelection(Struct, frozen=True, kw_only=True):
    """Which open cases to count: those that were open at a time. See `Selection`."""

    tenant: str
    at: datetime
    by: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = {}


class Volume(Struct, frozen=True, kw_only=True):
    """How often cases of a group came in, were solved, closed and reopened."""

    group: tuple[str, ...]
    came: int = 0
    solved: int = 0
    closed: int = 0
    reopened: int = 0


class Backlog(Struct, frozen=True, kw_only=True):
    """The open cases of a group. `ages` are the numbers in each band, the youngest band first."""

    group: tuple[str, ...]
    ages: tuple[int, ...]
    oldest: datetime

    @property
    def total(self) -> int:
        """The open cases of all bands."""
        return sum(self.ages)


class Rated(Struct, frozen=True, kw_only=True):
    """The number of rated cases of a group, and the sum of their stars: the mean as a fraction."""

    group: tuple[str, ...]
    cases: int
    stars: int

    @property
    def mean(self) -> str:
        """The mean with two decimals, never rounded up."""
        hundredths = self.stars * 100 // self.cases
        return f"{hundredths // 100}.{hundredths % 100:02}"


class CaseCounts(Protocol):
    """Counts the cases of one tenant."""

    async def volumes(self, selection: Selection) -> list[Volume]:
        """A line for each group, in order of the groups."""

    async def backlog(self, selection: OpenSelection) -> list[Backlog]:
        """A line for each group, the one with the oldest case first."""

    async def ratings(self, selection: Selection) -> list[Rated]:
        """A line for each group, in order of the groups. A case counts by its last rating."""


def age_limits(at: datetime) -> list[datetime]:
    """The latest time of arrival for each band except the last."""
    return [at - timedelta(days=days) for days in AGES]


def unknown_field(by: Iterable[str], definition: Definition) -> Problem | None:
    """The problem with the fields by which a report is to be grouped."""
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
    """The volumes of a period, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.volumes(selection)


async def backlog(
    counts: CaseCounts, principal: Principal, selection: OpenSelection, definition: Definition
) -> list[Backlog] | Problem:
    """The open cases, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.backlog(selection)


async def ratings(
    counts: CaseCounts, principal: Principal, selection: Selection, definition: Definition
) -> list[Rated] | Problem:
    """The ratings of a period, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    wrong = unknown_field(selection.by, definition)
    return wrong or await counts.ratings(selection)
