"""The way in over tables in memory, and over those of a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from random import Random, SystemRandom
from typing import Any

from case_events.contracts.base import Event
from case_events.runtime import Ids, Outbox
from case_events.runtime.postgres import PostgresLog, migrate
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryLog
from case_portal.access.accounts import PostgresAccounts
from case_portal.access.held import AccessTimes
from case_portal.access.ports import AccountUnitOfWork, Credentials, Limiter
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
    BookAccounts,
    MemoryAccountUnitOfWork,
    MemoryLimiter,
    QuickSecretSource,
)
from tests.support.world.held_access import Book

WINDOW = timedelta(seconds=10)
TIMES = AccessTimes(WINDOW, timedelta(hours=12), timedelta(hours=1))
PARTITION_NUMBERS = 4


class World(Struct, frozen=True):
    """The ports of one kind, over tables of their own."""

    gate: AccountUnitOfWork
    limiter: Limiter
    accounts: Accounts
    credentials: Credentials
    password_hash: Callable[[str], Awaitable[str]]
    published: Callable[[], Awaitable[list[Event]]]


Play = Callable[[World], Awaitable[None]]
PlayIn = Callable[[Play], None]


def in_memory(play: Play) -> None:
    """Play over tables in memory."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    log, book = MemoryLog(start), Book()

    async def published() -> list[Event]:
        values = [entry.value for partition in log.state.entries.values() for entry in partition]
        return _events(values)

    async def work() -> None:
        outbox = Outbox("portal", log, Ids(Random(1)), PARTITION_NUMBERS, codec, lambda: None)
        accounts = BookAccounts(book, log._now)
        await play(
            World(
                MemoryAccountUnitOfWork(book, outbox, SECRET, TIMES),
                MemoryLimiter(book, lambda: start, WINDOW),
                accounts,
                accounts,
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

            async def published() -> list[Event]:
                async with pool.connection() as connection:
                    rows = await (await connection.execute("select value from log")).fetchall()
                return _events([bytes(row[0]) for row in rows])

            accounts = PostgresAccounts(pool, TIMES.idle)
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
                    PostgresAccountUnitOfWork(outbox, pool, SECRET, TIMES),
                    PostgresLimiter(pool, WINDOW),
                    accounts,
                    accounts,
                    SystemSecretSource().password_hash,
                    published,
                )
            )

    return lambda play: asyncio.run(work(play))


def _events(values: list[bytes]) -> list[Event]:
    return [codec.decode(value).data for value in values]
