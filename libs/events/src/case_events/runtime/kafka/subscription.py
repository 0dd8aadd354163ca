"""Records of topics in batches: one FastStream subscriber, drained.

FastStream hands over one record at a time, or batches that it waits for. Here one record wakes
whoever takes, and what lies fetched behind it is drained in one go: no wait, whole batches.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import chain
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, Topic
from faststream.message import StreamMessage

from case_events.envelope import Delivery
from case_events.wire.codec import delivery

logger = structlog.get_logger()
ANSWER_WITHIN = 10.0
KafkaRecord = ConsumerRecord[bytes | None, bytes | None]


class Subscription:
    """A subscriber of topics that are there, from their beginning or where it is sent by `seek`.

    Nothing is acknowledged. What a handler of FastStream raises passes its record by, so this
    one only holds the record until it is taken; bytes are read by whoever takes it.
    """

    def __init__(self, broker: KafkaBroker, topics: Sequence[str], **options: Any) -> None:
        self._broker = broker
        self._subscriber = broker.subscriber(
            *(Topic(topic, declare=False) for topic in topics),
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            parser=_unparsed,
            decoder=_undecoded,
            **options,
        )
        self._subscriber(self._received)
        self._first: KafkaRecord | None = None
        self._stirred, self._taken = asyncio.Event(), asyncio.Event()

    async def start(self) -> None:
        """Wait until the topics are there, and until partitions are assigned. Raises `KafkaError`
        where the brokers do not answer, or a topic is still missing after 40 seconds."""
        await self._broker.start()

    async def stop(self) -> None:
        """Take nothing more, and leave the group."""
        await stopped(self._broker.stop())

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """The consumer under the subscriber; there from `start` on."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("not started")
        return consumer

    async def take(self, wait: float, limit: int) -> list[KafkaRecord]:
        """At most `limit` records, in order by partition; [] after `wait` seconds or when woken."""
        if self._first is None:
            try:
                async with asyncio.timeout(wait):
                    await self._stirred.wait()
            except TimeoutError:
                return []
        self._stirred.clear()
        if self._first is None:
            return []
        behind = await self._drain(limit - 1)
        first, self._first = self._first, None
        self._taken.set()
        return behind if first is None else [first, *behind]

    def wake(self) -> None:
        """Let `take` return now."""
        self._stirred.set()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read a partition on at `offset`; nothing happens where it is not assigned."""
        if partition not in self.consumer.assignment():
            return
        self.consumer.seek(partition, offset)
        if self._first is not None and partition == _place(self._first):
            self._first = None
            self._taken.set()

    async def _drain(self, limit: int) -> list[KafkaRecord]:
        if limit < 1:
            return []
        try:
            fetched = await self.consumer.getmany(timeout_ms=0, max_records=limit)
        except KafkaError as error:
            logger.warning("fetch failed", why=repr(error))
            return []
        return list(chain.from_iterable(fetched.values()))

    async def _received(self, record: KafkaRecord) -> None:
        """Wake whoever takes, and hold FastStream's loop until the record was taken."""
        self._first = record
        self._taken.clear()
        self._stirred.set()
        await self._taken.wait()


def delivered(record: KafkaRecord) -> Delivery:
    """A record as the runtime takes it."""
    return delivery(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        attributes=record.headers,
        value=record.value,
    )


async def stopped(stopping: Awaitable[None]) -> None:
    """Wait until a client has stopped, for ten seconds at most: brokers may be gone."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await stopping
    except* (TimeoutError, KafkaError) as failed:  # FastStream raises groups
        logger.warning("consumer did not stop in order", why=repr(failed.exceptions))


def _place(record: KafkaRecord) -> TopicPartition:
    return TopicPartition(record.topic, record.partition)


async def _unparsed(record: KafkaRecord) -> StreamMessage[KafkaRecord]:
    """As it came: FastStream's own parser fails at a header that is no UTF-8."""
    return StreamMessage(record, body=b"")


async def _undecoded(message: StreamMessage[KafkaRecord]) -> KafkaRecord:
    return message.raw_message
