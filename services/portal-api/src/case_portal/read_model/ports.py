"""What the portal needs of the world."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from case_events.contracts.commands import Command
from msgspec import Struct

from case_portal.core.principal import Account, Principal, Scope
from case_portal.core.problem import Problem
from case_portal.read_model.view import Answer, Entry, FoundCase, LinkTold, Refusal

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
    async def entries(self, case: UUID, internal: bool) -> list[Entry]:
        """The history in order; without what is internal where that is not asked for."""

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """Cases of which this decision was asked and not made, the longest asked first."""

    async def links(self, case: UUID) -> list[LinkTold]:
        """All other cases that this one has, or had, to do with; the first first."""


class KeptRefusal(Struct, frozen=True):
    """A refusal, with the reference of the case it concerns; empty where there is none."""

    refusal: Refusal
    reference: str = ""


class RefusalPage(Struct, frozen=True):
    """One page of refusals, and whether there is another."""

    refusals: list[KeptRefusal]
    more: bool = False


class Refusals(Protocol):
    """What was refused at the tenant of a scope. What is another's is not found, nor what was
    asked of a case that is hidden."""

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """The last first; `page` counts from 1."""

    async def refusal(self, scope: Scope, refusal: UUID) -> Refusal | None: ...


class Session(Struct, frozen=True, kw_only=True):
    """A log-in that holds until it ends; `token` is only known while it is being made."""

    account: Account
    expires_at: datetime | None
    token: str = ""


class Accounts(Protocol):
    """Who may log in, and who is."""

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        """A new session; None where user name and password do not fit."""

    async def session(self, token: str) -> Session | None:
        """The session or API token that holds under this secret."""

    async def log_out(self, token: str) -> None: ...


class Asked(Struct, frozen=True, kw_only=True):
    """A command that was asked, and its answer where there was one in time."""

    command: UUID
    reference: str
    answer: Answer | None = None


class Desk(Protocol):
    """Takes what people ask of cases to workflow, and hears what came of it."""

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> Asked:
        """Publish a command, and wait a moment for its answer.

        Raises `OutOfReach` where it could not be kept.
        """

    async def asked(self, principal: Principal, command: UUID) -> Asked | None:
        """What became of a command that this principal asked; None for any other."""


class OutOfReach(Exception):
    """Another part of the platform did not answer; what was asked was not taken in."""


class Upload(Struct, frozen=True, kw_only=True):
    """A file that somebody sends with what they write."""

    name: str
    type: str
    data: bytes


class NewCase(Struct, frozen=True, kw_only=True):
    """A case as its form was filled in. `key` makes it one, however often it is sent."""

    key: str
    case_type: str
    values: dict[str, str | bool | float]
    files: tuple[Upload, ...] = ()


class Pass(Struct, frozen=True, kw_only=True):
    """What intake's API knows somebody by, for a while."""

    token: str
    expires_at: datetime


class Intake(Protocol):
    """The one door for new cases."""

    def pass_for(self, principal: Principal) -> Pass:
        """Vouch for somebody who brings cases in by intake's own API."""

    async def create(self, principal: Principal, case: NewCase) -> str | list[Problem]:
        """Send a new case in; its reference, or what is wrong with it.

        Raises `OutOfReach` where intake does not answer.
        """


class Files(Protocol):
    """The blob store."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store files durably; returns their keys, in the same order.

        Raises `Interrupted` when it is not certain that all of them are stored.
        """

    async def get(self, tenant: str, sha256: str) -> bytes:
        """A file by its key. Raises LookupError where there is none."""


class Changes(Protocol):
    """Hears that cases change, on whichever replica."""

    def of_case(self, case: UUID) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """Yields True after each change, False after a while without; ends with the service."""
