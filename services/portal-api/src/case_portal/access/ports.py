"""What getting in needs of the world."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

from case_events.envelope import Actor
from msgspec import Struct

from case_portal.core.principal import Account, PersonKind
from case_portal.mail.ports import Letter

Purpose = Literal["invitation", "confirmation", "choice", "reset"]
Act = Literal["log_in", "redeem", "reset", "mail"]
"""What is counted: see `Limiter`."""


class KeptCode(Struct, frozen=True, kw_only=True):
    """A code that was given out. `cause` is what asked for it, empty where that may ask again."""

    name: str
    digest: bytes
    purpose: Purpose
    tenant: str
    kind: PersonKind
    person: str
    expires_at: datetime
    cause: str = ""


class AccountTransaction(Protocol):
    """One open transaction: codes, accounts and mails are kept together, or nothing of them."""

    @property
    def now(self) -> datetime: ...
    async def keep_code(self, code: KeptCode) -> None:
        """Keep a code; those before it, for the same person and purpose, hold no more."""

    async def code(self, name: str, digest: bytes) -> KeptCode | None:
        """A code that still holds. Nobody else gets it until this transaction ends; one that is
        not it leaves no trace, so that no wait tells that its name is known."""

    async def spend(self, name: str) -> None:
        """The code was used, and holds no more."""

    async def caused(self, cause: str) -> bool:
        """Whether something has led to a code already."""

    async def account_of(self, tenant: str, kind: PersonKind, person: str) -> Account | None:
        """The log-in of a person."""

    async def named(self, user: str) -> list[Account]:
        """The log-ins with this user name, at every tenant."""

    async def add_account(self, account: Account, password_hash: str) -> bool:
        """Make a log-in; False where the tenant has one of that user name."""

    async def set_password(self, account: Account, password_hash: str) -> None:
        """Give a log-in another password. Its sessions end."""

    async def keep_ask(self, user: str) -> None:
        """Keep that somebody forgot the password of this user name or address."""

    async def next_ask(self) -> str | None:
        """Take the oldest of these that nobody else is taking; None where there is none."""

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        """Count an attempt as `Limiter` does, where this transaction is kept."""

    def send(self, tenant: str, letter: Letter, actor: Actor, definition: str) -> None:
        """Ask notify for a mail."""


class AccountUnitOfWork(Protocol):
    """Opens a transaction."""

    def open(self) -> AbstractAsyncContextManager[AccountTransaction]: ...


class Limiter(Protocol):
    """Counts attempts, the same for all replicas."""

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        """Count one attempt, where `most` may be made at once; None: it may be made.

        Else how long to wait for the next. As many as are used up come back, one by one, within
        the window.
        """

    async def forget(self, act: Act, subject: str) -> None:
        """Count from nothing again."""


class SecretSource(Protocol):
    """What only chance and slow work can make."""

    def entropy(self) -> bytes:
        """Random bytes for a code."""

    async def password_hash(self, password: str) -> str:
        """What is kept of a password."""
