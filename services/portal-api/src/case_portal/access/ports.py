"""The ports of access: codes, accounts, mails, attempts, and secrets."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from case_events.contracts.security import SecurityEvent
from case_events.envelope import Actor
from msgspec import Struct

from case_portal.core.audit import Client
from case_portal.core.principal import Account, PersonKind
from case_portal.core.sessions import Session
from case_portal.mail.ports import Letter

Purpose = Literal["invitation", "confirmation", "choice", "reset"]
Act = Literal["log_in", "redeem", "reset", "mail", "recorded"]
"""The kinds of attempts that are counted: see `Limiter`. `recorded`: entries of the security
log about attempts that were too many."""
TokenReach = Literal["read", "write"]
ONE_LINE = r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,99}$"
"""What the name of an API token may be: 1 to 100 characters on one line."""


class KnownAccount(Struct, frozen=True, kw_only=True):
    """An active account, with the hash of its password. Its id is never that of another person."""

    id: int
    account: Account
    password_hash: str


class OpenSession(Struct, frozen=True, kw_only=True):
    """A session of an account, as its owner sees it."""

    id: UUID
    opened_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    program: str


class ApiToken(Struct, frozen=True, kw_only=True):
    """An API token of an account, as its owner sees it. `used_at` is None before its first use."""

    id: UUID
    name: str
    reach: TokenReach
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Ask(Struct, frozen=True):
    """A request for another password for a user name or an address, and from where it came."""

    user: str
    client: Client = Client()


class Note(Struct, frozen=True, kw_only=True):
    """Something that a command of an operator did, to be published as an event."""

    tenant: str
    event: SecurityEvent


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

    async def known(self, account: Account) -> KnownAccount | None:
        """An active account with its hash, locked until the transaction ends."""

    async def named(self, user: str) -> list[Account]:
        """The accounts with this user name, at every tenant."""

    async def add_account(self, account: Account, password_hash: str) -> bool:
        """Make an account; False if the tenant has an account with that user name."""

    async def set_password(self, account: Account, password_hash: str) -> None:
        """Give an account another password. Its sessions and API tokens end."""

    async def open_session(self, known: KnownAccount, client: Client) -> Session | None:
        """A new session; None if the password or the person of the account has changed since the
        account was read."""

    async def end_session(self, token: str) -> Account | None:
        """End the session of a token. Returns its account; None if there was no session."""

    async def sessions_of(self, account: Account) -> list[OpenSession]:
        """The sessions of an account that are valid, the last used first."""

    async def end_sessions(
        self, account: Account, *, only: UUID | None = None, but: UUID | None = None
    ) -> int:
        """End the sessions of an account: `only` one of them, or all `but` one. Returns their
        number."""

    async def tokens_of(self, account: Account) -> list[ApiToken]:
        """The API tokens of an account that are valid, the newest first."""

    async def issue_token(
        self, account: Account, name: str, reach: TokenReach, holds: timedelta
    ) -> tuple[ApiToken, str]:
        """Make an API token. Returns it with its secret, which is stored as a hash only."""

    async def revoke_token(self, account: Account, token: UUID) -> ApiToken | None:
        """End an API token. Returns it; None if the account has no such token."""

    async def holders(self) -> list[Account]:
        """The accounts with a session or an API token."""

    async def end_access(self, account: Account) -> None:
        """End all sessions and API tokens of an account."""

    def record(self, tenant: str, event: SecurityEvent, actor: Actor, client: Client) -> None:
        """Publish an event of the security log."""

    async def next_note(self) -> Note | None:
        """Take what a command of an operator did; None if nothing waits."""

    async def keep_ask(self, ask: Ask) -> None:
        """Store a request for another password."""

    async def next_ask(self) -> Ask | None:
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

    async def give_back(self, act: Act, subject: str, most: int) -> None:
        """Take back one attempt of this subject, because it succeeded. It clears nothing else."""


class Credentials(Protocol):
    """User names and passwords."""

    async def named(self, user: str, tenant: str | None) -> list[KnownAccount]:
        """The active accounts with this folded user name; of one tenant if it is given."""

    async def fitting(self, known: list[KnownAccount], password: str) -> KnownAccount | None:
        """The account with this password. The time of a refusal reveals nothing of `known`."""


class SecretSource(Protocol):
    """A source of randomness and of slow hashes."""

    def entropy(self) -> bytes:
        """Random bytes for a code."""

    def device_id(self) -> str:
        """A new name for a browser."""

    async def password_hash(self, password: str) -> str:
        """The hash to store for a password."""
