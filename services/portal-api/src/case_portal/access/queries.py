"""Codes, accounts and counted attempts in PostgreSQL, in the transactions of the outbox."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from case_events import runtime
from case_events.runtime.postgres import Connections, PostgresTransaction, connection
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from case_portal.access.accounts import hasher
from case_portal.access.codes import ENTROPY
from case_portal.access.ports import AccountTransaction, Act, KeptCode
from case_portal.core.principal import Account, PersonKind
from case_portal.mail.outbox import MailOutbox

LONG_SPENT = timedelta(days=30)
"""How long an invalid code is stored, for investigations."""

_VOID = """
    update codes set spent_at = now()
    where tenant = %(tenant)s and kind = %(kind)s and person = %(person)s
    and purpose = %(purpose)s and spent_at is null
"""
_KEEP = """
    insert into codes (name, digest, purpose, tenant, kind, person, cause, expires_at)
    values (%(name)s, %(digest)s, %(purpose)s, %(tenant)s, %(kind)s, %(person)s, %(cause)s,
            %(expires_at)s)
"""
_CODE = """
    select purpose, tenant, kind, person, expires_at, cause from codes
    where name = %s and digest = %s and spent_at is null and expires_at > now() for update
"""
_ACCOUNT = """
    select tenant, kind, person, user_name from accounts
    where tenant = %s and kind = %s and person = %s order by id limit 1
"""
_NAMED = """
    select tenant, kind, person, user_name from accounts
    where user_name = %s and active order by tenant limit 20
"""
_ADD = """
    insert into accounts (tenant, kind, person, user_name, password_hash)
    values (%s, %s, %s, %s, %s) on conflict (tenant, user_name) do nothing
"""
_SET = """
    update accounts set password_hash = %s where tenant = %s and user_name = %s returning id
"""
_NEXT_ASK = """
    delete from reset_asks where id = (
        select id from reset_asks order by id limit 1 for update skip locked
    ) returning user_name
"""
_ADMIT = """
    insert into attempts as a (act, subject, used_until)
    values (%(act)s, %(subject)s, now() + %(each)s)
    on conflict (act, subject) do update
    set used_until = greatest(a.used_until, now()) + %(each)s
    where greatest(a.used_until, now()) + %(each)s <= now() + %(window)s
    returning true
"""
_WAIT = """
    select used_until + %(each)s - %(window)s - now() from attempts
    where act = %(act)s and subject = %(subject)s
"""


class SystemSecretSource:
    """`access.ports.SecretSource`: the system's randomness, and argon2 in a thread."""

    def entropy(self) -> bytes:
        """See `access.ports.SecretSource`."""
        return secrets.token_bytes(ENTROPY)

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

    async def forget(self, act: Act, subject: str) -> None:
        """See `access.ports.Limiter`."""
        async with connection(self._pool) as db:
            await db.execute(
                "delete from attempts where act = %s and subject = %s", [act, _hashed(subject)]
            )


class PostgresAccountUnitOfWork:
    """`access.ports.AccountUnitOfWork` over the outbox and the tables of this service."""

    def __init__(
        self,
        door: runtime.Outbox[PostgresTransaction],
        pool: Connections,
        secret: bytes,
        window: timedelta,
    ) -> None:
        self._door, self._pool, self._secret, self._window = door, pool, secret, window

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AccountTransaction]:
        """See `access.ports.AccountUnitOfWork`."""
        async with self._door.open() as admission:
            yield PostgresAccountTransaction(admission, self._secret, self._window)

    async def tidy(self) -> None:
        """Delete codes and attempts that no longer count."""
        async with connection(self._pool) as db:
            await db.execute("delete from attempts where used_until < now()")
            await db.execute("delete from codes where expires_at < now() - %s", [LONG_SPENT])


class PostgresAccountTransaction(MailOutbox):
    """`access.ports.AccountTransaction` on the connection of an open transaction."""

    def __init__(
        self,
        admission: runtime.OutboxTransaction[PostgresTransaction],
        secret: bytes,
        window: timedelta,
    ) -> None:
        super().__init__(admission, secret)
        self.now: datetime = admission.tx.now
        self._connection = admission.tx.connection
        self._window = window

    async def keep_code(self, code: KeptCode) -> None:
        """See `access.ports.AccountTransaction`, also for all methods below."""
        values = {name: getattr(code, name) for name in KeptCode.__struct_fields__}
        await self._connection.execute(_VOID, values)
        await self._connection.execute(_KEEP, values)

    async def code(self, name: str, digest: bytes) -> KeptCode | None:
        row = await self._row(_CODE, name, digest)
        if row is None:
            return None
        purpose, tenant, kind, person, expires_at, cause = row
        return KeptCode(
            name=name, digest=digest, purpose=purpose, tenant=tenant, kind=kind, person=person,
            expires_at=expires_at, cause=cause,
        )  # fmt: skip

    async def spend(self, name: str) -> None:
        await self._connection.execute("update codes set spent_at = now() where name = %s", [name])

    async def caused(self, cause: str) -> bool:
        return await self._row("select from codes where cause = %s", cause) is not None

    async def account_of(self, tenant: str, kind: PersonKind, person: str) -> Account | None:
        row = await self._row(_ACCOUNT, tenant, kind, person)
        return _account(row) if row is not None else None

    async def named(self, user: str) -> list[Account]:
        found = await self._connection.execute(_NAMED, [user])
        return [_account(row) for row in await found.fetchall()]

    async def add_account(self, account: Account, password_hash: str) -> bool:
        a = account
        added = await self._connection.execute(
            _ADD, [a.tenant, a.kind, a.person, a.user, password_hash]
        )
        return added.rowcount == 1

    async def set_password(self, account: Account, password_hash: str) -> None:
        row = await self._row(_SET, password_hash, account.tenant, account.user)
        assert row is not None, "the account was found in this transaction"
        await self._connection.execute("delete from sessions where account = %s", [row[0]])

    async def keep_ask(self, user: str) -> None:
        await self._connection.execute("insert into reset_asks (user_name) values (%s)", [user])

    async def next_ask(self) -> str | None:
        row = await self._row(_NEXT_ASK)
        return str(row[0]) if row is not None else None

    async def admit(self, act: Act, subject: str, most: int) -> timedelta | None:
        each = self._window / most
        return await _admit(self._connection, act, subject, each, self._window)

    async def _row(self, statement: str, *values: Any) -> TupleRow | None:
        return await (await self._connection.execute(statement.encode(), values)).fetchone()


async def _admit(
    db: AsyncConnection[TupleRow], act: Act, subject: str, each: timedelta,
    window: timedelta,
) -> timedelta | None:  # fmt: skip
    values = {"act": act, "subject": _hashed(subject), "each": each, "window": window}
    admitted = await db.execute(_ADMIT, values)
    if await admitted.fetchone() is not None:
        return None
    row = await (await db.execute(_WAIT, values)).fetchone()
    return max(timedelta(0), row[0]) if row is not None else timedelta(0)


def _hashed(subject: str) -> bytes:
    return sha256(subject.encode("utf-8", "replace")).digest()


def _account(row: TupleRow) -> Account:
    tenant, kind, person, user = row
    return Account(tenant=tenant, kind=kind, person=person, user=user)
