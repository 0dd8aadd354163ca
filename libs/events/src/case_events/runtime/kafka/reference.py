"""Reference data from Kafka: every replica reads its topics completely, outside any group."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from case_events.envelope import Delivery
from case_events.runtime.kafka.broker import KafkaCluster
from case_events.runtime.kafka.subscription import KafkaRecord, Subscription, delivered
from case_events.runtime.ports import Unavailable
from case_events.topics import REFERENCE_TOPICS

AT_ONCE = 1_000


class ReferenceFeed:
    """Passes every record of the reference topics to `take`. `ready` is set once it has
    caught up."""

    def __init__(
        self,
        cluster: KafkaCluster,
        client: str,
        take: Callable[[Delivery], Awaitable[None]],
        topics: Sequence[str] = REFERENCE_TOPICS,
    ) -> None:
        self._topics, self._take_one = topics, take
        self._subscription = Subscription(
            cluster.consumers(client), topics, group_id=None, fetch_max_wait_ms=200
        )
        self._next: dict[TopicPartition, int] = {}
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Read from the beginning, for ever. Raises `Unavailable` if it cannot begin."""
        try:
            await self.catch_up()
            while True:
                await self._take(await self._subscription.take(0.5, AT_ONCE))
        finally:
            await self.stop()

    async def catch_up(self) -> None:
        """Read from the beginning up to the present end. Raises `Unavailable`. Call `stop`
        afterwards."""
        left = await self._begin()
        while left:
            taken = await self._subscription.take(0.05, AT_ONCE)
            await self._take(taken)
            if not taken:  # Then no record is in progress, and positions are certain.
                left = {p: end for p, end in left.items() if await self._position(p) < end}
        self.ready.set()

    async def stop(self) -> None:
        """Stop reading."""
        await self._subscription.stop()

    async def _begin(self) -> dict[TopicPartition, int]:
        """Return the partitions with records, and the offset up to which each has to be read."""
        try:
            await self._subscription.start()
            consumer = self._subscription.consumer
            ends = await consumer.end_offsets(list(consumer.assignment()))
        except KafkaError as error:
            raise Unavailable(f"{', '.join(self._topics)}: {error!r}") from error
        return {partition: end for partition, end in ends.items() if end > 0}

    async def _position(self, partition: TopicPartition) -> int:
        return int(await self._subscription.consumer.position(partition))

    async def _take(self, records: Sequence[KafkaRecord]) -> None:
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if record.offset < self._next.get(place, 0):
                continue  # the topic is read again, since its partitions changed
            self._next[place] = record.offset + 1
            if record.value is not None:  # else it marks a deletion by compaction
                await self._take_one(delivered(record))
