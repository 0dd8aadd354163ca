"""Topics in memory: partitions of records, each at its offset, kept for ever unless trimmed."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from case_events.envelope import Delivery
from case_events.wire.codec import delivery

Listener = Callable[[str, int], None]


class MemoryBus:
    """One broker for all services of a simulation. All topics have the same partitions."""

    def __init__(self, partition_count: int) -> None:
        self.partition_count = partition_count
        self._records: defaultdict[tuple[str, int], list[Delivery]] = defaultdict(list)
        self._first: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._listeners: list[Listener] = []

    def append(
        self, topic: str, partition: int, key: str, value: bytes, headers: dict[str, str]
    ) -> Delivery:
        """Add a record at the end of a partition; the record as it is handed over."""
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
        """At most `limit` records from an offset on; what was trimmed is passed over."""
        first = self._first[topic, partition]
        start = max(offset, first) - first
        return self._records[topic, partition][start : start + limit]

    def records(self, topic: str) -> list[Delivery]:
        """Everything that is in a topic, partition by partition."""
        return [
            record
            for partition in range(self.partition_count)
            for record in self._records[topic, partition]
        ]

    def first_offset(self, topic: str, partition: int) -> int:
        """The offset of the oldest record that is still there."""
        return self._first[topic, partition]

    def end_offset(self, topic: str, partition: int) -> int:
        """The offset that the next record gets."""
        return self._first[topic, partition] + len(self._records[topic, partition])

    def trim(self, topic: str, partition: int, before: int) -> None:
        """Forget the records before an offset, as retention does."""
        gone = max(0, before - self._first[topic, partition])
        del self._records[topic, partition][:gone]
        self._first[topic, partition] += gone

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with topic and partition whenever a record is added."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Listener) -> None:
        """Call it no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)
