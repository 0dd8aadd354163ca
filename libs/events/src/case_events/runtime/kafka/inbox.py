"""The topics a service reads, through one consumer of its group.

All topics have one partition count, so the range assignor gives partition *p* of each to the
same replica. The position is the log's; what is committed to Kafka is a mirror.
"""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError

from case_events.codec import delivery
from case_events.envelope import Delivery
from case_events.runtime.ports import Assignment, Interrupted

logger = structlog.get_logger()
MIRROR_EVERY = 1.0
ANSWER_WITHIN = 10.0


class KafkaInbox:
    """Implements the `Inbox` port on aiokafka."""

    def __init__(
        self, bootstrap: str, group: str, topics: Sequence[str], session_timeout: float = 10.0
    ) -> None:
        self._topics = list(topics)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=group,
            client_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=int(session_timeout * 1000),
            heartbeat_interval_ms=int(session_timeout * 1000 / 4),
            max_poll_interval_ms=120_000,
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        # Of its own: behind a fetch that waits for records, a question waits as long.
        self._asker = AIOKafkaConsumer(bootstrap_servers=bootstrap, client_id=group)
        self._woken = asyncio.Event()
        self._mirrored: dict[tuple[str, int], int] = {}
        self._mirrored_at = 0.0

    async def start(self, listener: Assignment) -> None:
        await self._asker.start()
        await self._consumer.start()
        self._consumer.subscribe(self._topics, listener=_Listener(listener))

    async def stop(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._consumer.stop()
                await self._asker.stop()
        except (TimeoutError, KafkaError) as error:
            logger.warning("consumer did not stop in order", why=repr(error))

    async def take(self, wait: float, limit: int) -> list[Delivery]:
        fetch = asyncio.ensure_future(
            self._consumer.getmany(timeout_ms=int(wait * 1000), max_records=limit)
        )
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait({fetch, woken}, return_when=asyncio.FIRST_COMPLETED)
            self._woken.clear()
            if not fetch.done():
                return []
            records = fetch.result()
        except KafkaError as error:
            logger.warning("fetch failed", why=repr(error))
            await asyncio.sleep(0.2)
            return []
        finally:
            woken.cancel()
            if not fetch.done():
                fetch.cancel()
        return [
            delivery(
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                key=record.key,
                attributes=record.headers,
                value=record.value,
            )
            for batch in records.values()
            for record in batch
        ]

    def wake(self) -> None:
        self._woken.set()

    def seek(self, topic: str, lane: int, offset: int) -> None:
        partition = TopicPartition(topic, lane)
        if partition in self._consumer.assignment():
            self._consumer.seek(partition, offset)

    async def first_offset(self, topic: str, lane: int) -> int:
        partition = TopicPartition(topic, lane)
        return int((await self._ask(self._asker.beginning_offsets([partition])))[partition])

    async def end_offsets(self, lane: int) -> dict[str, int]:
        partitions = [TopicPartition(topic, lane) for topic in self._topics]
        ends = await self._ask(self._asker.end_offsets(partitions))
        return {partition.topic: int(end) for partition, end in ends.items()}

    async def mirror(self, offsets: Mapping[tuple[str, int], int]) -> None:
        if time.monotonic() - self._mirrored_at < MIRROR_EVERY:
            return
        assignment = self._consumer.assignment()
        moved = {
            TopicPartition(*place): offset
            for place, offset in offsets.items()
            if self._mirrored.get(place) != offset and TopicPartition(*place) in assignment
        }
        self._mirrored_at = time.monotonic()
        if not moved:
            return
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._consumer.commit(moved)
        except (TimeoutError, KafkaError) as error:
            logger.warning("offsets not mirrored", why=repr(error))
        else:
            self._mirrored.update(offsets)

    def lag(self, offsets: Mapping[tuple[str, int], int]) -> dict[str, int]:
        """Records per topic that are known to be there and not yet read."""
        lag = dict.fromkeys(self._topics, 0)
        for (topic, lane), offset in offsets.items():
            partition = TopicPartition(topic, lane)
            if partition in self._consumer.assignment():
                end = self._consumer.highwater(partition)
                lag[topic] += max(0, (end or 0) - offset)
        return lag

    async def _ask(self, answer: Awaitable[dict[TopicPartition, int]]) -> dict[TopicPartition, int]:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        except (TimeoutError, KafkaError) as error:
            raise Interrupted(repr(error)) from error


class _Listener(ConsumerRebalanceListener):
    """Tells the runtime in lanes what Kafka says in partitions."""

    def __init__(self, listener: Assignment) -> None:
        self._listener = listener

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        if revoked:
            await self._listener.revoked(sorted({p.partition for p in revoked}))

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        await self._listener.assigned(sorted({p.partition for p in assigned}))
