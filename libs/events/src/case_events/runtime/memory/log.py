"""The log of a service in memory. Its clock is a start and the event loop's time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from case_events.kernel import NEVER
from case_events.runtime.memory.faults import Faults
from case_events.runtime.memory.quarantine import MemoryQuarantine
from case_events.runtime.memory.state import State, StoredEffect
from case_events.runtime.memory.transaction import MemoryTransaction
from case_events.runtime.parked import Discarded, NotDiscardable, Parked
from case_events.runtime.ports import (
    Begun,
    Claim,
    DueTimer,
    Entry,
    Epochs,
    Fenced,
    News,
    PendingEffect,
    Place,
    Position,
    Remembered,
    Wake,
)
from case_events.topics import CASES


class MemoryLog(MemoryQuarantine):
    """Implements the `Log` port. `via` gives another replica its own way to the same log."""

    def __init__(self, start: datetime, faults: Faults | None = None) -> None:
        self.start, self.faults, self.state = start, faults or Faults(), State()
        self._heads: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._open: list[MemoryTransaction] = []
        self._listeners: list[Wake] = []

    def via(self, faults: Faults) -> "MemoryLog":
        """The same log as another replica reaches it: its own faults."""
        other = MemoryLog(self.start, faults)
        other.state, other._heads = self.state, self._heads
        other._open, other._listeners = self._open, self._listeners
        return other

    async def now(self) -> datetime:
        await self.faults.reach("now")
        return self._now()

    async def claim(self, lanes: Sequence[int], owner: str) -> list[Claim]:
        await self.faults.reach("claim", lanes)
        for lane in lanes:
            self.state.epochs[lane] = self.state.epochs.get(lane, 0) + 1
            self.state.owners[lane] = owner
        for tx in self._open:
            tx.fence(lanes)
        for effect in self.state.effects.values():
            if effect.lane in lanes and effect.state == "begun":
                effect.state, effect.uncertain = "waiting", True
        return [self._claim(lane) for lane in sorted(lanes)]

    async def resume(self, epochs: Epochs) -> list[Claim]:
        await self.faults.reach("resume", epochs)
        return [
            self._claim(lane)
            for lane, epoch in sorted(epochs.items())
            if self.state.epochs.get(lane) == epoch
        ]

    @asynccontextmanager
    async def transaction(self, epochs: Epochs) -> AsyncIterator[MemoryTransaction]:
        await self.faults.reach("transaction", epochs)
        self._still_owned(epochs)
        tx = MemoryTransaction(self.state, self._heads, dict(epochs), self._now())
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

    async def unpublished(self, lanes: Sequence[int], limit: int) -> list[Entry]:
        await self.faults.reach("unpublished", lanes)
        waiting = [
            entry
            for lane in sorted(lanes)
            for entry in self.state.entries[lane][self.state.published[lane] :][:limit]
        ]
        return waiting[:limit]

    async def mark_published(self, epochs: Epochs, last: Mapping[int, int]) -> None:
        await self.faults.reach("mark_published", last)
        self._still_owned({lane: epochs[lane] for lane in last})
        for lane, sequence in last.items():
            self.state.published[lane] = max(self.state.published[lane], sequence)

    async def timers(
        self, lanes: Sequence[int], after: Place, until: datetime, limit: int
    ) -> list[DueTimer]:
        await self.faults.reach("timers", lanes)
        found = sorted(
            (t for t in self.state.timers.values()
             if t.lane in lanes and after < _place(t) and t.due <= until),
            key=_place,
        )  # fmt: skip
        ties = [t for t in found[limit:] if _place(t) == _place(found[limit - 1])]
        return [replace(timer, cause=b"") for timer in found[:limit] + ties]

    async def standing(self, lanes: Sequence[int]) -> set[str]:
        await self.faults.reach("standing", lanes)
        return {timer.name for timer in self._standing(lanes)}

    async def bring_forward(self, epochs: Epochs, names: Sequence[str], per_second: int) -> int:
        await self.faults.reach("bring_forward", epochs)
        self._still_owned(epochs)
        woken = [timer for timer in self._standing(list(epochs)) if timer.name in names]
        for place, timer in enumerate(woken, 1):
            due = self._now() + timedelta(seconds=place / per_second)
            self.state.timers[timer.case, timer.name] = replace(timer, due=due)
        return len(woken)

    def _standing(self, lanes: Sequence[int]) -> list[DueTimer]:
        return [t for t in self.state.timers.values() if t.lane in lanes and t.due == NEVER]

    async def begin_effects(self, epochs: Epochs, limit: int) -> Begun:
        await self.faults.reach("begin_effects", epochs)
        self._still_owned(epochs)
        waiting = sorted(
            (e for e in self.state.effects.values() if e.lane in epochs and e.state == "waiting"),
            key=lambda effect: effect.due,
        )
        begun = [effect for effect in waiting if effect.due <= self._now()][:limit]
        for effect in begun:
            effect.state = "begun"
            effect.attempts += 1
            effect.first_attempt_at = effect.first_attempt_at or self._now()
        if begun or not waiting:
            return Begun([_pending(effect) for effect in begun])
        return Begun([], waiting[0].due)

    async def postpone_effect(self, key: str, until: datetime, *, uncertain: bool) -> None:
        await self.faults.reach("postpone_effect", key)
        effect = self.state.effects[key]
        if effect.state == "begun":
            effect.state, effect.due = "waiting", until
            effect.uncertain = effect.uncertain or uncertain

    async def parked(self, lanes: Sequence[int]) -> list[Parked]:
        await self.faults.reach("parked", lanes)
        return [record for _, record in sorted(self.state.parked.items()) if record.lane in lanes]

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

    async def discarded(self, lanes: Sequence[int]) -> list[Discarded]:
        await self.faults.reach("discarded", lanes)
        return [given_up for given_up in self.state.discarded if given_up.parked.lane in lanes]

    @asynccontextmanager
    async def listen(self, wake: Wake) -> AsyncIterator[None]:
        self._listeners.append(wake)
        try:
            yield
        finally:
            self._listeners.remove(wake)

    def entries(self) -> list[Entry]:
        """Everything in the log, lane by lane, in order."""
        return [entry for _, lane in sorted(self.state.entries.items()) for entry in lane]

    def memories(self) -> dict[UUID, Remembered]:
        """What is remembered of every case."""
        return dict(self.state.memories)

    def _now(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())

    def _notify(self, news: News = "log") -> None:
        for wake in tuple(self._listeners):
            asyncio.get_running_loop().call_soon(wake, news)

    def _still_owned(self, epochs: Epochs) -> None:
        lost = [lane for lane, epoch in epochs.items() if self.state.epochs.get(lane) != epoch]
        if lost:
            raise Fenced(f"lanes {lost} have another owner")

    def _claim(self, lane: int) -> Claim:
        by_topic: dict[str, Position] = {}
        for (number, topic, source), had in self.state.tracking.items():
            if number == lane:
                before = by_topic.get(topic, Position(topic, {}, 0))
                by_topic[topic] = Position(
                    topic,
                    before.sequences | {source: had.sequence},
                    max(before.next_offset, had.next_offset),
                )
        return Claim(lane, self.state.epochs[lane], tuple(by_topic.values()))


def _place(timer: DueTimer) -> Place:
    return timer.due, timer.case


def _pending(effect: StoredEffect) -> PendingEffect:
    assert effect.first_attempt_at is not None
    return PendingEffect(
        lane=effect.lane,
        case=effect.case,
        effect=effect.effect,
        cause=effect.cause,
        attempts=effect.attempts,
        first_attempt_at=effect.first_attempt_at,
        uncertain=effect.uncertain,
    )
