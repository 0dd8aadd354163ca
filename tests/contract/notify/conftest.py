"""The books of addresses that have to keep the contract."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files

import pytest
from case_events.runtime.postgres import migrate
from case_notify.adapters.memory import MemoryAddressBook
from case_notify.adapters.postgres import PostgresAddressBook
from case_notify.application.ports import AddressBook
from psycopg_pool import AsyncConnectionPool

from tests.support.real.servers import Databases

Open = Callable[[], AbstractAsyncContextManager[AddressBook]]


def _prepare(url: str) -> None:
    asyncio.run(migrate(url, files("case_notify.adapters") / "migrations"))


def _in_memory() -> Open:
    @asynccontextmanager
    async def book() -> AsyncIterator[AddressBook]:
        yield MemoryAddressBook()

    return book


def _in_postgres(url: str) -> Open:
    @asynccontextmanager
    async def book() -> AsyncIterator[AddressBook]:
        async with AsyncConnectionPool(url, open=False, min_size=1) as pool:
            yield PostgresAddressBook(pool)

    return book


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.real)])
def book(request: pytest.FixtureRequest) -> Open:
    """An empty book of addresses."""
    if request.param == "memory":
        return _in_memory()
    made: Databases = request.getfixturevalue("databases")
    return _in_postgres(made.fresh(_prepare))
