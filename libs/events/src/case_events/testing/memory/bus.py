"""Topics in memory: partitions of records with offsets, stored until they are trimmed."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from case_events.envelope import Delivery
from case_events.wire.codec import delivery

Listener = Callable[[str, int], None]


class MemoryBus:
    """One broker for all services of a simulation. All topics have the same number of
    partitions."""

    def __init__(self, partition_count: int) -> None:
        self.partition_count = partition_count
        self._records: defaultdict[tuple[str, int], list[Delivery]] = defaultdict(list)
        self._first: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._listeners: list[Listener] = []

    def append(
        self, topic: str, partition: int, key: str, value: bytes, headers: dict[str, str]
    ) -> Delivery:
        """Append a record to a partition. Return it as a delivery. Raises `ValueError` for a
        partition that does not exist."""
        if not 0 <= partition < self.partition_count:
            raise ValueError(f"{topic} has no partition {partition}")
        record = delivery(
            topic=topic,
            partition=partition,
            offset=self.end_offset(topic, partition),
            key=key.encode(),
            attributes=[(name, text.encode()) for name, text in headers.items()],
            value=value,
        )
        self._records[topic, partition].append(record)
        for listener in tuple(self._listeners):
            listener(topic, partition)
        return record

    def read(self, topic: str, partition: int, offset: int, limit: int) -> Sequence[Delivery]:
        """Return at most `limit` records from an offset on. Trimmed records are skipped."""
        first = self._first[topic, partition]
        start = max(offset, first) - first
        return self._records[topic, partition][start : start + limit]

    def records(self, topic: str) -> list[Delivery]:
        """Return all records of a topic, partition by partition."""
        return [
            record
            for partition in range(self.partition_count)
            for record in self._records[topic, partition]
        ]

    def first_offset(self, topic: str, partition: int) -> int:
        """Return the offset of the oldest record that still exists."""
        return self._first[topic, partition]

    def end_offset(self, topic: str, partition: int) -> int:
        """Return the offset of the next record."""
        return self._first[topic, partition] + len(self._records[topic, partition])

    def trim(self, topic: str, partition: int, before: int) -> None:
        """Remove the records before an offset, as retention does."""
        gone = max(0, before - self._first[topic, partition])
        del self._records[topic, partition][:gone]
        self._first[topic, partition] += gone

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with topic and partition for every record that is appended."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Listener) -> None:
        """Remove a listener."""
        if listener in self._listeners:
            self._listeners.remove(listener)
