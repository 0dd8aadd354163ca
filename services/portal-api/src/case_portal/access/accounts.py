"""Accounts, sessions and API tokens in PostgreSQL. Secrets are stored only as hashes."""

import asyncio
import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import psycopg
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, dict_row
from pwdlib import PasswordHash

from case_portal.core.principal import Account
from case_portal.core.sessions import Session

hasher = PasswordHash.recommended()

MOST_TENANTS = 5
"""The number of accounts with one user name that a log-in tries. With a tenant, it tries only the
account of that tenant."""
COUNTED_EVERY = 60.0
"""Seconds between two queries for the largest number of accounts that share a user name."""

STATEMENTS = load_statements("case_portal.database", "accounts")


class PostgresAccounts:
    """`core.sessions.Accounts` over the tables of this service."""

    def __init__(self, pool: Connections, length: timedelta) -> None:
        self._pool, self._length = pool, length
        # Checked in place of accounts that do not exist, so that the response time reveals nothing.
        self._nobody = hasher.hash(secrets.token_urlsafe(16))
        self._checks, self._count_at = 1, 0.0

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        """Open a session if the password fits the user name."""
        if "\0" in user or "\0" in (tenant or ""):
            return None
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            asked = {"user": user.strip(), "tenant": tenant, "most": MOST_TENANTS}
            await cursor.execute(STATEMENTS["find_by_user"], asked)
            rows = await cursor.fetchall()
            checks = await self._most_shared(db)
        row = await asyncio.to_thread(_fitting, rows, password, self._nobody, checks)
        if row is None:
            return None
        token = secrets.token_urlsafe(32)
        async with connection(self._pool) as db:
            await db.execute(STATEMENTS["delete_expired_sessions"])
            values = {"hash": _hash(token), "account": row["id"], "length": self._length}
            opened = await db.execute(STATEMENTS["open_session"], values)
            ends = await opened.fetchone()
        return Session(
            account=_account(row), expires_at=ends[0] if ends is not None else None, token=token
        )

    async def _most_shared(self, db: AsyncConnection[TupleRow]) -> int:
        """The largest number of accounts that share a user name."""
        if time.monotonic() >= self._count_at:
            row = await (await db.execute(STATEMENTS["most_shared"])).fetchone()
            self._checks = row[0] if row is not None else 1
            self._count_at = time.monotonic() + COUNTED_EVERY
        return self._checks

    async def session(self, token: str) -> Session | None:
        """The session of a token; None for an invalid token."""
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(STATEMENTS["find_by_token"], {"hash": _hash(token)})
            row = await cursor.fetchone()
        if row is None:
            return None
        return Session(account=_account(row), expires_at=row["expires_at"])

    async def log_out(self, token: str) -> None:
        """End a session."""
        async with connection(self._pool) as db:
            await db.execute(STATEMENTS["delete_session"], [_hash(token)])


def save_first_agent(database_url: str, account: Account, password: str) -> bool:
    """Make the account of a tenant's first agent; False if an agent of the tenant has an account
    already."""
    with psycopg.connect(database_url) as db:
        db.execute(STATEMENTS["lock_accounts"])
        made = db.execute(STATEMENTS["add_first_agent"], _values(account, password))
        return made.rowcount == 1


def save_account(database_url: str, account: Account, password: str) -> None:
    """Make an account, or give the account of this user name another person or password."""
    with psycopg.connect(database_url) as db:
        db.execute(STATEMENTS["save_account"], _values(account, password))


def save_first_accounts(database_url: str, accounts: Iterable[tuple[Account, str]]) -> bool:
    """Make the first accounts of a platform, with their passwords; False if there is any
    account. Either all of them are made, or none."""
    with psycopg.connect(database_url) as db:
        db.execute(STATEMENTS["lock_accounts"])
        row = db.execute(STATEMENTS["is_any_account"]).fetchone()
        if row is not None and row[0]:
            return False
        for account, password in accounts:
            db.execute(STATEMENTS["save_account"], _values(account, password))
        return True


def save_token(database_url: str, tenant: str, user: str, name: str, holds: timedelta) -> str:
    """A new API token of an account; empty if the account does not exist."""
    token = secrets.token_urlsafe(32)
    asked = {"tenant": tenant, "user": user.strip().lower(), "name": name, "holds": holds}
    with psycopg.connect(database_url) as db:
        made = db.execute(STATEMENTS["issue_token"], asked | {"hash": _hash(token)})
        return token if made.rowcount else ""


def _values(account: Account, password: str) -> dict[str, str]:
    return {
        "tenant": account.tenant,
        "kind": account.kind,
        "person": account.person,
        "user": account.user.strip().lower(),
        "hash": hasher.hash(password),
    }


def _fitting(
    rows: list[dict[str, Any]], password: str, nobody: str, checks: int
) -> dict[str, Any] | None:
    """The account with this password. If there is none, the function has made `checks` password
    checks, whichever user name was given."""
    for row in rows:
        if hasher.verify(password, row["password_hash"]):
            return row
    for _ in range(min(MOST_TENANTS, checks) - len(rows)):
        hasher.verify(password, nobody)
    return None


def _account(row: dict[str, Any]) -> Account:
    return Account(
        tenant=row["tenant"], kind=row["kind"], person=row["person"], user=row["user_name"]
    )


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
