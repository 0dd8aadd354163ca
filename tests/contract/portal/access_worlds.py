"""The way in over tables in memory, and over those of a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random, SystemRandom
from typing import Any

from case_events.contracts.messages import MessageRequested
from case_events.runtime import Ids, Outbox
from case_events.runtime.postgres import PostgresLog, migrate
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryLog
from case_portal.access.accounts import PostgresAccounts
from case_portal.access.ports import AccountUnitOfWork, Limiter
from case_portal.access.queries import (
    PostgresAccountUnitOfWork,
    PostgresLimiter,
    SystemSecretSource,
)
from case_portal.core.sessions import Accounts
from msgspec import Struct
from psycopg_pool import AsyncConnectionPool

from tests.support.wire import codec
from tests.support.world.access import (
    Book,
    BookAccounts,
    MemoryAccountUnitOfWork,
    MemoryLimiter,
    QuickSecretSource,
)

WINDOW = timedelta(seconds=10)
PARTITION_NUMBERS = 4


class World(Struct, frozen=True):
    """The ports of one kind, over tables of their own."""

    gate: AccountUnitOfWork
    limiter: Limiter
    accounts: Accounts
    password_hash: Callable[[str], Awaitable[str]]
    published: Callable[[], Awaitable[list[MessageRequested]]]


Play = Callable[[World], Awaitable[None]]
PlayIn = Callable[[Play], None]


def in_memory(play: Play) -> None:
    """Play over tables in memory."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    log, book = MemoryLog(start), Book()

    async def published() -> list[MessageRequested]:
        values = [entry.value for partition in log.state.entries.values() for entry in partition]
        return _messages(values)

    async def work() -> None:
        outbox = Outbox("portal", log, Ids(Random(1)), PARTITION_NUMBERS, codec, lambda: None)
        await play(
            World(
                MemoryAccountUnitOfWork(book, outbox, SECRET, WINDOW),
                MemoryLimiter(book, lambda: start, WINDOW),
                BookAccounts(book),
                QuickSecretSource().password_hash,
                published,
            )
        )

    asyncio.run(work())


def prepare(url: str) -> None:
    """Make the tables of a new database."""
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


def in_postgres(url: str) -> PlayIn:
    """Play over a migrated database."""

    async def work(play: Play) -> None:
        async with AsyncConnectionPool[Any](url, min_size=1, max_size=4, open=False) as pool:

            async def published() -> list[MessageRequested]:
                async with pool.connection() as connection:
                    rows = await (await connection.execute("select value from log")).fetchall()
                return _messages([bytes(row[0]) for row in rows])

            outbox = Outbox(
                "portal",
                PostgresLog(pool),
                Ids(SystemRandom()),
                PARTITION_NUMBERS,
                codec,
                lambda: None,
            )
            await play(
                World(
                    PostgresAccountUnitOfWork(outbox, pool, SECRET, WINDOW),
                    PostgresLimiter(pool, WINDOW),
                    PostgresAccounts(pool, timedelta(hours=1)),
                    SystemSecretSource().password_hash,
                    published,
                )
            )

    return lambda play: asyncio.run(work(play))


def _messages(values: list[bytes]) -> list[MessageRequested]:
    events = [codec.decode(value).data for value in values]
    return [event for event in events if isinstance(event, MessageRequested)]
