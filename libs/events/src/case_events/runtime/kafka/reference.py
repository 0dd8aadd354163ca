"""Reference data, read whole by every replica, outside any group."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from case_events.codec import delivery
from case_events.envelope import Delivery
from case_events.topics import REFERENCE_TOPICS

logger = structlog.get_logger()


class ReferenceFeed:
    """Hands every record of the reference topics to `take`; `ready` once it caught up."""

    def __init__(
        self, bootstrap: str, client: str, take: Callable[[Delivery], Awaitable[None]]
    ) -> None:
        self._bootstrap, self._client, self._take_one = bootstrap, client, take
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Read from the beginning, and on for ever."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            client_id=self._client,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=200,
        )
        await consumer.start()
        try:
            partitions = [
                TopicPartition(topic, number)
                for topic in REFERENCE_TOPICS
                for number in await _partitions(consumer, topic)
            ]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            left = {
                partition: end
                for partition, end in (await consumer.end_offsets(partitions)).items()
                if end > 0
            }
            while True:
                for partition in [p for p, end in left.items()]:
                    if await consumer.position(partition) >= left[partition]:
                        del left[partition]
                if not left:
                    self.ready.set()
                await self._take(consumer)
        finally:
            await consumer.stop()

    async def _take(self, consumer: AIOKafkaConsumer) -> None:
        try:
            batches = await consumer.getmany(timeout_ms=500)
        except KafkaError as error:
            logger.warning("reference data interrupted", why=repr(error))
            await asyncio.sleep(0.5)
            return
        for record in (record for batch in batches.values() for record in batch):
            if record.value is None:
                continue  # compaction's own mark
            await self._take_one(
                delivery(
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    key=record.key,
                    attributes=record.headers,
                    value=record.value,
                )
            )


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    """The partitions of a topic, once it is there."""
    while True:
        await consumer._client.force_metadata_update()
        found = consumer.partitions_for_topic(topic)
        if found:
            return sorted(found)
        await asyncio.sleep(0.5)
