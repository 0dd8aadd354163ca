"""Timers in memory: those that fall due soon, the rest stay rows.

What had fallen due before this replica began to look is the backlog. It is fired in order of due,
in what room of a batch is left by what falls due now, so a backlog of any size delays nothing.
Both are read page by page, and no row is read twice.
"""

import heapq
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from case_events.runtime.ports import DueTimer, Log

WINDOW = timedelta(minutes=10)
PAGE = 10_000
LOW = 2_500
"""Read on when so few of the timers that were read are left."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class _Entry(NamedTuple):
    due: datetime
    order: int
    name: str
    case: UUID


class _Reach:
    """A stretch of time whose timers are read in order of due: all up to `read_to` are here."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.read_to, self.end = start, end
        self.heap: list[_Entry] = []

    def done(self) -> bool:
        return self.read_to >= self.end


class Wheel:
    """Two heaps of due times, and the timers that still stand; what was dropped is passed over.

    The timers of a case under different names are independent of each other.
    """

    def __init__(self) -> None:
        self._timers: dict[tuple[UUID, str], DueTimer] = {}
        self._backlog: _Reach | None = None
        self._coming: _Reach | None = None
        self._order = 0

    def __len__(self) -> int:
        return len(self._timers)

    def load(self, timers: Iterable[DueTimer]) -> None:
        """Take timers in that were set; those not yet read for stay with the log until then."""
        for timer in timers:
            self.drop(timer.case, timer.name)
            reach = self._reach_of(timer.due)
            if reach is not None and timer.due <= reach.read_to:
                self._push(reach, timer)

    def drop(self, case: UUID, name: str) -> None:
        """Forget a timer that fired or was cleared."""
        self._timers.pop((case, name), None)

    def forget(self) -> None:
        """Forget everything; the next refill begins anew."""
        self._timers.clear()
        self._backlog = self._coming = None

    def needs_refill(self, now: datetime) -> bool:
        """Whether little is left of what was read, or nothing was read yet."""
        backlog, coming = self._backlog, self._coming
        if backlog is None or coming is None:
            return True
        if not backlog.done() and len(backlog.heap) < LOW:
            return True
        return coming.read_to <= now + WINDOW / 2 and len(coming.heap) < LOW

    async def refill(self, log: Log, lanes: Sequence[int], now: datetime) -> None:
        """Read on where little is left."""
        if not lanes or not self.needs_refill(now):
            return
        if self._backlog is None or self._coming is None:
            self._backlog, self._coming = _Reach(LONG_AGO, now), _Reach(now, now)
        self._coming.end = now + WINDOW
        for reach in (self._backlog, self._coming):
            if len(reach.heap) < LOW and not reach.done():
                await self._read_on(reach, log, lanes)

    async def _read_on(self, reach: _Reach, log: Log, lanes: Sequence[int]) -> None:
        timers = await log.timers(lanes, reach.read_to, reach.end, PAGE)
        reach.read_to = timers[-1].due if len(timers) >= PAGE else reach.end
        for timer in timers:
            self._push(reach, timer)

    def next_due(self) -> datetime | None:
        """When the first timer falls due or has to be read; None where nothing is known yet."""
        if self._backlog is None or self._coming is None:
            return None
        if not self._backlog.done():
            return self._backlog.read_to
        dues = [entry.due for entry in map(self._first, (self._backlog, self._coming)) if entry]
        return min([*dues, self._coming.read_to - WINDOW / 2])

    def due(self, now: datetime, limit: int) -> list[DueTimer]:
        """Timers that have fallen due. They stay until they are dropped.

        Those that fell due since we look come first, oldest first, then the backlog: a quarter
        of the limit at least and half of it at most.
        """
        if self._backlog is None or self._coming is None:
            return []
        overdue = self._due(self._backlog, now, limit // 2)
        room = limit - min(len(overdue), limit // 4)
        fresh = self._due(self._coming, now, room)
        return fresh + overdue[: limit - len(fresh)]

    def _due(self, reach: _Reach, now: datetime, limit: int) -> list[DueTimer]:
        found: list[_Entry] = []
        while len(found) < limit and (first := self._first(reach)) and first.due <= now:
            found.append(heapq.heappop(reach.heap))
        for entry in found:
            heapq.heappush(reach.heap, entry)
        return [self._timers[entry.case, entry.name] for entry in found]

    def _first(self, reach: _Reach) -> _Entry | None:
        """The first entry that still stands."""
        while reach.heap:
            entry = reach.heap[0]
            timer = self._timers.get((entry.case, entry.name))
            if timer is not None and timer.due == entry.due:
                return entry
            heapq.heappop(reach.heap)
        return None

    def _push(self, reach: _Reach, timer: DueTimer) -> None:
        self._order += 1
        self._timers[timer.case, timer.name] = timer
        heapq.heappush(reach.heap, _Entry(timer.due, self._order, timer.name, timer.case))

    def _reach_of(self, due: datetime) -> _Reach | None:
        if self._backlog is None:
            return None
        return self._backlog if due <= self._backlog.end else self._coming
