"""Connections for requests, under a role that owns nothing and sees the rows of one caller only.

Row-level security applies to this role. Each transaction sets for whom it is; without these
settings no row is visible.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, errors, sql
from psycopg.rows import TupleRow

from case_events.runtime.ports import Epochs
from case_events.runtime.postgres.errors import Connections, connection
from case_events.runtime.postgres.statements import load_statements
from case_events.runtime.postgres.transaction import PostgresTransaction, now

ROLE = "casefold_requests"

STATEMENTS = load_statements("case_events.runtime.postgres", "requests")


class RequestPool:
    """Connections in the role of requests. They see no rows before `acting_for`."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def acting_for(self, settings: Mapping[str, str]) -> "RequestConnections":
        """Return connections that see the rows which the policies of the database allow for these
        settings (`casefold.<name>`, such as `tenant`)."""
        return RequestConnections(self._pool, settings)


class RequestConnections:
    """Lends connections for requests, and opens transactions on them, each with these settings."""

    def __init__(self, pool: Connections, settings: Mapping[str, str]) -> None:
        self._pool, self._settings = pool, settings

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[TupleRow]]:
        """Borrow a connection whose transaction has these settings."""
        async with connection(self._pool) as borrowed:
            await set_rls_context(borrowed, self._settings)
            yield borrowed

    @asynccontextmanager
    async def transaction(self, epochs: Epochs) -> AsyncIterator[PostgresTransaction]:
        """See `ports.Transactions`. A request depends on no epochs."""
        assert not epochs
        async with self.connection() as lent:
            yield PostgresTransaction(lent, await now(lent), owns=False)


async def set_rls_context(db: AsyncConnection[Any], settings: Mapping[str, str]) -> None:
    """Set for whom the open transaction is, until it ends."""
    if settings:
        each = sql.SQL(", ").join([sql.SQL(STATEMENTS["setting"])] * len(settings))
        values = [text for name, value in settings.items() for text in (f"casefold.{name}", value)]
        await db.execute(sql.SQL(STATEMENTS["set_context"]).format(settings=each), values)


async def make_role(db: AsyncConnection[Any]) -> None:
    """Create the role of requests if the server lacks it, and grant it to the present user.

    Raises `psycopg.errors.InsufficientPrivilege` if an administrator has to do that.
    """
    role = sql.Identifier(ROLE)
    if await (await db.execute(STATEMENTS["find_role"], [ROLE])).fetchone() is None:
        try:
            async with db.transaction():
                await db.execute(sql.SQL(STATEMENTS["create_role"]).format(role=role))
        except (errors.DuplicateObject, errors.UniqueViolation):
            pass  # another service made it at this moment
        except errors.InsufficientPrivilege as error:
            raise errors.InsufficientPrivilege(_to_do(db)) from error
    member = await (await db.execute(STATEMENTS["may_set_role"], [ROLE])).fetchone()
    if member is None or not member[0]:
        try:
            await db.execute(sql.SQL(STATEMENTS["grant_role"]).format(role=role))
        except errors.InsufficientPrivilege as error:
            raise errors.InsufficientPrivilege(_to_do(db)) from error


def _to_do(db: AsyncConnection[Any]) -> str:
    user = db.info.user
    return (
        f"the role {ROLE} is needed, and {user} may not make it: let an administrator run"
        f" CREATE ROLE {ROLE} NOLOGIN NOBYPASSRLS; GRANT {ROLE} TO {user};"
    )
