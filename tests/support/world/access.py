"""Access in memory: the ports of `case_portal.access.ports` and `Accounts`."""

import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from case_definition.lookup.reference import Reference
from case_events import runtime
from case_events.keyring import Keyring
from case_events.runtime import Transaction
from case_portal.access.code_issuer import CodeIssuer
from case_portal.access.codes import ENTROPY
from case_portal.access.held import AccessTimes
from case_portal.access.parts import AccessRateLimits
from case_portal.access.ports import AccountTransaction, Act, Ask, KeptCode, KnownAccount
from case_portal.core.principal import Account, PersonKind
from case_portal.core.sessions import Session
from msgspec.structs import replace

from tests.support.world.held_access import Book, MemoryHeldAccess, hashed

IDLE = timedelta(hours=2)
TIMES = AccessTimes(timedelta(minutes=15), timedelta(hours=12), IDLE)


class QuickSecretSource:
    """Randomness from a seed, and a hash that takes no time."""

    def __init__(self, seed: int = 7) -> None:
        self._random = Random(seed)

    def entropy(self) -> bytes:
        return self._random.randbytes(ENTROPY)

    def device_id(self) -> str:
        return self._random.randbytes(8).hex()

    async def password_hash(self, password: str) -> str:
        return hashed(password)


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

    async def give_back(self, act: Act, subject: str, most: int) -> None:
        if (act, subject) in self._book.used:
            self._book.used[act, subject] -= self._window / most


class MemoryAccountUnitOfWork:
    """Implements `AccountUnitOfWork`. The changes of a transaction that fails are undone."""

    def __init__(
        self, book: Book, outbox: runtime.Outbox[Transaction], secret: Keyring, times: AccessTimes
    ) -> None:
        self.book, self._outbox, self._secret, self._times = book, outbox, secret, times

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AccountTransaction]:
        before = {name: copy.copy(table) for name, table in vars(self.book).items()}
        try:
            async with self._outbox.open() as transaction:
                yield MemoryAccountTransaction(transaction, self.book, self._secret, self._times)
        except BaseException:
            vars(self.book).update(before)
            raise


class MemoryAccountTransaction(MemoryHeldAccess):
    """Implements `AccountTransaction`."""

    def __init__(
        self,
        transaction: runtime.OutboxTransaction[Transaction],
        book: Book,
        secret: Keyring,
        times: AccessTimes,
    ) -> None:
        super().__init__(transaction, secret, book, times)
        self._limiter = MemoryLimiter(book, lambda: self.now, times.window)

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
        await self.end_access(account)

    async def keep_ask(self, ask: Ask) -> None:
        self._book.asks.append(ask)

    async def next_ask(self) -> Ask | None:
        return self._book.asks.pop(0) if self._book.asks else None

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        return await self._limiter.admit(act, subject, most)


class BookAccounts:
    """Implements `Accounts` and `Credentials`."""

    def __init__(
        self, book: Book, now: Callable[[], datetime] | None = None, idle: timedelta = IDLE
    ) -> None:
        self._book, self._now, self._idle = book, now, idle

    async def named(self, user: str, tenant: str | None) -> list[KnownAccount]:
        found = [
            self._book.known((at, name))
            for at, name in sorted(self._book.accounts)
            if name == user and tenant in (None, at)
        ]
        return [one for one in found if one is not None]

    async def fitting(self, known: list[KnownAccount], password: str) -> KnownAccount | None:
        return next((one for one in known if one.password_hash == hashed(password)), None)

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        if token in self._book.tokens:
            account, kept = self._book.tokens[token]
            if self._now and self._now() >= kept.expires_at:
                return None
            return Session(
                account=account, expires_at=kept.expires_at, id=kept.id, reach=kept.reach
            )
        account_of_session = self._book.sessions.get(token)
        if account_of_session is None:
            return None
        held = self._book.held.get(token)
        if held is None:
            return Session(account=account_of_session, expires_at=None)
        now = self._now() if self._now else held.used_at
        if now >= min(held.expires_at, held.used_at + self._idle):
            return None
        if used:
            self._book.held[token] = replace(held, used_at=now)
        return Session(account=account_of_session, expires_at=held.expires_at, id=held.id)


def access_in_memory(
    outbox: runtime.Outbox[Transaction],
    reference: Reference,
    now: Callable[[], datetime],
    secret: Keyring,
    pages: str,
    book: Book,
) -> dict[str, Any]:
    """The members of `AccessParts`, over tables in memory."""
    secret_source = QuickSecretSource()
    return {
        "gate": MemoryAccountUnitOfWork(book, outbox, secret, TIMES),
        "limiter": MemoryLimiter(book, now, TIMES.window),
        "secret_source": secret_source,
        "code_issuer": CodeIssuer(
            secret_source=secret_source, reference=reference, secret=secret, pages=pages
        ),
        "credentials": BookAccounts(book, now),
        "reference": reference,
        "limits": AccessRateLimits(),
        "now": now,
    }
