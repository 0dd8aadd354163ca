"""Ways to open a transaction on an empty store of arrivals."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files

from case_events.runtime.postgres import migrate
from case_intake.adapters.memory import MemoryStore
from case_intake.adapters.postgres import PostgresInboundRepository
from case_intake.application.ports import InboundRepository
from psycopg import AsyncConnection

Open = Callable[[], AbstractAsyncContextManager[InboundRepository]]


def in_memory() -> Open:
    """A store in memory."""
    return MemoryStore().transaction


async def prepare(url: str) -> None:
    """Make the tables of a new database."""
    await migrate(url, files("case_intake.adapters") / "migrations")


def in_postgres(url: str) -> Open:
    """A store in a migrated database."""

    @asynccontextmanager
    async def transaction() -> AsyncIterator[InboundRepository]:
        async with await AsyncConnection.connect(url) as connection:
            yield PostgresInboundRepository(connection)

    return transaction
