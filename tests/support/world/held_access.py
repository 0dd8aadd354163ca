"""The tables of access in memory, and what accounts hold: sessions and API tokens."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zlib import crc32

from case_events import runtime
from case_events.contracts.security import SecurityEvent
from case_events.envelope import Actor
from case_events.keyring import Keyring
from case_events.runtime import Transaction
from case_portal.access.held import AccessTimes
from case_portal.access.ports import (
    Act,
    ApiToken,
    Ask,
    KeptCode,
    KnownAccount,
    Note,
    OpenSession,
    TokenReach,
)
from case_portal.audit.outbox import publish
from case_portal.core.audit import Client
from case_portal.core.principal import Account
from case_portal.core.sessions import Session
from case_portal.mail.outbox import MailOutbox
from msgspec import Struct


class HeldSession(Struct, frozen=True):
    """What the table of sessions has of a session, besides its account."""

    id: UUID
    opened_at: datetime
    used_at: datetime
    expires_at: datetime
    client: Client = Client()


class Book:
    """The tables. A session that is only in `sessions` lasts for ever."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], tuple[Account, str]] = {}
        self.closed: set[tuple[str, str]] = set()
        self.codes: dict[str, KeptCode] = {}
        self.causes: set[str] = set()
        self.asks: list[Ask] = []
        self.notes: list[Note] = []
        self.used: dict[tuple[Act, str], datetime] = {}
        self.sessions: dict[str, Account] = {}
        self.held: dict[str, HeldSession] = {}
        self.tokens: dict[str, tuple[Account, ApiToken]] = {}
        self.made = 0

    def open_account(self, account: Account, password: str) -> None:
        """Make an account with a user name and a password."""
        self.accounts[account.tenant, account.user] = (account, hashed(password))

    def known(self, at: tuple[str, str]) -> KnownAccount | None:
        """An account that is active."""
        found = self.accounts.get(at)
        if found is None or at in self.closed:
            return None
        account, hashed = found
        whose = f"{account.tenant}/{account.kind}/{account.person}/{account.user}"
        return KnownAccount(id=crc32(whose.encode()), account=account, password_hash=hashed)

    def new_secret(self, what: str) -> str:
        """A secret that nobody had before."""
        self.made += 1
        return f"{what}-{self.made}"


class MemoryHeldAccess(MailOutbox):
    """The part of `AccountTransaction` about what accounts hold."""

    def __init__(
        self,
        transaction: runtime.OutboxTransaction[Transaction],
        secret: Keyring,
        book: Book,
        times: AccessTimes,
    ) -> None:
        super().__init__(transaction, secret)
        self.now: datetime = transaction.tx.now
        self._outbox, self._book, self._times = transaction, book, times

    async def known(self, account: Account) -> KnownAccount | None:
        found = self._book.known((account.tenant, account.user))
        return found if found is not None and found.account == account else None

    async def open_session(self, known: KnownAccount, client: Client) -> Session | None:
        if self._book.known((known.account.tenant, known.account.user)) != known:
            return None
        token = self._book.new_secret(f"session-of-{known.account.user}")
        ends, new = self.now + self._times.length, self._outbox.new_id()
        self._book.sessions = self._book.sessions | {token: known.account}
        held = HeldSession(new, self.now, self.now, ends, client)
        self._book.held = self._book.held | {token: held}
        return Session(account=known.account, id=new, expires_at=ends, token=token)

    async def end_session(self, token: str) -> Account | None:
        account = self._book.sessions.get(token)
        self._drop({token})
        return account

    async def sessions_of(self, account: Account) -> list[OpenSession]:
        found = [self._book.held[token] for token in self._of(account) if token in self._book.held]
        return [
            OpenSession(
                id=one.id, opened_at=one.opened_at, used_at=one.used_at,
                expires_at=one.expires_at, address=one.client.address,
                program=one.client.program,
            )
            for one in sorted(found, key=lambda one: one.used_at, reverse=True)
            if self.now < min(one.expires_at, one.used_at + self._times.idle)
        ]  # fmt: skip

    async def end_sessions(
        self, account: Account, *, only: UUID | None = None, but: UUID | None = None
    ) -> int:
        held = self._book.held
        ended = {
            token
            for token in self._of(account)
            if (only is None or (token in held and held[token].id == only))
            and (but is None or token not in held or held[token].id != but)
        }
        self._drop(ended)
        return len(ended)

    async def tokens_of(self, account: Account) -> list[ApiToken]:
        return [
            kept
            for whose, kept in reversed(self._book.tokens.values())
            if whose == account and kept.expires_at > self.now
        ]

    async def issue_token(
        self, account: Account, name: str, reach: TokenReach, holds: timedelta
    ) -> tuple[ApiToken, str]:
        secret = self._book.new_secret(f"token-of-{account.user}")
        token = ApiToken(
            id=self._outbox.new_id(), name=name, reach=reach, created_at=self.now,
            expires_at=self.now + holds,
        )  # fmt: skip
        self._book.tokens = self._book.tokens | {secret: (account, token)}
        return token, secret

    async def revoke_token(self, account: Account, token: UUID) -> ApiToken | None:
        for secret, (whose, kept) in self._book.tokens.items():
            if whose == account and kept.id == token:
                others = self._book.tokens.items()
                self._book.tokens = {one: it for one, it in others if one != secret}
                return kept
        return None

    async def holders(self) -> list[Account]:
        of_tokens = [whose for whose, _ in self._book.tokens.values()]
        return list(dict.fromkeys([*self._book.sessions.values(), *of_tokens]))

    async def end_access(self, account: Account) -> None:
        self._drop(set(self._of(account)))
        kept = self._book.tokens.items()
        self._book.tokens = {token: it for token, it in kept if it[0] != account}

    def record(self, tenant: str, event: SecurityEvent, actor: Actor, client: Client) -> None:
        publish(self._outbox, tenant, event, actor, client)

    async def next_note(self) -> Note | None:
        return self._book.notes.pop(0) if self._book.notes else None

    def _of(self, account: Account) -> list[str]:
        return [token for token, whose in self._book.sessions.items() if whose == account]

    def _drop(self, tokens: set[str]) -> None:
        sessions, held = self._book.sessions.items(), self._book.held.items()
        self._book.sessions = {one: it for one, it in sessions if one not in tokens}
        self._book.held = {one: it for one, it in held if one not in tokens}


def hashed(password: str) -> str:
    """A hash that takes no time."""
    return sha256(password.encode()).hexdigest()
