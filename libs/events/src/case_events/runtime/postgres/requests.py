"""Connections for requests, with a login that owns nothing and sees the rows of one caller only.

Row-level security applies to this login. Each transaction sets for whom it is; without these
settings no row is visible, and nothing can be published.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow

from case_events.runtime.ports import Epochs, OutboxEntry
from case_events.runtime.postgres.errors import Connections, connection
from case_events.runtime.postgres.statements import load_statements
from case_events.runtime.postgres.transaction import PostgresTransaction, columns, now

ROLE = "casefold_requests"
"""The role to which services grant what their requests need. Nobody logs in as this role; the
logins of requests are its members."""

STATEMENTS = load_statements("case_events.runtime.postgres", "requests")


class RequestPool:
    """Connections with the login of requests. They see no rows before `acting_for`."""

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
            yield RequestTransaction(lent, await now(lent), owns=False)


class RequestTransaction(PostgresTransaction):
    """A transaction of a request. It publishes by the functions of the database, which accept
    records of its own tenant and person only.

    Raises `WriteRejected` for other records.
    """

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        return await self._reserve(STATEMENTS["reserve_sequences"], counts)

    async def _write(self, entries: Sequence[OutboxEntry]) -> None:
        rows = [
            (e.partition, e.sequence, e.topic, e.target_partition, e.key, e.case, e.type,
             msgspec.json.encode(e.headers).decode(), e.value)
            for e in entries
        ]  # fmt: skip
        await self.connection.execute(STATEMENTS["append"], columns(rows))


async def set_rls_context(db: AsyncConnection[Any], settings: Mapping[str, str]) -> None:
    """Set for whom the open transaction is, until it ends."""
    if settings:
        each = sql.SQL(", ").join([sql.SQL(STATEMENTS["setting"])] * len(settings))
        values = [text for name, value in settings.items() for text in (f"casefold.{name}", value)]
        await db.execute(sql.SQL(STATEMENTS["set_context"]).format(settings=each), values)
