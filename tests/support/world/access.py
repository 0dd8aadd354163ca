"""Access in memory: the ports of `case_portal.access.ports` and `Accounts`."""

import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from case_definition.lookup.reference import Reference
from case_events import runtime
from case_events.keyring import Keyring
from case_events.runtime import Transaction
from case_portal.access.code_issuer import CodeIssuer
from case_portal.access.codes import ENTROPY
from case_portal.access.ports import AccountTransaction, Act, KeptCode
from case_portal.access.service import AccessRateLimits, AccessService
from case_portal.core.principal import Account, PersonKind
from case_portal.core.sessions import Session
from case_portal.mail.outbox import MailOutbox

WINDOW = timedelta(minutes=15)


class Book:
    """The tables."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], tuple[Account, str]] = {}
        self.codes: dict[str, KeptCode] = {}
        self.causes: set[str] = set()
        self.asks: list[str] = []
        self.used: dict[tuple[Act, str], datetime] = {}
        self.sessions: dict[str, Account] = {}

    def open_account(self, account: Account, password: str) -> None:
        """Make an account with a user name and a password."""
        self.accounts[account.tenant, account.user] = (account, _hash(password))


class QuickSecretSource:
    """Randomness from a seed, and a hash that takes no time."""

    def __init__(self, seed: int = 7) -> None:
        self._random = Random(seed)

    def entropy(self) -> bytes:
        return self._random.randbytes(ENTROPY)

    async def password_hash(self, password: str) -> str:
        return _hash(password)


class MemoryLimiter:
    """Implements `Limiter`."""

    def __init__(self, book: Book, now: Callable[[], datetime], window: timedelta) -> None:
        self._book, self._now, self._window = book, now, window

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        now = self._now()
        used_until = max(self._book.used.get((act, subject), now), now) + self._window / most
        wait = used_until - (now + self._window)
        if wait > timedelta(0):
            return wait
        self._book.used[act, subject] = used_until
        return None

    async def forget(self, act: Act, subject: str) -> None:
        self._book.used.pop((act, subject), None)


class MemoryAccountUnitOfWork:
    """Implements `AccountUnitOfWork`. The changes of a transaction that fails are undone."""

    def __init__(
        self, book: Book, outbox: runtime.Outbox[Transaction], secret: Keyring, window: timedelta
    ) -> None:
        self.book, self._outbox, self._secret, self._window = book, outbox, secret, window

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AccountTransaction]:
        before = {name: copy.copy(table) for name, table in vars(self.book).items()}
        try:
            async with self._outbox.open() as transaction:
                yield MemoryAccountTransaction(transaction, self.book, self._secret, self._window)
        except BaseException:
            vars(self.book).update(before)
            raise


class MemoryAccountTransaction(MailOutbox):
    """Implements `AccountTransaction`."""

    def __init__(
        self,
        transaction: runtime.OutboxTransaction[Transaction],
        book: Book,
        secret: Keyring,
        window: timedelta,
    ) -> None:
        super().__init__(transaction, secret)
        self.now: datetime = transaction.tx.now
        self._book = book
        self._limiter = MemoryLimiter(book, lambda: self.now, window)

    async def keep_code(self, code: KeptCode) -> None:
        def same(other: KeptCode) -> bool:
            mine = (code.tenant, code.kind, code.person, code.purpose)
            return (other.tenant, other.kind, other.person, other.purpose) == mine

        kept = {name: one for name, one in self._book.codes.items() if not same(one)}
        self._book.codes = kept | {code.name: code}
        if code.cause:
            self._book.causes |= {code.cause}

    async def code(self, name: str, digest: bytes) -> KeptCode | None:
        kept = self._book.codes.get(name)
        holds = kept is not None and kept.digest == digest and kept.expires_at > self.now
        return kept if holds else None

    async def spend(self, name: str) -> None:
        self._book.codes.pop(name)

    async def caused(self, cause: str) -> bool:
        return cause in self._book.causes

    async def account_of(self, tenant: str, kind: PersonKind, person: str) -> Account | None:
        known = (account for account, _ in self._book.accounts.values())
        mine = (
            one for one in known if (one.tenant, one.kind, one.person) == (tenant, kind, person)
        )
        return next(mine, None)

    async def named(self, user: str) -> list[Account]:
        return [one for (_, name), (one, _) in sorted(self._book.accounts.items()) if name == user]

    async def add_account(self, account: Account, password_hash: str) -> bool:
        key = (account.tenant, account.user)
        if key in self._book.accounts:
            return False
        self._book.accounts[key] = (account, password_hash)
        return True

    async def set_password(self, account: Account, password_hash: str) -> None:
        self._book.accounts[account.tenant, account.user] = (account, password_hash)
        held = self._book.sessions.items()
        self._book.sessions = {token: whose for token, whose in held if whose != account}

    async def keep_ask(self, user: str) -> None:
        self._book.asks.append(user)

    async def next_ask(self) -> str | None:
        return self._book.asks.pop(0) if self._book.asks else None

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        return await self._limiter.admit(act, subject, most)


class BookAccounts:
    """Implements `Accounts`."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        name = user.strip().lower()
        for (at, known), (account, hashed) in self._book.accounts.items():
            if known == name and tenant in (None, at) and hashed == _hash(password):
                token = f"session {len(self._book.sessions)} of {name}"
                self._book.sessions[token] = account
                return Session(account=account, expires_at=None, token=token)
        return None

    async def session(self, token: str) -> Session | None:
        account = self._book.sessions.get(token)
        return Session(account=account, expires_at=None) if account is not None else None

    async def log_out(self, token: str) -> None:
        self._book.sessions.pop(token, None)


def access_in_memory(
    outbox: runtime.Outbox[Transaction],
    reference: Reference,
    now: Callable[[], datetime],
    secret: Keyring,
    pages: str,
    book: Book,
) -> AccessService:
    """The access service over tables in memory."""
    secret_source = QuickSecretSource()
    return AccessService(
        gate=MemoryAccountUnitOfWork(book, outbox, secret, WINDOW),
        limiter=MemoryLimiter(book, now, WINDOW),
        secret_source=secret_source,
        code_issuer=CodeIssuer(
            secret_source=secret_source, reference=reference, secret=secret, pages=pages
        ),
        accounts=BookAccounts(book),
        reference=reference,
        limits=AccessRateLimits(),
    )


def _hash(password: str) -> str:
    return sha256(password.encode()).hexdigest()
