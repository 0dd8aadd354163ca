"""A transaction of the log in memory: staged, then stored as a whole or not at all."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from msgspec.structs import replace

from case_events.envelope import Delivery
from case_events.kernel import Document, Effect, Timer
from case_events.runtime.parked import Parked
from case_events.runtime.ports import (
    DueTimer,
    Epochs,
    Fenced,
    OutboxEntry,
    PositionUpdate,
    Snapshot,
    WriteRejected,
)
from case_events.testing.memory.quarantine import admit, hold
from case_events.testing.memory.state import State, StoredEffect, Tracking

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class MemoryTransaction:
    """Implements the `Transaction` port. The rules of a test may inspect the staged changes."""

    def __init__(
        self, state: State, positions: Mapping[int, asyncio.Lock], epochs: Epochs, now: datetime
    ) -> None:
        self.now = now
        self.entries: list[OutboxEntry] = []
        self.snapshots: dict[UUID, Snapshot] = {}
        self.moves: list[PositionUpdate] = []
        self._state, self._positions, self._epochs = state, positions, epochs
        self._held: dict[int, int] = {}
        self._unparked: list[int] = []
        self._changes: list[Callable[[], object]] = []

    async def load(self, cases: Sequence[UUID]) -> dict[UUID, Snapshot]:
        known = self._state.snapshots | self.snapshots
        return {case: known[case] for case in cases if case in known}

    async def take_timers(self, timers: Sequence[DueTimer]) -> list[DueTimer]:
        until: dict[UUID, datetime] = {}
        for timer in timers:
            until[timer.case] = max(timer.due, until.get(timer.case, timer.due))
        fallen = (t for t in self._state.timers.values() if t.due <= until.get(t.case, LONG_AGO))
        taken = [timer for timer in fallen if timer.due <= self.now]
        for timer in taken:
            self.stage(self._state.timers.pop, (timer.case, timer.name), None)
        return sorted(taken, key=lambda timer: timer.due)

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        first: dict[int, int] = {}
        for partition, count in sorted(counts.items()):
            if partition not in self._held:
                await self._positions[partition].acquire()
                self._held[partition] = len(self._state.entries[partition])
            first[partition] = self._held[partition] + 1
            self._held[partition] += count
        return first

    async def append(self, entries: Sequence[OutboxEntry]) -> None:
        self.entries += entries

    async def save(
        self, partition_by_case: Mapping[UUID, int], snapshots: Mapping[UUID, Snapshot]
    ) -> None:
        self.snapshots |= snapshots

    async def save_documents(self, documents: Mapping[UUID, Sequence[Document]]) -> None:
        contents = {(case, one.key): one.content for case, new in documents.items() for one in new}
        self.stage(self._state.documents.update, contents)

    async def set_timers(
        self, partition_by_case: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        for case, timer, cause in timers:
            key = (case, timer.name)
            if timer.due is None:
                self.stage(self._state.timers.pop, key, None)
            else:
                stands = DueTimer(partition_by_case[case], case, timer.name, timer.due, cause)
                self.stage(self._state.timers.update, {key: stands})

    async def add_effects(
        self, partition_by_case: Mapping[UUID, int], effects: Sequence[tuple[UUID, Effect, bytes]]
    ) -> None:
        for case, effect, cause in effects:
            new = StoredEffect(
                partition=partition_by_case[case],
                case=case,
                effect=effect,
                cause=cause,
                due=self.now,
            )
            self.stage(self._state.effects.setdefault, effect.key, new)

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        claimed = {key: self._state.effects[key] for key in keys if self._is_claimed(key)}
        for effect in claimed.values():
            self.stage(setattr, effect, "state", "done")
        return {key: effect.uncertain for key, effect in claimed.items()}

    async def park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        self.stage(self._park, partition, case, delivery, error, awaits)

    async def unpark(self, places: Sequence[int]) -> None:
        self._unparked += places

    async def record_failure(self, place: int, error: str, awaits: str = "") -> None:
        self.stage(self._record_failure, place, error, awaits)

    async def quarantine(self, delivery: Delivery, reason: str) -> None:
        self.stage(hold, self._state, delivery, reason, self.now)

    async def admit(self, places: Sequence[int]) -> None:
        for place in places:
            self.stage(admit, self._state, place)

    async def advance(self, moves: Sequence[PositionUpdate]) -> None:
        self.moves += moves

    def apply(self) -> None:
        """Store all changes in one step, without another task in between."""
        for partition, epoch in self._epochs.items():
            if self._state.epochs.get(partition) != epoch:
                raise Fenced(f"partition {partition} has another owner")
        self._check_history()
        self._check_positions()
        self._check_parked()
        for place in self._unparked:
            del self._state.parked[place]
        for entry in self.entries:
            self._state.entries[entry.partition].append(entry)
        self._state.history |= {(e.case, e.version) for e in self.entries if e.version}
        self._state.snapshots |= self.snapshots
        for move in self.moves:
            kept = Tracking(move.sequence, move.next_offset)
            self._state.tracking[move.partition, move.topic, move.source] = kept
        for change in self._changes:
            change()

    def is_changing(self) -> bool:
        """Return whether a commit would change anything."""
        return bool(self.entries or self.snapshots or self.moves or self._changes or self._unparked)

    def fence(self, partitions: Sequence[int]) -> None:
        """Fence this transaction: another owner claims partitions, and does not wait for the
        commit."""
        if self._epochs.keys() & set(partitions):
            self.release()

    def release(self) -> None:
        """Unlock the log positions of the partitions in which sequences were reserved."""
        while self._held:
            partition, _ = self._held.popitem()
            self._positions[partition].release()

    def stage(self, change: Callable[..., object], *arguments: object) -> None:
        """Call a function when the transaction commits."""
        self._changes.append(partial(change, *arguments))

    def _park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str
    ) -> None:
        place = self._state.places = self._state.places + 1
        self._state.parked[place] = Parked(
            place=place,
            partition=partition,
            case=case,
            delivery=delivery,
            error=error,
            awaits=awaits,
        )

    def _record_failure(self, place: int, error: str, awaits: str) -> None:
        waiting = self._state.parked
        if place not in waiting:
            return
        waiting[place] = replace(waiting[place], error=error, awaits=awaits)
        for other, record in waiting.items():
            if record.case == waiting[place].case:
                waiting[other] = replace(record, retry=False)

    def _is_claimed(self, key: str) -> bool:
        return key in self._state.effects and self._state.effects[key].state == "claimed"

    def _check_history(self) -> None:
        versions = [(entry.case, entry.version) for entry in self.entries if entry.version]
        if len(set(versions)) < len(versions) or self._state.history & set(versions):
            raise WriteRejected("a version of a case is written twice")
        reserved = {partition: len(self._state.entries[partition]) for partition in self._held}
        for entry in self.entries:
            reserved[entry.partition] = reserved.get(entry.partition, 0) + 1
            if entry.sequence != reserved[entry.partition]:
                raise WriteRejected(
                    f"place {entry.sequence} of partition {entry.partition} was not reserved"
                )

    def _check_parked(self) -> None:
        if not self._state.parked.keys() >= set(self._unparked):
            raise Fenced("a record that was tried again was discarded meanwhile")

    def _check_positions(self) -> None:
        for move in self.moves:
            stands = self._state.tracking.get((move.partition, move.topic, move.source))
            if move.was != (stands.sequence if stands else 0):
                raise Fenced(f"the position in {move.topic}/{move.partition} was moved by another")
