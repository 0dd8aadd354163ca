"""Reports over the readings of a test: in memory, and in a real PostgreSQL."""

import asyncio
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_events.runtime.postgres import migrate
from case_events.testing.memory.state import State
from case_portal.reports.projection import CycleReading
from case_portal.reports.queries import PostgresReports
from case_portal.reports.service import Attained, Breach, Question
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.access_worlds import PlayIn, in_memory, in_postgres, prepare
from tests.contract.portal.shelves import Shelf, memory_shelf, real_shelf
from tests.support.real.servers import Databases
from tests.support.world.reports import SimulatedReports

Kept = Sequence[tuple[UUID, CycleReading]]


class ReportsUnderTest:
    """What a port of either kind answers about some readings, kept in their order."""

    def __init__(
        self,
        attainment: Callable[[Kept, Question], list[Attained]],
        breaches: Callable[[Kept, Question, int], list[Breach]],
    ) -> None:
        self.attainment, self.breaches = attainment, breaches


def key_of(place: int, reading: CycleReading) -> str:
    """The key of a row, as the reaction makes it."""
    return f"reading:{reading.target}:{reading.cycle:06}:{place:08}"


def _memory() -> ReportsUnderTest:
    def over(kept: Kept) -> SimulatedReports:
        state = State()
        for place, (case, reading) in enumerate(kept, 1):
            state.documents[case, key_of(place, reading)] = msgspec.json.encode(reading)
        return SimulatedReports(state)

    return ReportsUnderTest(
        lambda kept, question: asyncio.run(over(kept).attainment(question)),
        lambda kept, question, limit: asyncio.run(over(kept).breaches(question, limit)),
    )


def _real(url: str) -> ReportsUnderTest:
    async def ask(kept: Kept, work: Callable[[PostgresReports], Any]) -> Any:
        async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as pool:
            async with pool.connection() as db, db.cursor() as cursor:
                await cursor.executemany(
                    "insert into documents (case_id, key, document) values (%s, %s, %s::jsonb)",
                    [
                        (case, key_of(place, reading), msgspec.json.encode(reading).decode())
                        for place, (case, reading) in enumerate(kept, 1)
                    ],
                )
            return await work(PostgresReports(pool))

    return ReportsUnderTest(
        lambda kept, question: asyncio.run(ask(kept, lambda r: r.attainment(question))),
        lambda kept, question, limit: asyncio.run(ask(kept, lambda r: r.breaches(question, limit))),
    )


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def reports(request: pytest.FixtureRequest) -> ReportsUnderTest:
    """Reports of each kind; the readings of a test are all there is."""
    if request.param == "memory":
        return _memory()
    known: Databases = request.getfixturevalue("databases")
    return _real(known.fresh(_migrate))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Articles of each kind; those of a test are all there is."""
    if request.param == "memory":
        return memory_shelf()
    known: Databases = request.getfixturevalue("databases")
    return real_shelf(known.fresh(_migrate))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def play(request: pytest.FixtureRequest) -> PlayIn:
    """Plays with the ports of getting in, of each kind, over empty tables."""
    if request.param == "memory":
        return in_memory
    known: Databases = request.getfixturevalue("databases")
    return in_postgres(known.fresh(prepare))
