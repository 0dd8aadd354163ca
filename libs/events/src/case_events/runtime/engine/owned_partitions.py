"""The partitions that this replica owns: their epochs, positions, and parked cases.

Partition *p* is partition *p* of every topic that the service reads, and of its log.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from case_events.envelope import Delivery
from case_events.runtime.ports import DueTimer, PartitionClaim, PositionUpdate


class PartitionState:
    """The state of one partition, as of the last certain commit."""

    def __init__(self, claim: PartitionClaim) -> None:
        self.epoch = claim.epoch
        self.next_offset = {p.topic: p.next_offset for p in claim.positions}
        self.sequences = {
            (p.topic, source): sequence
            for p in claim.positions
            for source, sequence in p.sequences.items()
        }
        self.barrier: tuple[datetime, dict[str, int]] | None = None

    def is_read(self) -> bool:
        """Whether the partition has been read to the ends that were looked up last."""
        _, ends = self.barrier or (None, {})
        return all(self.next_offset.get(topic, 0) >= end for topic, end in ends.items())


class OwnedPartitions:
    """All partitions that are owned here, by number."""

    def __init__(self) -> None:
        self._partitions: dict[int, PartitionState] = {}
        self.parked: set[tuple[int, UUID]] = set()
        """The parked cases, as pairs of partition and case."""

    def __getitem__(self, partition: int) -> PartitionState:
        return self._partitions[partition]

    def __contains__(self, partition: int) -> bool:
        """Return whether a partition is owned here."""
        return partition in self._partitions

    def owned(self) -> list[int]:
        """Return the owned partitions, in order."""
        return sorted(self._partitions)

    def epochs(self, partitions: Iterable[int] | None = None) -> dict[int, int]:
        """Return partition to epoch, for these partitions or for all, as the condition of a
        transaction."""
        chosen = self._partitions if partitions is None else partitions
        return {partition: self._partitions[partition].epoch for partition in sorted(chosen)}

    def own(self, partition: int, state: PartitionState, parked: Iterable[UUID]) -> None:
        """Add a partition, or replace its state, with its parked cases."""
        self.release([partition])
        self._partitions[partition] = state
        self.parked.update((partition, case) for case in parked)

    def release(self, partitions: Iterable[int]) -> None:
        """Remove partitions."""
        gone = set(partitions)
        for partition in gone:
            self._partitions.pop(partition, None)
        self.parked = {place for place in self.parked if place[0] not in gone}

    def expected(
        self, deliveries: Sequence[Delivery]
    ) -> tuple[list[Delivery], list[tuple[str, int, int]]]:
        """Return the deliveries that follow on the stored positions, and the offsets to read again
        from.

        A delivery before its position is a duplicate. A delivery beyond the next sequence was
        fetched before an earlier batch failed, and must not be processed yet.
        """
        following: list[Delivery] = []
        ahead: dict[tuple[str, int], int] = {}
        reached: dict[tuple[str, int], int] = {}
        for delivery in deliveries:
            partition = self._partitions.get(delivery.partition)
            if partition is None:
                continue
            place = (delivery.topic, delivery.partition)
            expected = reached.get(place, partition.next_offset.get(delivery.topic, 0))
            if delivery.offset == expected and place not in ahead:
                following.append(delivery)
                reached[place] = expected + 1
            elif delivery.offset > expected:
                ahead.setdefault(place, expected)
        return following, [
            (topic, partition, offset) for (topic, partition), offset in ahead.items()
        ]

    def seen(self, delivery: Delivery) -> int:
        """Return the last sequence of a delivery's source that its partition has processed; 0 if
        none."""
        return self._partitions[delivery.partition].sequences.get(
            (delivery.topic, delivery.source), 0
        )

    def moved(self, moves: Iterable[PositionUpdate]) -> None:
        """Apply the changes of positions in a commit that certainly succeeded."""
        for move in moves:
            partition = self._partitions[move.partition]
            partition.next_offset[move.topic] = max(
                partition.next_offset.get(move.topic, 0), move.next_offset
            )
            partition.sequences[move.topic, move.source] = move.sequence

    def skip_to(self, topic: str, partition: int, offset: int) -> None:
        """Move the position to `offset`: the topic no longer has the records before it."""
        self._partitions[partition].next_offset[topic] = offset

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset of each topic and partition."""
        return {
            (topic, number): offset
            for number, partition in self._partitions.items()
            for topic, offset in partition.next_offset.items()
        }

    def needs_barrier(self, partition: int, due: datetime) -> bool:
        """Return whether the ends of a partition have to be looked up before its due timers may
        fire.

        They are not looked up again until the previous ends are reached. Otherwise a busy partition
        would never reach an end that moves with every timer.
        """
        if partition not in self._partitions:
            return False
        barrier = self._partitions[partition].barrier
        return barrier is None or (barrier[0] < due and self._partitions[partition].is_read())

    def set_barrier(self, partition: int, at: datetime, ends: Mapping[str, int]) -> None:
        """Note that timers due by `at` may fire once the partition is read to `ends`, looked up at
        `at`."""
        self._partitions[partition].barrier = (at, dict(ends))

    def may_fire(self, timers: Iterable[DueTimer]) -> list[DueTimer]:
        """Return those timers whose partition has been read to its end as of their due time."""
        read = {
            number: partition.barrier[0]
            for number, partition in self._partitions.items()
            if partition.barrier is not None and partition.is_read()
        }
        return [
            t for t in timers if (until := read.get(t.partition)) is not None and t.due <= until
        ]
