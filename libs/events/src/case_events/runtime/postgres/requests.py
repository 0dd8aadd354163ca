"""Connections that serve requests: under a role that owns nothing, for whoever asks alone.

Row-level security holds for this role. Each transaction says for whom it is; what it does not
say is empty, and then no row is visible.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, errors
from psycopg import sql as sql_text

from case_events.runtime.ports import Epochs
from case_events.runtime.postgres.errors import Pool, connection
from case_events.runtime.postgres.transaction import PostgresTransaction, now

ROLE = "casefold_requests"

_KNOWN = "SELECT FROM pg_roles WHERE rolname = %s"
_MEMBER = "SELECT pg_has_role(current_user, %s, 'SET')"


class RequestConnections:
    """Lends connections of a pool that has taken up the role of requests.

    `settings` says for whom each transaction is, as `casefold.<name>`; without any, row-level
    security shows it nothing.
    """

    def __init__(self, pool: Pool, settings: Mapping[str, str] | None = None) -> None:
        self._pool, self._settings = pool, settings or {}

    def of(self, settings: Mapping[str, str]) -> "RequestConnections":
        """The same connections, for one who asks."""
        return RequestConnections(self._pool, settings)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection whose transaction is for whoever these connections are of."""
        async with self._pool.connection() as borrowed:
            await set_rls_context(borrowed, self._settings)
            yield borrowed

    @asynccontextmanager
    async def transaction(self, epochs: Epochs) -> AsyncIterator[PostgresTransaction]:
        """See `ports.Transactions`; a request rests on no epochs."""
        assert not epochs
        async with connection(self) as lent:
            yield PostgresTransaction(lent, await now(lent), owns=False)


async def set_rls_context(db: AsyncConnection[Any], settings: Mapping[str, str]) -> None:
    """Say for whom the open transaction is; it is forgotten when the transaction ends."""
    if settings:
        calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        values = [text for name, value in settings.items() for text in (f"casefold.{name}", value)]
        await db.execute(f"SELECT {calls}".encode(), values)


async def make_role(db: AsyncConnection[Any]) -> None:
    """Make the role of requests where the server has none, and let this user take it up.

    Raises `psycopg.errors.InsufficientPrivilege` where an administrator has to do it before.
    """
    role = sql_text.Identifier(ROLE)
    if await (await db.execute(_KNOWN, [ROLE])).fetchone() is None:
        try:
            async with db.transaction():
                await db.execute(sql_text.SQL("CREATE ROLE {} NOLOGIN NOBYPASSRLS").format(role))
        except (errors.DuplicateObject, errors.UniqueViolation):
            pass  # another service made it at this moment
        except errors.InsufficientPrivilege as error:
            raise errors.InsufficientPrivilege(_to_do(db)) from error
    member = await (await db.execute(_MEMBER, [ROLE])).fetchone()
    if member is None or not member[0]:
        try:
            await db.execute(sql_text.SQL("GRANT {} TO CURRENT_USER").format(role))
        except errors.InsufficientPrivilege as error:
            raise errors.InsufficientPrivilege(_to_do(db)) from error


def _to_do(db: AsyncConnection[Any]) -> str:
    user = db.info.user
    return (
        f"the role {ROLE} is needed, and {user} may not make it: let an administrator run"
        f" CREATE ROLE {ROLE} NOLOGIN NOBYPASSRLS; GRANT {ROLE} TO {user};"
    )
