"""Batches of records from one FastStream subscriber.

FastStream delivers single records, or batches that it waits for. Here the first record wakes the
reader, which then drains all fetched records: no wait, and whole batches.
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
    """A subscriber to existing topics. It reads from their beginning, or from where `seek` sends
    it.

    Nothing is acknowledged. FastStream skips a record if its handler raises, so the handler only
    passes the record on; the reader decodes it.
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
        """Wait for the topics, and for the assignment of partitions. Raises `KafkaError` if the
        brokers do not answer, or a topic is still missing after 40 seconds."""
        await self._broker.start()

    async def stop(self) -> None:
        """Stop reading, and leave the group."""
        await stopped(self._broker.stop())

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """The consumer of the subscriber. It exists from `start` on."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("not started")
        return consumer

    async def take(self, wait: float, limit: int) -> list[KafkaRecord]:
        """Return at most `limit` records, in order by partition; [] after `wait` seconds or
        a wake."""
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
        """Make `take` return now."""
        self._stirred.set()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read a partition from `offset` on. It has no effect on a partition that is not
        assigned."""
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
        """Wake the reader, and hold FastStream's loop until the record was taken."""
        self._first = record
        self._taken.clear()
        self._stirred.set()
        await self._taken.wait()


def delivered(record: KafkaRecord) -> Delivery:
    """Return a record as a delivery."""
    return delivery(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        attributes=record.headers,
        value=record.value,
    )


async def stopped(stopping: Awaitable[None]) -> None:
    """Wait until a client has stopped, for ten seconds at most: the brokers may be gone."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await stopping
    except* (TimeoutError, KafkaError) as failed:  # FastStream raises exception groups.
        logger.warning("consumer did not stop in order", why=repr(failed.exceptions))


def _place(record: KafkaRecord) -> TopicPartition:
    return TopicPartition(record.topic, record.partition)


async def _unparsed(record: KafkaRecord) -> StreamMessage[KafkaRecord]:
    """Return the message unchanged. FastStream's own parser fails on a header that is not UTF-8."""
    return StreamMessage(record, body=b"")


async def _undecoded(message: StreamMessage[KafkaRecord]) -> KafkaRecord:
    return message.raw_message
