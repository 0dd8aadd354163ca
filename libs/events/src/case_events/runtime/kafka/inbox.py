"""The inbox on Kafka: the topics that a service reads, through one subscriber in its group.

All topics have the same number of partitions, so the range assignor gives partition *p* of each to
the same replica. The positions in the log are authoritative; the offsets in Kafka are copies.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError

from case_events.envelope import Delivery
from case_events.runtime.kafka.broker import KafkaCluster
from case_events.runtime.kafka.subscription import ANSWER_WITHIN, Subscription, delivered, stopped
from case_events.runtime.ports import RebalanceListener, Unavailable

logger = structlog.get_logger()


class KafkaInbox:
    """Implements the `Inbox` port on a FastStream subscriber."""

    def __init__(
        self,
        cluster: KafkaCluster,
        group: str,
        topics: Sequence[str],
        session_timeout: float = 10.0,
    ) -> None:
        self._topics = list(topics)
        self._listener = _Listener()
        self._broker = cluster.consumers(group)
        self._subscription = Subscription(
            self._broker,
            topics,
            group_id=group,
            listener=self._listener,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=int(session_timeout * 1000),
            heartbeat_interval_ms=int(session_timeout * 1000 / 4),
            max_poll_interval_ms=120_000,
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        self._lag_consumer: AIOKafkaConsumer | None = None
        self._committed: dict[tuple[str, int], int] = {}

    async def start(self, listener: RebalanceListener) -> None:
        self._listener.runtime = listener
        try:
            # A client of its own, because a question behind a fetch would wait as long as the
            # fetch.
            self._lag_consumer = (await self._broker.connect())()
            await self._lag_consumer.start()
            await self._subscription.start()
        except KafkaError as error:
            await self.stop()
            raise Unavailable(f"{', '.join(self._topics)}: {error!r}") from error

    async def stop(self) -> None:
        await self._subscription.stop()
        if self._lag_consumer is not None:
            await stopped(self._lag_consumer.stop())

    async def take(self, wait: float, limit: int) -> list[Delivery]:
        return list(map(delivered, await self._subscription.take(wait, limit)))

    def wake(self) -> None:
        self._subscription.wake()

    def seek(self, topic: str, partition: int, offset: int) -> None:
        self._subscription.seek(TopicPartition(topic, partition), offset)

    async def first_offset(self, topic: str, partition: int) -> int:
        topic_partition = TopicPartition(topic, partition)
        return int(
            (await self._ask(self._asked().beginning_offsets([topic_partition])))[topic_partition]
        )

    async def end_offsets(self, partition: int) -> dict[str, int]:
        topic_partitions = [TopicPartition(topic, partition) for topic in self._topics]
        ends = await self._ask(self._asked().end_offsets(topic_partitions))
        return {topic_partition.topic: int(end) for topic_partition, end in ends.items()}

    async def commit_offsets(self, offsets: Mapping[tuple[str, int], int]) -> None:
        consumer = self._subscription.consumer
        assignment = consumer.assignment()
        moved = {
            TopicPartition(*place): offset
            for place, offset in offsets.items()
            if self._committed.get(place) != offset and TopicPartition(*place) in assignment
        }
        if not moved:
            return
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await consumer.commit(moved)
        except (TimeoutError, KafkaError) as error:
            logger.warning("offsets not mirrored", why=repr(error))
        else:
            self._committed.update(offsets)

    def lag(self, offsets: Mapping[tuple[str, int], int]) -> dict[str, int]:
        """Return the number of records per topic that are known to be unread."""
        lag = dict.fromkeys(self._topics, 0)
        for (topic, partition), offset in offsets.items():
            consumer = self._subscription.consumer
            topic_partition = TopicPartition(topic, partition)
            if topic_partition in consumer.assignment():
                end = consumer.highwater(topic_partition)
                lag[topic] += max(0, (end or 0) - offset)
        return lag

    def _asked(self) -> AIOKafkaConsumer:
        if self._lag_consumer is None:
            raise RuntimeError("not started")
        return self._lag_consumer

    async def _ask(self, answer: Awaitable[dict[TopicPartition, int]]) -> dict[TopicPartition, int]:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        except (TimeoutError, KafkaError) as error:
            raise Unavailable(repr(error)) from error


class _Listener(ConsumerRebalanceListener):
    """Passes changes of the assignment to the runtime, as numbers of partitions."""

    runtime: RebalanceListener

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        if revoked:
            await self.runtime.revoked(sorted({p.partition for p in revoked}))

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        await self.runtime.assigned(sorted({p.partition for p in assigned}))
