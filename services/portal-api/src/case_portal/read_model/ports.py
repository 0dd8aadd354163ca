"""The port from which cases are read."""

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

    Without `sort`, `order` sorts the list: `attention` has the cases that wait for the contact
    first, then the last changed ones; `due` has the cases that breach first, then those without a
    clock in order of arrival. `ranks` gives the sort order of names in a column, if it is not
    alphabetical. `search` is words, in which `*` stands for any letters. `page` counts from 1.
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
    """One page of a list, and whether there is a next page."""

    cases: list[FoundCase]
    more: bool = False


class Cases(Protocol):
    """The read models. A case outside the scope is not found."""

    async def listed(self, scope: Scope, listing: Listing) -> Page: ...
    async def found(self, scope: Scope, reference: str) -> FoundCase | None: ...
    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        """Those of these references that are cases within a scope, by one query for all of them."""

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        """The history in order; with internal entries only if `internal`."""

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """The cases with this decision requested and not made, the longest requested first."""

    async def links(self, case: UUID) -> list[LinkView]:
        """All other cases that are, or were, linked to this one, in the order of the links."""


class Changes(Protocol):
    """Reports changes of cases, on any replica."""

    def of_case(self, case: UUID) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """Yields True after each change, and False after some time without a change; ends with the
        service."""
