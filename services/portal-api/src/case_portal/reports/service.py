"""Attainment and breaches: the questions, and the lines of their answers."""

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
"""The final results that a report counts."""


class Question(Struct, frozen=True, kw_only=True):
    """Which cycles to count: those with a result from `since` on and before `until`, as known at
    `as_of`.

    `only` selects cycles by the values of a dimension. Days begin in `zone`. Cases that are hidden
    from the agent `viewing_agent` are left out.
    """

    tenant: str
    since: datetime
    until: datetime
    as_of: datetime
    by: tuple[Dimension, ...] = ("target",)
    only: dict[str, tuple[str, ...]] = {}
    zone: str = "UTC"
    viewing_agent: str | None = None


class Attained(Struct, frozen=True, kw_only=True):
    """One line: the group by its dimensions, and its cycles. Unanswered cycles are not part of the
    share, because nothing was promised for a case that ended first."""

    group: tuple[str, ...]
    promised: float
    kept: int
    missed: int
    unanswered: int

    @property
    def total(self) -> int:
        """The cycles of the share."""
        return self.kept + self.missed

    @property
    def share(self) -> str:
        """The share of kept promises, never rounded up."""
        return share_text(self.kept, self.total)

    @property
    def is_kept(self) -> bool:
        """Whether the share reaches the promise."""
        return is_kept(self.kept, self.total, self.promised)


class Breach(Struct, frozen=True, kw_only=True):
    """A missed target. `late` is the counted time (microseconds) between the due and the answer;
    None without an answer."""

    reading: CycleReading
    answered_at: datetime | None = None
    late: int | None = None


class Reports(Protocol):
    """Counts target results of one tenant."""

    async def attainment(self, question: Question) -> list[Attained]:
        """A line for each group and promised share, in order of the groups."""

    async def breaches(self, question: Question, limit: int) -> list[Breach]:
        """The missed targets, earliest first."""


async def attainment(
    reports: Reports, principal: Principal, question: Question
) -> list[Attained] | Problem:
    """The attainment, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    return await reports.attainment(replace(question, viewing_agent=principal.viewing_agent))


async def breaches(
    reports: Reports, principal: Principal, question: Question, limit: int
) -> list[Breach] | Problem:
    """The breaches, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    return await reports.breaches(replace(question, viewing_agent=principal.viewing_agent), limit)
