"""Codes, accounts and counted attempts in PostgreSQL, in the transactions of the outbox."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256

import msgspec
from case_events import runtime
from case_events.keyring import Keyring
from case_events.runtime.postgres import (
    Connections,
    PostgresTransaction,
    connection,
    load_statements,
)
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from case_portal.access.accounts import hasher
from case_portal.access.codes import ENTROPY
from case_portal.access.held import AccessTimes, HeldAccess
from case_portal.access.ports import AccountTransaction, Act, Ask, KeptCode
from case_portal.core.audit import Client
from case_portal.core.principal import Account, PersonKind

LONG_SPENT = timedelta(days=30)
"""How long an invalid code is stored, for investigations."""

STATEMENTS = load_statements("case_portal.database", "access")


class SystemSecretSource:
    """`access.ports.SecretSource`: the system's randomness, and argon2 in a thread."""

    def entropy(self) -> bytes:
        """See `access.ports.SecretSource`."""
        return secrets.token_bytes(ENTROPY)

    def device_id(self) -> str:
        """See `access.ports.SecretSource`."""
        return secrets.token_urlsafe(16)

    async def password_hash(self, password: str) -> str:
        """See `access.ports.SecretSource`."""
        return await asyncio.to_thread(hasher.hash, password)


class PostgresLimiter:
    """`access.ports.Limiter`. All attempts become available again within `window`."""

    def __init__(self, pool: Connections, window: timedelta) -> None:
        self._pool, self._window = pool, window

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        """See `access.ports.Limiter`."""
        async with connection(self._pool) as db:
            return await _admit(db, act, subject, self._window / most, self._window)

    async def give_back(self, act: Act, subject: str, most: int) -> None:
        """See `access.ports.Limiter`."""
        values = {"act": act, "subject": _hashed(subject), "each": self._window / most}
        async with connection(self._pool) as db:
            await db.execute(STATEMENTS["give_back_attempt"], values)


class PostgresAccountUnitOfWork:
    """`access.ports.AccountUnitOfWork` over the outbox and the tables of this service."""

    def __init__(
        self,
        outbox: runtime.Outbox[PostgresTransaction],
        pool: Connections,
        secret: Keyring,
        times: AccessTimes,
    ) -> None:
        self._outbox, self._pool, self._secret, self._times = outbox, pool, secret, times

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AccountTransaction]:
        """See `access.ports.AccountUnitOfWork`."""
        async with self._outbox.open() as transaction:
            yield PostgresAccountTransaction(transaction, self._secret, self._times)

    async def tidy(self) -> None:
        """Delete codes, attempts, sessions and API tokens that no longer count."""
        async with connection(self._pool) as db:
            await db.execute(STATEMENTS["delete_old_attempts"])
            await db.execute(STATEMENTS["delete_old_codes"], [LONG_SPENT])
            await db.execute(STATEMENTS["delete_old_sessions"], [self._times.idle])
            await db.execute(STATEMENTS["delete_old_tokens"])


class PostgresAccountTransaction(HeldAccess):
    """`access.ports.AccountTransaction` on the connection of an open transaction."""

    async def keep_code(self, code: KeptCode) -> None:
        """See `access.ports.AccountTransaction`, also for all methods below."""
        values = {name: getattr(code, name) for name in KeptCode.__struct_fields__}
        await self._connection.execute(STATEMENTS["spend_codes"], values)
        await self._connection.execute(STATEMENTS["save_code"], values)

    async def code(self, name: str, digest: bytes) -> KeptCode | None:
        row = await self._row(STATEMENTS["find_code"], name, digest)
        if row is None:
            return None
        purpose, tenant, kind, person, expires_at, cause = row
        return KeptCode(
            name=name, digest=digest, purpose=purpose, tenant=tenant, kind=kind, person=person,
            expires_at=expires_at, cause=cause,
        )  # fmt: skip

    async def spend(self, name: str) -> None:
        await self._connection.execute(STATEMENTS["spend_code"], [name])

    async def caused(self, cause: str) -> bool:
        return await self._row(STATEMENTS["find_code_of_cause"], cause) is not None

    async def account_of(self, tenant: str, kind: PersonKind, person: str) -> Account | None:
        row = await self._row(STATEMENTS["find_account"], tenant, kind, person)
        return _account(row) if row is not None else None

    async def named(self, user: str) -> list[Account]:
        found = await self._connection.execute(STATEMENTS["find_accounts_of_user"], [user])
        return [_account(row) for row in await found.fetchall()]

    async def add_account(self, account: Account, password_hash: str) -> bool:
        a = account
        added = await self._connection.execute(
            STATEMENTS["add_account"], [a.tenant, a.kind, a.person, a.user, password_hash]
        )
        return added.rowcount == 1

    async def set_password(self, account: Account, password_hash: str) -> None:
        values = {"tenant": account.tenant, "user": account.user, "hash": password_hash}
        await self._connection.execute(STATEMENTS["set_password"], values)
        await self.end_access(account)

    async def keep_ask(self, ask: Ask) -> None:
        client = msgspec.json.encode(ask.client).decode()
        await self._connection.execute(STATEMENTS["save_reset_request"], [ask.user, client])

    async def next_ask(self) -> Ask | None:
        row = await self._row(STATEMENTS["take_reset_request"])
        return Ask(row[0], msgspec.convert(row[1], Client)) if row is not None else None

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        window = self._times.window
        return await _admit(self._connection, act, subject, window / most, window)


async def _admit(
    db: AsyncConnection[TupleRow], act: Act, subject: str, each: timedelta,
    window: timedelta,
) -> timedelta | None:  # fmt: skip
    values = {"act": act, "subject": _hashed(subject), "each": each, "window": window}
    admitted = await db.execute(STATEMENTS["admit_attempt"], values)
    if await admitted.fetchone() is not None:
        return None
    row = await (await db.execute(STATEMENTS["time_until_attempt"], values)).fetchone()
    return max(timedelta(0), row[0]) if row is not None else timedelta(0)


def _hashed(subject: str) -> bytes:
    return sha256(subject.encode("utf-8", "replace")).digest()


def _account(row: TupleRow) -> Account:
    tenant, kind, person, user = row
    return Account(tenant=tenant, kind=kind, person=person, user=user)
