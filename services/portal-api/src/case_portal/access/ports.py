"""The ports of access: codes, accounts, mails, attempts, and secrets."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

from case_events.envelope import Actor
from msgspec import Struct

from case_portal.core.principal import Account, PersonKind
from case_portal.mail.ports import Letter

Purpose = Literal["invitation", "confirmation", "choice", "reset"]
Act = Literal["log_in", "redeem", "reset", "mail"]
"""The kinds of attempts that are counted: see `Limiter`."""


class KeptCode(Struct, frozen=True, kw_only=True):
    """A code that was issued. `cause` is the id of the request for it; empty if the request may be
    repeated."""

    name: str
    digest: bytes
    purpose: Purpose
    tenant: str
    kind: PersonKind
    person: str
    expires_at: datetime
    cause: str = ""


class AccountTransaction(Protocol):
    """One open transaction. It stores all codes, accounts and mails together, or none of them."""

    @property
    def now(self) -> datetime: ...
    async def keep_code(self, code: KeptCode) -> None:
        """Store a code. Earlier codes for the same person and purpose expire."""

    async def code(self, name: str, digest: bytes) -> KeptCode | None:
        """A code that is valid. No other transaction gets it until this one ends. A wrong code
        leaves no lock behind, so no waiting time reveals that its name is known."""

    async def spend(self, name: str) -> None:
        """Mark a code as used, which makes it invalid."""

    async def caused(self, cause: str) -> bool:
        """Whether a request has led to a code already."""

    async def account_of(self, tenant: str, kind: PersonKind, person: str) -> Account | None:
        """The account of a person."""

    async def named(self, user: str) -> list[Account]:
        """The accounts with this user name, at every tenant."""

    async def add_account(self, account: Account, password_hash: str) -> bool:
        """Make an account; False if the tenant has an account with that user name."""

    async def set_password(self, account: Account, password_hash: str) -> None:
        """Give an account another password. Its sessions end."""

    async def keep_ask(self, user: str) -> None:
        """Store a request to reset the password of this user name or address."""

    async def next_ask(self) -> str | None:
        """Take the oldest stored request that no other process is taking; None if there is none."""

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        """Count an attempt as `Limiter` does, in this transaction."""

    def send(self, tenant: str, letter: Letter, actor: Actor, definition: str) -> None:
        """Ask notify for a mail."""


class AccountUnitOfWork(Protocol):
    """Opens a transaction."""

    def open(self) -> AbstractAsyncContextManager[AccountTransaction]: ...


class Limiter(Protocol):
    """Counts attempts, for all replicas together."""

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        """Count one attempt, where `most` may be made at once. Returns None if the attempt is
        allowed.

        Otherwise it returns the time until the next attempt. Used attempts become available again,
        one by one, within the window.
        """

    async def forget(self, act: Act, subject: str) -> None:
        """Reset the count to nothing."""


class SecretSource(Protocol):
    """A source of randomness and of slow hashes."""

    def entropy(self) -> bytes:
        """Random bytes for a code."""

    async def password_hash(self, password: str) -> str:
        """The hash to store for a password."""
