"""The contract of the port of the security log: of one tenant, latest first, filtered and paged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.security import AccessChanged, DataAccessed, LogInAttempted
from case_events.envelope import Actor, Record
from case_events.kernel import Document
from case_events.runtime.postgres import PostgresLog
from case_events.testing.memory.state import State
from case_portal.projection import react
from case_portal.security.ports import SecurityEvents, SecurityListing
from case_portal.security.queries import PostgresSecurityEvents, forget_old_events
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.access_worlds import prepare
from tests.support.real.servers import Databases
from tests.support.world.security_events import SimulatedSecurityEvents
from tests.unit.portal.portal_sample import NOW, record, reference_data

OF_TENANT = UUID(int=7)
Asked = Callable[[SecurityEvents], Awaitable[Any]]
AskOver = Callable[[Sequence[Record], Asked], Any]
NOBODY = Actor(kind="unknown", id="")


def event(data: Any, minutes: int, tenant: str = "here") -> Record:
    """A record of the security log."""
    at = NOW + timedelta(minutes=minutes)
    return record(data, 0, NOBODY, at, tenant=tenant, case=None)


EVENTS = (
    event(LogInAttempted(person_kind="agent", person="amy"), 1),
    event(LogInAttempted(outcome="refused", reason="wrong_credentials"), 2),
    event(AccessChanged(change="token_issued", person_kind="agent", person="amy", name="x"), 3),
    event(DataAccessed(what="GET /cases", outcome="refused", reason="not_found"), 4),
    event(LogInAttempted(person_kind="agent", person="eve"), 5, "there"),
)


def documents(records: Sequence[Record]) -> list[Document]:
    """The documents of the reaction."""
    return [row for one in records for row in react(None, one, reference_data()).documents]


def _memory(records: Sequence[Record], asked: Asked) -> Any:
    state = State()
    for row in documents(records):
        state.documents[OF_TENANT, row.key] = row.content
    return asyncio.run(_awaited(asked(SimulatedSecurityEvents(state))))


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


def _real(url: str) -> AskOver:
    async def run(records: Sequence[Record], asked: Asked) -> Any:
        async with AsyncConnectionPool[Any](url, min_size=1, open=False) as pool:
            async with PostgresLog(pool).transaction({}) as tx:
                await tx.save_documents({OF_TENANT: documents(records)})
            return await asked(PostgresSecurityEvents(pool))

    return lambda records, asked: asyncio.run(run(records, asked))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def ask(request: pytest.FixtureRequest) -> AskOver:
    """Asks a port of either kind over some records."""
    if request.param == "memory":
        return _memory
    databases: Databases = request.getfixturevalue("databases")
    return _real(databases.fresh(prepare))


def test_the_latest_come_first_and_other_tenants_are_not_there(ask: AskOver) -> None:
    found = ask(EVENTS, lambda port: port.listed("here", SecurityListing()))
    assert [one.at for one in found.events] == [one.occurred_at for one in reversed(EVENTS[:4])]
    assert not found.more
    theirs = ask(EVENTS, lambda port: port.listed("there", SecurityListing()))
    assert [one.person for one in theirs.events] == ["eve"]
    assert ask(EVENTS, lambda port: port.listed("", SecurityListing())).events == []


def test_an_event_is_whole(ask: AskOver) -> None:
    [found] = ask(EVENTS[2:3], lambda port: port.listed("here", SecurityListing())).events
    assert (found.id, found.type, found.change) == (EVENTS[2].id, "access_changed", "token_issued")
    assert (found.person_kind, found.person, found.name) == ("agent", "amy", "x")
    assert (found.who.kind, found.channel, found.tenant) == ("unknown", "portal", "here")


@pytest.mark.parametrize(
    ("listing", "places"),
    [
        (SecurityListing(type="log_in_attempted"), [1, 0]),
        (SecurityListing(outcome="refused"), [3, 1]),
        (SecurityListing(type="log_in_attempted", outcome="done"), [0]),
        (SecurityListing(size=3), [3, 2, 1]),
        (SecurityListing(size=3, page=2), [0]),
    ],
)
def test_events_are_filtered_and_paged(
    ask: AskOver, listing: SecurityListing, places: list[int]
) -> None:
    found = ask(EVENTS, lambda port: port.listed("here", listing))
    assert [one.id for one in found.events] == [EVENTS[place].id for place in places]
    assert found.more == (places == [3, 2, 1])


@pytest.mark.real
def test_old_events_are_forgotten(databases: Databases) -> None:
    """Personal data is kept no longer than the setting says."""
    url = databases.fresh(prepare)

    async def after(kept: timedelta) -> int:
        async with AsyncConnectionPool[Any](url, min_size=1, open=False) as pool:
            async with PostgresLog(pool).transaction({}) as tx:
                await tx.save_documents({OF_TENANT: documents(EVENTS[:4])})
            await forget_old_events(pool, kept)
            found = await PostgresSecurityEvents(pool).listed("here", SecurityListing())
            return len(found.events)

    assert asyncio.run(after(timedelta(days=100_000))) == 4
    assert asyncio.run(after(timedelta(days=1))) == 0
