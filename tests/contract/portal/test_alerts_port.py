"""The contract of the `Alerts` port (D11): each mail is asked for once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random

import pytest
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import Person
from case_events.runtime import Ids, Outbox
from case_events.runtime.postgres import PostgresLog
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryLog
from case_portal.fair_use.alerts import PostgresAlerts
from case_portal.fair_use.service import Alerts
from case_portal.mail.ports import Letter
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.conftest import _migrate
from tests.support.real.servers import Databases
from tests.support.wire import codec
from tests.support.world.alerts import SimulatedAlerts

Play = Callable[[Alerts], Awaitable[None]]
PlayIn = Callable[[Play], list[MessageRequested]]


def _messages(values: list[bytes]) -> list[MessageRequested]:
    found = [codec.decode(value).data for value in values]
    assert all(isinstance(one, MessageRequested) for one in found)
    return [one for one in found if isinstance(one, MessageRequested)]


def _memory(play: Play) -> list[MessageRequested]:
    log = MemoryLog(datetime(2026, 3, 2, tzinfo=UTC))
    outbox = Outbox("portal", log, Ids(Random(1)), 4, codec, lambda: None)
    asyncio.run(_awaited(play(SimulatedAlerts(outbox, SECRET))))
    return _messages(
        [entry.value for partition in log.state.entries.values() for entry in partition]
    )


async def _awaited(play: Awaitable[None]) -> None:
    await play


def _real(url: str) -> PlayIn:
    async def run(play: Play) -> list[MessageRequested]:
        async with AsyncConnectionPool(url, min_size=1, max_size=3, open=False) as pool:
            outbox = Outbox("portal", PostgresLog(pool), Ids(Random(1)), 4, codec, lambda: None)
            await play(PostgresAlerts(outbox, SECRET))
            async with pool.connection() as db:
                found = await db.execute("select value from log")
                return _messages([bytes(row[0]) for row in await found.fetchall()])

    return lambda play: asyncio.run(run(play))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def play_in(request: pytest.FixtureRequest) -> PlayIn:
    """Alerts of either kind."""
    if request.param == "memory":
        return _memory
    known: Databases = request.getfixturevalue("databases")
    return _real(known.fresh(_migrate))


def letter(key: str) -> Letter:
    return Letter(
        key=key, template="fair_use", language="en", to=Person("amy@here.example", "Amy"),
        values={"counted": "3"}, secrets={},
    )  # fmt: skip


def test_a_mail_is_asked_for_once_for_a_tenant_and_key(play_in: PlayIn) -> None:
    """D11, C16: nothing of it is sealed, since nothing of it is secret."""
    sent: list[bool] = []

    async def play(alerts: Alerts) -> None:
        for tenant, key in (("here", "one"), ("here", "one"), ("here", "two"), ("there", "one")):
            sent.append(await alerts.send(tenant, letter(key), f"{tenant}/1"))

    published = play_in(play)
    assert sent == [True, False, True, True]
    assert sorted(one.key for one in published) == ["one", "one", "two"]
    assert {(one.sealed, one.personal.address, one.values["counted"]) for one in published} == {
        ("", "amy@here.example", "3")
    }


def test_of_several_who_ask_at_once_one_is_heard(play_in: PlayIn) -> None:
    """D11: replicas all look."""
    sent: list[bool] = []

    async def play(alerts: Alerts) -> None:
        asked = (alerts.send("here", letter("one"), "here/1") for _ in range(3))
        sent.extend(await asyncio.gather(*asked))

    assert len(play_in(play)) == 1
    assert sorted(sent) == [False, False, True]
