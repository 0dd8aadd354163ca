"""Accounts, sessions and API tokens in PostgreSQL. Secrets are stored only as hashes."""

import asyncio
import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from case_events.contracts.security import AccessChanged, Change
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, dict_row
from pwdlib import PasswordHash

from case_portal.access.ports import ApiToken, KnownAccount, TokenReach
from case_portal.access.user_names import folded
from case_portal.core.principal import Account
from case_portal.core.sessions import Session

hasher = PasswordHash.recommended()

MOST_TENANTS = 5
"""The number of accounts with one user name that a log-in tries. With a tenant, it tries only the
account of that tenant."""
NOTED_EVERY = timedelta(minutes=1)
"""The use of a session or token is noted no more often than this."""
COUNTED_EVERY = 60.0
"""Seconds between two queries for the largest number of accounts that share a user name."""

STATEMENTS = load_statements("case_portal.database", "accounts")


class PostgresAccounts:
    """`core.sessions.Accounts` and `access.ports.Credentials` over the tables of this service.

    A session ends when nobody used it for the time `idle`.
    """

    def __init__(self, pool: Connections, idle: timedelta) -> None:
        self._pool, self._idle = pool, idle
        # Checked in place of accounts that do not exist, so that the response time reveals nothing.
        self._nobody = hasher.hash(secrets.token_urlsafe(16))
        self._checks, self._count_at = 1, 0.0

    async def named(self, user: str, tenant: str | None) -> list[KnownAccount]:
        """See `access.ports.Credentials`, also for the next method."""
        if "\0" in user or "\0" in (tenant or ""):
            return []
        asked = {"user": user, "tenant": tenant, "most": MOST_TENANTS}
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(STATEMENTS["find_by_user"], asked)
            return [known_account(row) for row in await cursor.fetchall()]

    async def fitting(self, known: list[KnownAccount], password: str) -> KnownAccount | None:
        async with connection(self._pool) as db:
            checks = await self._most_shared(db)
        return await asyncio.to_thread(_fitting, known, password, self._nobody, checks)

    async def _most_shared(self, db: AsyncConnection[TupleRow]) -> int:
        """The largest number of accounts that share a user name."""
        if time.monotonic() >= self._count_at:
            row = await (await db.execute(STATEMENTS["most_shared"])).fetchone()
            self._checks = row[0] if row is not None else 1
            self._count_at = time.monotonic() + COUNTED_EVERY
        return self._checks

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        """See `core.sessions.Accounts`."""
        asked = {"hash": token_hash(token), "idle": self._idle, "each": NOTED_EVERY}
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(STATEMENTS["find_by_token"], asked)
            row = await cursor.fetchone()
            if row is None:
                return None
            if used and row["unnoted"] and row["reach"] == "session":
                await db.execute(STATEMENTS["use_session"], asked)
            elif used and row["unnoted"]:
                await db.execute(STATEMENTS["use_token"], asked)
        return Session(
            account=account_in(row), expires_at=row["expires_at"], id=row["id"], reach=row["reach"]
        )


def save_first_agent(database_url: str, account: Account, password: str) -> bool:
    """Make the account of a tenant's first agent; False if an agent of the tenant has an account
    already."""
    with psycopg.connect(database_url) as db:
        db.execute(STATEMENTS["lock_accounts"])
        made = db.execute(STATEMENTS["add_first_agent"], _values(account, password))
        if made.rowcount == 1:
            _note(db, account, "account_opened")
        return made.rowcount == 1


def save_account(database_url: str, account: Account, password: str) -> None:
    """Make an account, or give the account of this user name another password or person.

    Its sessions and API tokens end. Another person gets a new account, to which nothing of the
    former one belongs.
    """
    with psycopg.connect(database_url) as db:
        values = _values(account, password)
        handed = db.execute(STATEMENTS["delete_of_another"], values).rowcount
        db.execute(STATEMENTS["end_access"], values)
        row = db.execute(STATEMENTS["save_account"], values).fetchone()
        is_new = row is not None and row[0]
        change: Change = "account_opened" if is_new else "password_changed"
        _note(db, account, "account_handed_over" if handed else change)


def close_account(database_url: str, tenant: str, user: str) -> bool:
    """Close an account: nobody logs in with it, and its sessions and API tokens end. False if there
    is no such account."""
    with psycopg.connect(database_url) as db:
        values = {"tenant": tenant, "user": folded(user)}
        db.execute(STATEMENTS["end_access"], values)
        row = db.execute(STATEMENTS["close_account"], values).fetchone()
        if row is not None:
            kind, person = row
            _note(db, Account(tenant=tenant, kind=kind, person=person, user=user), "account_closed")
        return row is not None


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
            _note(db, account, "account_opened")
        return True


def save_token(
    database_url: str, tenant: str, user: str, name: str, reach: TokenReach, holds: timedelta
) -> str:
    """A new API token of an account; empty if the account does not exist."""
    token = secrets.token_urlsafe(32)
    asked = {
        "tenant": tenant,
        "user": folded(user),
        "name": name,
        "reach": reach,
        "holds": holds,
        "hash": token_hash(token),
    }
    with psycopg.connect(database_url) as db:
        made = db.execute(STATEMENTS["issue_token"], asked).fetchone()
        if made is None:
            return ""
        _note(db, _owner(db, asked), "token_issued", name)
        return token


def tokens_of(database_url: str, tenant: str, user: str) -> list[ApiToken]:
    """The valid API tokens of an account, the newest first."""
    with psycopg.connect(database_url, row_factory=dict_row) as db:
        asked = {"tenant": tenant, "user": folded(user)}
        return [api_token(row) for row in db.execute(STATEMENTS["list_tokens"], asked)]


def revoke_token(database_url: str, tenant: str, user: str, token: UUID) -> bool:
    """End an API token; False if the account has no such token."""
    asked = {"tenant": tenant, "user": folded(user), "id": token}
    with psycopg.connect(database_url) as db:
        row = db.execute(STATEMENTS["revoke_token"], asked).fetchone()
        if row is not None:
            _note(db, _owner(db, asked), "token_revoked", row[1])
        return row is not None


def _owner(db: psycopg.Connection[TupleRow], asked: dict[str, Any]) -> Account:
    row = db.execute(STATEMENTS["find_owner"], asked).fetchone()
    assert row is not None, "the account was found in this transaction"
    tenant, kind, person, user = row
    return Account(tenant=tenant, kind=kind, person=person, user=user)


def _note(
    db: psycopg.Connection[TupleRow], account: Account, change: Change, name: str = ""
) -> None:
    """Note what an operator did, in the same transaction. The portal publishes it."""
    event = AccessChanged(change=change, person_kind=account.kind, person=account.person, name=name)
    db.execute(STATEMENTS["note"], [account.tenant, msgspec.json.encode(event).decode()])


def _values(account: Account, password: str) -> dict[str, str]:
    return {
        "tenant": account.tenant,
        "kind": account.kind,
        "person": account.person,
        "user": folded(account.user),
        "hash": hasher.hash(password),
    }


def _fitting(
    known: list[KnownAccount], password: str, nobody: str, checks: int
) -> KnownAccount | None:
    """The account with this password. If there is none, the function has made `checks` password
    checks, whichever user name was given."""
    for one in known:
        if hasher.verify(password, one.password_hash):
            return one
    for _ in range(min(MOST_TENANTS, checks) - len(known)):
        hasher.verify(password, nobody)
    return None


def known_account(row: dict[str, Any]) -> KnownAccount:
    """An account of a row."""
    return KnownAccount(id=row["id"], account=account_in(row), password_hash=row["password_hash"])


def api_token(row: dict[str, Any]) -> ApiToken:
    """An API token of a row."""
    return ApiToken(**{name: row[name] for name in ApiToken.__struct_fields__})


def account_in(row: dict[str, Any]) -> Account:
    """The account of a row."""
    return Account(
        tenant=row["tenant"], kind=row["kind"], person=row["person"], user=row["user_name"]
    )


def token_hash(token: str) -> bytes:
    """The hash under which the secret of a session or API token is stored."""
    return sha256(token.encode("utf-8", "replace")).digest()
