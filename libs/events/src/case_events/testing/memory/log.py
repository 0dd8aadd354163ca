"""The log of a service in memory. Its clock is a start time plus the event loop's time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from case_events.kernel import DORMANT
from case_events.runtime.parked import Discarded, NotDiscardable, Parked
from case_events.runtime.ports import (
    ClaimedEffects,
    DueTimer,
    Epochs,
    Fenced,
    News,
    OutboxEntry,
    PartitionClaim,
    PendingEffect,
    Place,
    Position,
    Snapshot,
    Wake,
)
from case_events.testing.memory.faults import Faults
from case_events.testing.memory.quarantine import MemoryQuarantine
from case_events.testing.memory.state import State, StoredEffect
from case_events.testing.memory.transaction import MemoryTransaction
from case_events.topics import CASES


class MemoryLog(MemoryQuarantine):
    """Implements the `Log` port. `via` returns another replica's access to the same log."""

    def __init__(self, start: datetime, faults: Faults | None = None) -> None:
        self.start, self.faults, self.state = start, faults or Faults(), State()
        self._positions: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._open: list[MemoryTransaction] = []
        self._listeners: list[Wake] = []

    def via(self, faults: Faults) -> "MemoryLog":
        """Return the same log for another replica, with its own faults."""
        other = MemoryLog(self.start, faults)
        other.state, other._positions = self.state, self._positions
        other._open, other._listeners = self._open, self._listeners
        return other

    async def now(self) -> datetime:
        await self.faults.reach("now")
        return self._now()

    async def claim(self, partitions: Sequence[int], owner: str) -> list[PartitionClaim]:
        await self.faults.reach("claim", partitions)
        for partition in partitions:
            self.state.epochs[partition] = self.state.epochs.get(partition, 0) + 1
            self.state.owners[partition] = owner
        for tx in self._open:
            tx.fence(partitions)
        for effect in self.state.effects.values():
            if effect.partition in partitions and effect.state == "claimed":
                effect.state, effect.uncertain = "waiting", True
        return [self._claim(partition) for partition in sorted(partitions)]

    async def resume(self, epochs: Epochs) -> list[PartitionClaim]:
        await self.faults.reach("resume", epochs)
        return [
            self._claim(partition)
            for partition, epoch in sorted(epochs.items())
            if self.state.epochs.get(partition) == epoch
        ]

    @asynccontextmanager
    async def transaction(self, epochs: Epochs) -> AsyncIterator[MemoryTransaction]:
        await self.faults.reach("transaction", epochs)
        self._still_owned(epochs)
        tx = MemoryTransaction(self.state, self._positions, dict(epochs), self._now())
        self._open.append(tx)
        try:
            yield tx
            await self.faults.reach("commit", tx)
            tx.apply()
        finally:
            self._open.remove(tx)
            tx.release()
        if tx.entries and not epochs:
            self._notify()
        await self.faults.reach("answer", tx)

    async def unpublished(self, partitions: Sequence[int], limit: int) -> list[OutboxEntry]:
        await self.faults.reach("unpublished", partitions)
        waiting = [
            entry
            for partition in sorted(partitions)
            for entry in self.state.entries[partition][self.state.published[partition] :][:limit]
        ]
        return waiting[:limit]

    async def mark_published(self, epochs: Epochs, last: Mapping[int, int]) -> None:
        await self.faults.reach("mark_published", last)
        self._still_owned({partition: epochs[partition] for partition in last})
        for partition, sequence in last.items():
            self.state.published[partition] = max(self.state.published[partition], sequence)

    async def timers(
        self, partitions: Sequence[int], after: Place, until: datetime, limit: int
    ) -> list[DueTimer]:
        await self.faults.reach("timers", partitions)
        found = sorted(
            (t for t in self.state.timers.values()
             if t.partition in partitions and after < _place(t) and t.due <= until),
            key=_place,
        )  # fmt: skip
        ties = [t for t in found[limit:] if _place(t) == _place(found[limit - 1])]
        return [replace(timer, cause=b"") for timer in found[:limit] + ties]

    async def dormant_timers(self, partitions: Sequence[int]) -> set[str]:
        await self.faults.reach("dormant_timers", partitions)
        return {timer.name for timer in self._dormant(partitions)}

    async def wake_dormant(self, epochs: Epochs, names: Sequence[str], per_second: int) -> int:
        await self.faults.reach("wake_dormant", epochs)
        self._still_owned(epochs)
        woken = [timer for timer in self._dormant(list(epochs)) if timer.name in names]
        for place, timer in enumerate(woken, 1):
            due = self._now() + timedelta(seconds=place / per_second)
            self.state.timers[timer.case, timer.name] = replace(timer, due=due)
        return len(woken)

    def _dormant(self, partitions: Sequence[int]) -> list[DueTimer]:
        return [
            t for t in self.state.timers.values() if t.partition in partitions and t.due == DORMANT
        ]

    async def claim_effects(self, epochs: Epochs, limit: int) -> ClaimedEffects:
        await self.faults.reach("claim_effects", epochs)
        self._still_owned(epochs)
        waiting = sorted(
            (
                e
                for e in self.state.effects.values()
                if e.partition in epochs and e.state == "waiting"
            ),
            key=lambda effect: effect.due,
        )
        claimed = [effect for effect in waiting if effect.due <= self._now()][:limit]
        for effect in claimed:
            effect.state = "claimed"
            effect.attempts += 1
            effect.first_attempt_at = effect.first_attempt_at or self._now()
        if claimed or not waiting:
            return ClaimedEffects([_pending(effect) for effect in claimed])
        return ClaimedEffects([], waiting[0].due)

    async def postpone_effect(self, key: str, until: datetime, *, uncertain: bool) -> None:
        await self.faults.reach("postpone_effect", key)
        effect = self.state.effects[key]
        if effect.state == "claimed":
            effect.state, effect.due = "waiting", until
            effect.uncertain = effect.uncertain or uncertain

    async def parked(self, partitions: Sequence[int]) -> list[Parked]:
        await self.faults.reach("parked", partitions)
        return [
            record
            for _, record in sorted(self.state.parked.items())
            if record.partition in partitions
        ]

    async def request_retry(self, case: UUID) -> int:
        await self.faults.reach("request_retry", case)
        places = [place for place, record in self.state.parked.items() if record.case == case]
        for place in places:
            self.state.parked[place] = replace(self.state.parked[place], retry=True)
        self._notify("retry")
        return len(places)

    async def discard(self, case: UUID, reason: str, by: str) -> Parked | None:
        await self.faults.reach("discard", case)
        waiting = [record for _, record in sorted(self.state.parked.items()) if record.case == case]
        if not waiting:
            return None
        first = waiting[0]
        if first.delivery.topic == CASES:
            raise NotDiscardable(CASES)
        del self.state.parked[first.place]
        self.state.discarded.append(Discarded(parked=first, reason=reason, by=by, at=self._now()))
        await self.request_retry(case)
        return first

    async def discarded(self, partitions: Sequence[int]) -> list[Discarded]:
        await self.faults.reach("discarded", partitions)
        return [
            given_up for given_up in self.state.discarded if given_up.parked.partition in partitions
        ]

    @asynccontextmanager
    async def listen(self, wake: Wake) -> AsyncIterator[None]:
        self._listeners.append(wake)
        try:
            yield
        finally:
            self._listeners.remove(wake)

    def entries(self) -> list[OutboxEntry]:
        """Return all entries of the log, partition by partition, in order."""
        return [entry for _, partition in sorted(self.state.entries.items()) for entry in partition]

    def snapshots(self) -> dict[UUID, Snapshot]:
        """Return the snapshots of all cases."""
        return dict(self.state.snapshots)

    def _now(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())

    def _notify(self, news: News = "log") -> None:
        for wake in tuple(self._listeners):
            asyncio.get_running_loop().call_soon(wake, news)

    def _still_owned(self, epochs: Epochs) -> None:
        lost = [
            partition
            for partition, epoch in epochs.items()
            if self.state.epochs.get(partition) != epoch
        ]
        if lost:
            raise Fenced(f"partitions {lost} have another owner")

    def _claim(self, partition: int) -> PartitionClaim:
        by_topic: dict[str, Position] = {}
        for (number, topic, source), had in self.state.tracking.items():
            if number == partition:
                before = by_topic.get(topic, Position(topic, {}, 0))
                by_topic[topic] = Position(
                    topic,
                    before.sequences | {source: had.sequence},
                    max(before.next_offset, had.next_offset),
                )
        return PartitionClaim(partition, self.state.epochs[partition], tuple(by_topic.values()))


def _place(timer: DueTimer) -> Place:
    return timer.due, timer.case


def _pending(effect: StoredEffect) -> PendingEffect:
    assert effect.first_attempt_at is not None
    return PendingEffect(
        partition=effect.partition,
        case=effect.case,
        effect=effect.effect,
        cause=effect.cause,
        attempts=effect.attempts,
        first_attempt_at=effect.first_attempt_at,
        uncertain=effect.uncertain,
    )
