"""Timers in memory: those that fall due in the next window, the rest stay rows."""

import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from case_events.runtime.ports import DueTimer, Log

WINDOW = timedelta(minutes=10)
MOST = 100_000


class Wheel:
    """A heap of due times with the timers that still stand; what was dropped is passed over."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str, UUID]] = []
        self._timers: dict[tuple[UUID, str], DueTimer] = {}
        self._horizon: datetime | None = None
        self._order = 0

    def __len__(self) -> int:
        return len(self._timers)

    def load(self, timers: Iterable[DueTimer]) -> None:
        """Take timers in; those beyond the window stay with the log until it comes."""
        for timer in timers:
            if self._horizon is not None and timer.due > self._horizon:
                self.drop(timer.case, timer.name)
                continue
            self._timers[timer.case, timer.name] = timer
            self._order += 1
            heapq.heappush(self._heap, (timer.due, self._order, timer.name, timer.case))

    def drop(self, case: UUID, name: str) -> None:
        """Forget a timer that fired or was cleared."""
        self._timers.pop((case, name), None)

    def forget(self) -> None:
        """Forget everything; the next refill reads the window again."""
        self._heap.clear()
        self._timers.clear()
        self._horizon = None

    def needs_refill(self, now: datetime) -> bool:
        """Whether the window is half gone, or was never read."""
        return self._horizon is None or now >= self._horizon - WINDOW / 2

    async def refill(self, log: Log, lanes: Sequence[int], now: datetime) -> None:
        """Read the next window once the last one is half gone."""
        if not lanes or not self.needs_refill(now):
            return
        self.forget()
        timers = await log.timers(lanes, now + WINDOW, MOST)
        self._horizon = timers[-1].due if len(timers) == MOST else now + WINDOW
        self.load(timers)

    def next_due(self) -> datetime | None:
        """When the first timer falls due; the end of the window where none does."""
        while self._heap:
            due, _, name, case = self._heap[0]
            timer = self._timers.get((case, name))
            if timer is not None and timer.due == due:
                return due
            heapq.heappop(self._heap)
        return self._horizon - WINDOW / 2 if self._horizon is not None else None

    def due(self, now: datetime, limit: int) -> list[DueTimer]:
        """Timers that have fallen due, oldest first. They stay until they are dropped."""
        found: list[tuple[datetime, int, str, UUID]] = []
        timers: list[DueTimer] = []
        while self._heap and self._heap[0][0] <= now and len(timers) < limit:
            entry = heapq.heappop(self._heap)
            timer = self._timers.get((entry[3], entry[2]))
            if timer is not None and timer.due == entry[0]:
                found.append(entry)
                timers.append(timer)
        for entry in found:
            heapq.heappush(self._heap, entry)
        return timers
