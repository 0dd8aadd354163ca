"""Attainment and breaches: what is asked of the readings, and how an answer is told."""

from datetime import datetime
from typing import Literal, Protocol, get_args

from case_clocks.shares import is_kept, share_text
from msgspec import Struct
from msgspec.structs import replace

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.reports.projection import CycleReading

Dimension = Literal[
    "target", "customer", "agreement", "case_type", "priority", "team", "agent",
    "day", "week", "month",
]  # fmt: skip
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
COUNTED = ("met", "breached", "excluded")
"""The final readings that a report counts."""


class Question(Struct, frozen=True, kw_only=True):
    """Which cycles to count: those that were decided from `since` on and before `until`, as it
    was known at `as_of`. `only` keeps those with one of the values of a dimension. Days begin in
    `zone`. Cases that are hidden from the agent `viewing_agent` are left out."""

    tenant: str
    since: datetime
    until: datetime
    as_of: datetime
    by: tuple[Dimension, ...] = ("target",)
    only: dict[str, tuple[str, ...]] = {}
    zone: str = "UTC"
    viewing_agent: str | None = None


class Attained(Struct, frozen=True, kw_only=True):
    """One line: the group by its dimensions, and its cycles. Unanswered ones are beside the
    share, since nothing was promised for a case that ended first."""

    group: tuple[str, ...]
    promised: float
    kept: int
    missed: int
    unanswered: int

    @property
    def total(self) -> int:
        """The cycles that the share is of."""
        return self.kept + self.missed

    @property
    def share(self) -> str:
        """The share that was kept, never rounded up."""
        return share_text(self.kept, self.total)

    @property
    def is_kept(self) -> bool:
        """Whether as much was kept as was promised."""
        return is_kept(self.kept, self.total, self.promised)


class Breach(Struct, frozen=True, kw_only=True):
    """A target that was missed. `late` is how much counted time (microseconds) it was answered
    after the due; None while it is not answered."""

    reading: CycleReading
    answered_at: datetime | None = None
    late: int | None = None


class Reports(Protocol):
    """Counts readings. What is another tenant's is not counted."""

    async def attainment(self, question: Question) -> list[Attained]:
        """A line for each group and promised share, in order of the groups."""

    async def breaches(self, question: Question, limit: int) -> list[Breach]:
        """What was missed, the first first."""


async def attainment(
    reports: Reports, principal: Principal, question: Question
) -> list[Attained] | Problem:
    """The attainment, for those who see the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    return await reports.attainment(replace(question, viewing_agent=principal.viewing_agent))


async def breaches(
    reports: Reports, principal: Principal, question: Question, limit: int
) -> list[Breach] | Problem:
    """The breaches, for those who see the desk's own facts."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    return await reports.breaches(replace(question, viewing_agent=principal.viewing_agent), limit)
