"""What FastStream and Kafka may do to an inbox, and what the loop sees of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from case_events.envelope import Delivery
from case_events.runtime.kafka import KafkaCluster, KafkaInbox, ReferenceFeed
from case_events.runtime.kafka.subscription import KafkaRecord, Subscription
from casefold.topics import TopicSettings, apply_topics

from tests.contract.runtime.test_inbox_and_publisher import Listener, taken
from tests.support.real.servers import fresh_topics, unique_prefix

pytestmark = pytest.mark.real


async def nothing(_: Delivery) -> None:
    """For feeds whose records do not matter."""


@asynccontextmanager
async def started(bootstrap: str) -> AsyncIterator[tuple[KafkaInbox, str]]:
    """An inbox of one empty topic, with its partitions."""
    topic = await fresh_topics(bootstrap, ["intake"], 1) + "intake"
    inbox = KafkaInbox(KafkaCluster(bootstrap), unique_prefix(), [topic])
    await inbox.start(Listener(inbox, [topic]))
    try:
        yield inbox, topic
    finally:
        await inbox.stop()


async def publish(bootstrap: str, topic: str, count: int, **also: Any) -> None:
    """Put so many records in the first partition."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for number in range(count):
            await producer.send_and_wait(topic, b"%d" % number, partition=0, **also)


def test_what_a_handler_raises_at_is_passed_by_and_comes_again_after_a_seek(
    kafka_bootstrap: str,
) -> None:
    """The trap that the runtime lives with: the position is the log's, and it seeks back."""

    received, failures = Subscription._received, [ValueError("a planted fault")]

    async def failing(self: Subscription, record: KafkaRecord) -> None:
        if failures:
            raise failures.pop()
        await received(self, record)

    async def main() -> None:
        with patch.object(Subscription, "_received", failing):
            async with started(kafka_bootstrap) as (inbox, topic):
                await publish(kafka_bootstrap, topic, 3)
                assert [d.offset for d in await taken(inbox, 2)] == [1, 2]
                inbox.seek(topic, 0, 0)
                assert [d.offset for d in await taken(inbox, 3)] == [0, 1, 2]

    asyncio.run(main())


def test_a_header_that_is_no_text_hinders_nothing(kafka_bootstrap: str) -> None:
    async def main() -> None:
        async with started(kafka_bootstrap) as (inbox, topic):
            await publish(
                kafka_bootstrap, topic, 2, headers=[("ce_type", b"\xff\xfe")], key=b"\xff"
            )
            found = await taken(inbox, 2)
            assert [d.offset for d in found] == [0, 1]
            assert found[0].headers["ce_type"] == "��"

    asyncio.run(main())


def test_what_cannot_be_drained_now_is_taken_later(kafka_bootstrap: str) -> None:
    """A broker that is gone while records are drained: the first is at hand, and is taken."""

    drain, failures = AIOKafkaConsumer.getmany, [KafkaError("a planted fault")]

    async def failing(self: AIOKafkaConsumer, **asked: Any) -> Any:
        if failures:
            raise failures.pop()
        return await drain(self, **asked)

    async def main() -> None:
        async with started(kafka_bootstrap) as (inbox, topic):
            with patch.object(AIOKafkaConsumer, "getmany", failing):
                await publish(kafka_bootstrap, topic, 5)
                assert [d.offset for d in await taken(inbox, 1)] == [0]
                assert [d.offset for d in await taken(inbox, 4)] == [1, 2, 3, 4]

    asyncio.run(main())


def test_a_consumer_that_fails_to_stop_hinders_nobody(kafka_bootstrap: str) -> None:
    stop = AIOKafkaConsumer.stop

    async def failing(self: AIOKafkaConsumer) -> None:
        await stop(self)  # type: ignore[no-untyped-call]
        raise KafkaError("a planted fault")

    async def main() -> None:
        async with started(kafka_bootstrap) as (inbox, _):
            with patch.object(AIOKafkaConsumer, "stop", failing):
                await inbox.stop()

    asyncio.run(main())


def test_a_topic_that_is_missing_is_waited_for(kafka_bootstrap: str) -> None:
    """By an inbox and by a feed of reference data; nobody makes it with one partition."""
    topic = unique_prefix() + "late"

    async def main() -> None:
        cluster = KafkaCluster(kafka_bootstrap)
        inbox = KafkaInbox(cluster, unique_prefix(), [topic])
        feed = ReferenceFeed(cluster, "late", nothing, [topic])
        listener = Listener(inbox, [topic])
        starting = asyncio.create_task(inbox.start(listener))
        reading = asyncio.create_task(feed.run())
        try:
            done, _ = await asyncio.wait({starting, reading}, timeout=1)
            assert not done
            assert not feed.ready.is_set()
            await apply_topics(
                kafka_bootstrap, [TopicSettings(topic, 3, 1, {"min.insync.replicas": "1"})]
            )
            await starting
            await listener.until({0, 1, 2})
            await asyncio.wait_for(feed.ready.wait(), 30)
        finally:
            reading.cancel()
            await asyncio.wait({reading})
            await inbox.stop()

    asyncio.run(main())
