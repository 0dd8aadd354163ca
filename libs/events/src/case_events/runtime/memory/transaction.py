"""A transaction of the log in memory: staged, then kept as a whole or not at all."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from msgspec.structs import replace

from case_events.envelope import Delivery
from case_events.kernel import Effect, Row, Timer
from case_events.runtime.memory.quarantine import admit, hold
from case_events.runtime.memory.state import State, StoredEffect, Tracking
from case_events.runtime.parked import Parked
from case_events.runtime.ports import (
    Advance,
    DueTimer,
    Entry,
    Epochs,
    Fenced,
    Rejected,
    Remembered,
)

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class MemoryTransaction:
    """Implements the `Transaction` port. What was staged is open to the rules of a test."""

    def __init__(
        self, state: State, heads: Mapping[int, asyncio.Lock], epochs: Epochs, now: datetime
    ) -> None:
        self.now = now
        self.entries: list[Entry] = []
        self.memories: dict[UUID, Remembered] = {}
        self.moves: list[Advance] = []
        self._state, self._heads, self._epochs = state, heads, epochs
        self._held: dict[int, int] = {}
        self._unparked: list[int] = []
        self._changes: list[Callable[[], object]] = []

    async def recall(self, cases: Sequence[UUID]) -> dict[UUID, Remembered]:
        known = self._state.memories | self.memories
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
        for lane, count in sorted(counts.items()):
            if lane not in self._held:
                await self._heads[lane].acquire()
                self._held[lane] = len(self._state.entries[lane])
            first[lane] = self._held[lane] + 1
            self._held[lane] += count
        return first

    async def append(self, entries: Sequence[Entry]) -> None:
        self.entries += entries

    async def keep(self, lane_of: Mapping[UUID, int], memories: Mapping[UUID, Remembered]) -> None:
        self.memories |= memories

    async def keep_rows(self, rows: Mapping[UUID, Sequence[Row]]) -> None:
        documents = {(case, row.key): row.document for case, kept in rows.items() for row in kept}
        self.stage(self._state.rows.update, documents)

    async def set_timers(
        self, lane_of: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        for case, timer, cause in timers:
            key = (case, timer.name)
            if timer.due is None:
                self.stage(self._state.timers.pop, key, None)
            else:
                stands = DueTimer(lane_of[case], case, timer.name, timer.due, cause)
                self.stage(self._state.timers.update, {key: stands})

    async def add_effects(
        self, lane_of: Mapping[UUID, int], effects: Sequence[tuple[UUID, Effect, bytes]]
    ) -> None:
        for case, effect, cause in effects:
            new = StoredEffect(
                lane=lane_of[case], case=case, effect=effect, cause=cause, due=self.now
            )
            self.stage(self._state.effects.setdefault, effect.key, new)

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        begun = {key: self._state.effects[key] for key in keys if self._is_begun(key)}
        for effect in begun.values():
            self.stage(setattr, effect, "state", "done")
        return {key: effect.uncertain for key, effect in begun.items()}

    async def park(
        self, lane: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        self.stage(self._park, lane, case, delivery, error, awaits)

    async def unpark(self, places: Sequence[int]) -> None:
        self._unparked += places

    async def blame(self, place: int, error: str, awaits: str = "") -> None:
        self.stage(self._blame, place, error, awaits)

    async def quarantine(self, delivery: Delivery, reason: str) -> None:
        self.stage(hold, self._state, delivery, reason, self.now)

    async def admit(self, places: Sequence[int]) -> None:
        for place in places:
            self.stage(admit, self._state, place)

    async def advance(self, moves: Sequence[Advance]) -> None:
        self.moves += moves

    def apply(self) -> None:
        """Keep everything, in one step that nothing else comes between."""
        for lane, epoch in self._epochs.items():
            if self._state.epochs.get(lane) != epoch:
                raise Fenced(f"lane {lane} has another owner")
        self._check_history()
        self._check_positions()
        self._check_parked()
        for place in self._unparked:
            del self._state.parked[place]
        for entry in self.entries:
            self._state.entries[entry.lane].append(entry)
        self._state.history |= {(e.case, e.version) for e in self.entries if e.version}
        self._state.memories |= self.memories
        for move in self.moves:
            kept = Tracking(move.sequence, move.next_offset)
            self._state.tracking[move.lane, move.topic, move.source] = kept
        for change in self._changes:
            change()

    def is_changing(self) -> bool:
        """Whether its commit would change anything."""
        return bool(self.entries or self.memories or self.moves or self._changes or self._unparked)

    def fence(self, lanes: Sequence[int]) -> None:
        """Another owner takes lanes over, and does not wait for one who cannot commit."""
        if self._epochs.keys() & set(lanes):
            self.release()

    def release(self) -> None:
        """Let the lanes go whose places were reserved."""
        while self._held:
            lane, _ = self._held.popitem()
            self._heads[lane].release()

    def stage(self, change: Callable[..., object], *arguments: object) -> None:
        """Do this as well when everything is kept."""
        self._changes.append(partial(change, *arguments))

    def _park(self, lane: int, case: UUID, delivery: Delivery, error: str, awaits: str) -> None:
        place = self._state.places = self._state.places + 1
        self._state.parked[place] = Parked(
            place=place, lane=lane, case=case, delivery=delivery, error=error, awaits=awaits
        )

    def _blame(self, place: int, error: str, awaits: str) -> None:
        waiting = self._state.parked
        if place not in waiting:
            return
        waiting[place] = replace(waiting[place], error=error, awaits=awaits)
        for other, record in waiting.items():
            if record.case == waiting[place].case:
                waiting[other] = replace(record, retry=False)

    def _is_begun(self, key: str) -> bool:
        return key in self._state.effects and self._state.effects[key].state == "begun"

    def _check_history(self) -> None:
        versions = [(entry.case, entry.version) for entry in self.entries if entry.version]
        if len(set(versions)) < len(versions) or self._state.history & set(versions):
            raise Rejected("a version of a case is written twice")
        reserved = {lane: len(self._state.entries[lane]) for lane in self._held}
        for entry in self.entries:
            reserved[entry.lane] = reserved.get(entry.lane, 0) + 1
            if entry.sequence != reserved[entry.lane]:
                raise Rejected(f"place {entry.sequence} of lane {entry.lane} was not reserved")

    def _check_parked(self) -> None:
        if not self._state.parked.keys() >= set(self._unparked):
            raise Fenced("a record that was tried again was discarded meanwhile")

    def _check_positions(self) -> None:
        for move in self.moves:
            stands = self._state.tracking.get((move.lane, move.topic, move.source))
            if move.was != (stands.sequence if stands else 0):
                raise Fenced(f"the position in {move.topic}/{move.lane} was moved by another")
