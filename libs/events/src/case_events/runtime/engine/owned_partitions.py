"""The partitions that this replica owns: epochs, how far each is read, what is parked.

Partition *p* is partition *p* of every topic that the service reads, and line *p* of its log.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from case_events.envelope import Delivery
from case_events.runtime.ports import DueTimer, PartitionClaim, PositionUpdate


class PartitionState:
    """Where one partition stands, as of the last certain commit."""

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
        """Whether it has been read to the ends that were looked up last."""
        _, ends = self.barrier or (None, {})
        return all(self.next_offset.get(topic, 0) >= end for topic, end in ends.items())


class OwnedPartitions:
    """All partitions owned here, by number."""

    def __init__(self) -> None:
        self._partitions: dict[int, PartitionState] = {}
        self.parked: set[tuple[int, UUID]] = set()
        """Partition and case of everything that cannot go on."""

    def __getitem__(self, partition: int) -> PartitionState:
        return self._partitions[partition]

    def __contains__(self, partition: int) -> bool:
        """Whether a partition is owned here."""
        return partition in self._partitions

    def owned(self) -> list[int]:
        """The partitions owned, in order."""
        return sorted(self._partitions)

    def epochs(self, partitions: Iterable[int] | None = None) -> dict[int, int]:
        """Partition to epoch, for these partitions or all: what a transaction rests on."""
        chosen = self._partitions if partitions is None else partitions
        return {partition: self._partitions[partition].epoch for partition in sorted(chosen)}

    def own(self, partition: int, state: PartitionState, parked: Iterable[UUID]) -> None:
        """Take a partition in, or take it in anew, with the cases that wait in it."""
        self.release([partition])
        self._partitions[partition] = state
        self.parked.update((partition, case) for case in parked)

    def release(self, partitions: Iterable[int]) -> None:
        """Let partitions go."""
        gone = set(partitions)
        for partition in gone:
            self._partitions.pop(partition, None)
        self.parked = {place for place in self.parked if place[0] not in gone}

    def expected(
        self, deliveries: Sequence[Delivery]
    ) -> tuple[list[Delivery], list[tuple[str, int, int]]]:
        """Those deliveries that follow on what was kept, and from where to read again.

        What lies before the position was fetched twice. What lies beyond it was fetched by a
        reader that ran ahead of a batch that was not kept: it must not be taken.
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
        """The last sequence of the delivery's source that its partition has had; 0 for none."""
        return self._partitions[delivery.partition].sequences.get(
            (delivery.topic, delivery.source), 0
        )

    def moved(self, moves: Iterable[PositionUpdate]) -> None:
        """Positions were moved by a commit that is certain."""
        for move in moves:
            partition = self._partitions[move.partition]
            partition.next_offset[move.topic] = max(
                partition.next_offset.get(move.topic, 0), move.next_offset
            )
            partition.sequences[move.topic, move.source] = move.sequence

    def skip_to(self, topic: str, partition: int, offset: int) -> None:
        """Read on at `offset`: what lay before it is gone from the topic."""
        self._partitions[partition].next_offset[topic] = offset

    def offsets(self) -> dict[tuple[str, int], int]:
        """Where each topic and partition is read on."""
        return {
            (topic, number): offset
            for number, partition in self._partitions.items()
            for topic, offset in partition.next_offset.items()
        }

    def needs_barrier(self, partition: int, due: datetime) -> bool:
        """Whether the end of this partition has still to be looked up before what is due may fire.

        Not while the end looked up before has not been read: on a busy partition, an end that moves
        on with every timer would never be reached.
        """
        if partition not in self._partitions:
            return False
        barrier = self._partitions[partition].barrier
        return barrier is None or (barrier[0] < due and self._partitions[partition].is_read())

    def set_barrier(self, partition: int, at: datetime, ends: Mapping[str, int]) -> None:
        """Timers due by `at` may fire once the partition has been read to `ends`, taken at `at`."""
        self._partitions[partition].barrier = (at, dict(ends))

    def may_fire(self, timers: Iterable[DueTimer]) -> list[DueTimer]:
        """Those timers of which all that was there when they fell due has been read."""
        read = {
            number: partition.barrier[0]
            for number, partition in self._partitions.items()
            if partition.barrier is not None and partition.is_read()
        }
        return [
            t for t in timers if (until := read.get(t.partition)) is not None and t.due <= until
        ]
