"""Where cases are read from."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from case_portal.core.principal import Scope
from case_portal.read_model.view import FoundCase, HistoryEntry, LinkView

View = Literal["active", "closed", "all"]
Order = Literal["attention", "due"]
SortColumn = Literal[
    "reference",
    "title",
    "case_type",
    "priority",
    "status",
    "waits_for",
    "customer",
    "team",
    "agent",
    "created_at",
    "updated_at",
    "last_answer_at",
]


class Listing(Struct, frozen=True, kw_only=True):
    """Which cases to list, and how.

    Without `sort` it is by `order`: `attention` is those that wait for the contact, then the last
    changed; `due` is what breaches first, then those without a clock in order of arrival. `ranks`
    gives names of a column in the order they sort in, where that is not the alphabet's.
    `search` is words; `*` stands for any letters. `page` counts from 1.
    """

    view: View = "active"
    search: str = ""
    sort: SortColumn | None = None
    descending: bool = False
    ranks: Mapping[str, Sequence[str]] = {}
    page: int = 1
    size: int = 50
    order: Order = "attention"


class Page(Struct, frozen=True):
    """One page of a list, and whether there is another."""

    cases: list[FoundCase]
    more: bool = False


class Cases(Protocol):
    """The read models. What is outside the scope is not found."""

    async def listed(self, scope: Scope, listing: Listing) -> Page: ...
    async def found(self, scope: Scope, reference: str) -> FoundCase | None: ...
    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        """Those of these references that are cases within a scope: one query for all of them."""

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        """The history in order; without what is internal where that is not asked for."""

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """Cases of which this decision was asked and not made, the longest asked first."""

    async def links(self, case: UUID) -> list[LinkView]:
        """All other cases that this one has, or had, to do with; the first first."""


class Changes(Protocol):
    """Hears that cases change, on whichever replica."""

    def of_case(self, case: UUID) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """Yields True after each change, False after a while without; ends with the service."""
