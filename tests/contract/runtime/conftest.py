"""The same contract for the ports in memory and the real ones."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from case_events.runtime.ports import Inbox, Log, Publisher
from case_events.testing import virtual_time
from case_events.testing.memory import MemoryBus, MemoryGroup, MemoryLog, MemoryPublisher

from tests.support.real.servers import Databases, fresh_topics, unique_prefix

PARTITIONS = 2
TOPICS = ("intake", "commands")
Run = Callable[[Coroutine[Any, Any, None]], None]


class LogUnderTest(NamedTuple):
    """How to open an empty log, and how to run a test of it."""

    open: Callable[[], AbstractAsyncContextManager[Log]]
    run: Run


class Broker(NamedTuple):
    """A broker with empty topics (`prefix` before each name) for one group of inboxes."""

    prefix: str
    publisher: Publisher
    inbox: Callable[[], Inbox]


class BrokerUnderTest(NamedTuple):
    """How to reach a broker, and how to run a test of it."""

    open: Callable[[], AbstractAsyncContextManager[Broker]]
    run: Run


KINDS = ["memory", pytest.param("real", marks=pytest.mark.real)]


@pytest.fixture(params=KINDS)
def logs(request: pytest.FixtureRequest) -> LogUnderTest:
    """An empty log of each kind."""
    if request.param == "memory":
        return LogUnderTest(_memory_log, virtual_time.run)
    return LogUnderTest(_real_log(request.getfixturevalue("databases")), asyncio.run)


@pytest.fixture(params=KINDS)
def brokers(request: pytest.FixtureRequest) -> BrokerUnderTest:
    """A broker of each kind."""
    if request.param == "memory":
        return BrokerUnderTest(memory_broker, virtual_time.run)
    return BrokerUnderTest(_real_broker(request.getfixturevalue("kafka_bootstrap")), asyncio.run)


@asynccontextmanager
async def _memory_log() -> AsyncIterator[Log]:
    yield MemoryLog(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@asynccontextmanager
async def memory_broker() -> AsyncIterator[Broker]:
    """A broker in memory."""
    bus = MemoryBus(PARTITIONS)
    yield Broker("", MemoryPublisher(bus), MemoryGroup(bus, TOPICS).inbox)


def _migrate(url: str) -> None:
    from case_events.runtime.postgres import migrate

    asyncio.run(migrate(url))


def _real_log(databases: Databases) -> Callable[[], AbstractAsyncContextManager[Log]]:
    from case_events.runtime.postgres.log import PostgresLog
    from psycopg_pool import AsyncConnectionPool

    url = databases.fresh(_migrate)

    @asynccontextmanager
    async def open_log() -> AsyncIterator[Log]:
        async with AsyncConnectionPool(url, min_size=2, open=False) as pool:
            yield PostgresLog(pool)

    return open_log


def _real_broker(bootstrap: str) -> Callable[[], AbstractAsyncContextManager[Broker]]:
    from case_events.runtime.kafka import KafkaCluster, KafkaInbox, KafkaPublisher

    cluster = KafkaCluster(bootstrap)

    @asynccontextmanager
    async def open_broker() -> AsyncIterator[Broker]:
        prefix = await fresh_topics(bootstrap, TOPICS, PARTITIONS)
        group = unique_prefix()
        topics = [prefix + topic for topic in TOPICS]
        async with KafkaPublisher(cluster, "contract") as publisher:
            yield Broker(prefix, publisher, lambda: KafkaInbox(cluster, group, topics))

    return open_broker
