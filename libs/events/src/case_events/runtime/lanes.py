"""The lanes that this replica owns: epochs, how far each is read, what is parked.

Lane *p* is partition *p* of every topic that the service reads, and line *p* of its log.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from case_events.envelope import Delivery
from case_events.runtime.ports import Advance, Claim, DueTimer


class Lane:
    """Where one lane stands, as of the last certain commit."""

    def __init__(self, claim: Claim, parked: set[UUID]) -> None:
        self.epoch = claim.epoch
        self.next_offset = {p.topic: p.next_offset for p in claim.positions}
        self.sequences = {
            (p.topic, source): sequence
            for p in claim.positions
            for source, sequence in p.sequences.items()
        }
        self.parked = parked
        self.barrier: tuple[datetime, dict[str, int]] | None = None

    def is_read(self) -> bool:
        """Whether it has been read to the ends that were looked up last."""
        _, ends = self.barrier or (None, {})
        return all(self.next_offset.get(topic, 0) >= end for topic, end in ends.items())


class Lanes:
    """All lanes owned here, by number."""

    def __init__(self) -> None:
        self._lanes: dict[int, Lane] = {}

    def __getitem__(self, lane: int) -> Lane:
        return self._lanes[lane]

    def owned(self) -> list[int]:
        """The lanes owned, in order."""
        return sorted(self._lanes)

    def epochs(self, lanes: Iterable[int] | None = None) -> dict[int, int]:
        """Lane to epoch, for these lanes or all: what a transaction rests on."""
        chosen = self._lanes if lanes is None else lanes
        return {lane: self._lanes[lane].epoch for lane in sorted(chosen)}

    def own(self, lane: int, state: Lane) -> None:
        """Take a lane in, or take it in anew."""
        self._lanes[lane] = state

    def release(self, lanes: Iterable[int]) -> None:
        """Let lanes go."""
        for lane in lanes:
            self._lanes.pop(lane, None)

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
            lane = self._lanes.get(delivery.partition)
            if lane is None:
                continue
            place = (delivery.topic, delivery.partition)
            expected = reached.get(place, lane.next_offset.get(delivery.topic, 0))
            if delivery.offset == expected and place not in ahead:
                following.append(delivery)
                reached[place] = expected + 1
            elif delivery.offset > expected:
                ahead.setdefault(place, expected)
        return following, [(topic, lane, offset) for (topic, lane), offset in ahead.items()]

    def seen(self, delivery: Delivery) -> int:
        """The last sequence of the delivery's source that its lane has had; 0 for none."""
        return self._lanes[delivery.partition].sequences.get((delivery.topic, delivery.source), 0)

    def moved(self, moves: Iterable[Advance]) -> None:
        """Positions were moved by a commit that is certain."""
        for move in moves:
            lane = self._lanes[move.lane]
            lane.next_offset[move.topic] = max(
                lane.next_offset.get(move.topic, 0), move.next_offset
            )
            lane.sequences[move.topic, move.source] = move.sequence

    def skip_to(self, topic: str, lane: int, offset: int) -> None:
        """Read on at `offset`: what lay before it is gone from the topic."""
        self._lanes[lane].next_offset[topic] = offset

    def offsets(self) -> dict[tuple[str, int], int]:
        """Where each topic and lane is read on."""
        return {
            (topic, number): offset
            for number, lane in self._lanes.items()
            for topic, offset in lane.next_offset.items()
        }

    def park(self, cases: Iterable[tuple[int, UUID]]) -> None:
        """These cases cannot go on."""
        for lane, case in cases:
            self._lanes[lane].parked.add(case)

    def unpark(self, lane: int, case: UUID) -> None:
        """This case goes on."""
        self._lanes[lane].parked.discard(case)

    def is_parked(self, lane: int, case: UUID) -> bool:
        """Whether what comes for this case has to queue."""
        owned = self._lanes.get(lane)
        return owned is not None and bool(owned.parked) and case in owned.parked

    def parked_cases(self) -> list[tuple[int, UUID]]:
        """Lane and case of everything that waits."""
        return [(number, case) for number, lane in self._lanes.items() for case in lane.parked]

    def parked_count(self) -> int:
        """How many cases wait, over all lanes."""
        return sum(len(lane.parked) for lane in self._lanes.values())

    def needs_barrier(self, lane: int, due: datetime) -> bool:
        """Whether the end of this lane has still to be looked up before what is due may fire.

        Not while the end looked up before has not been read: on a busy lane, an end that moves
        on with every timer would never be reached.
        """
        if lane not in self._lanes:
            return False
        barrier = self._lanes[lane].barrier
        return barrier is None or (barrier[0] < due and self._lanes[lane].is_read())

    def set_barrier(self, lane: int, at: datetime, ends: Mapping[str, int]) -> None:
        """Timers due by `at` may fire once the lane has been read to `ends`, taken at `at`."""
        self._lanes[lane].barrier = (at, dict(ends))

    def may_fire(self, timers: Iterable[DueTimer]) -> list[DueTimer]:
        """Those timers of which all that was there when they fell due has been read."""
        read = {
            number: lane.barrier[0]
            for number, lane in self._lanes.items()
            if lane.barrier is not None and lane.is_read()
        }
        return [t for t in timers if (until := read.get(t.lane)) is not None and t.due <= until]
