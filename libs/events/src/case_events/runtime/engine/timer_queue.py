"""Timers in memory: those that fall due soon. All others stay in the database.

Timers that are late by more than some seconds are the backlog. It fires in order of due time, in
the room that timers due now leave in a batch, so a backlog of any size delays nothing. Both are
read page by page from the end of the last page, and bounded in memory. Within a case the order of
due times always holds, because taking a timer also takes the earlier due timers of its case.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from case_events.runtime.ports import DueTimer, Log, Place

WINDOW = timedelta(minutes=10)
"""How far ahead timers are read. They are read again after half of it at the latest."""

LATE = timedelta(seconds=10)
"""Timers that are later than this belong to the backlog: they fell due before this replica owned
the partition, or there were more at once than it could fire."""

PAGE = 4_000
REFILL_BELOW = 2_000
"""Read the next page when so few timers of the last one are left."""

MAX_LOADED = 20_000
"""The most timers of a stretch in memory. The latest ones beyond it are dropped, and read again."""

FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
LONG_AGO: Place = (datetime(1970, 1, 1, tzinfo=UTC), FIRST)


class _Segment:
    """A stretch of the order of timers: those up to `read_to` are in memory, in order."""

    def __init__(self, start: Place, end: Place) -> None:
        self.read_to, self.end = start, end
        self.timers: list[DueTimer] = []


class TimerQueue:
    """The backlog and the coming timers. A timer that was dropped is skipped."""

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window = window
        self._stands: dict[tuple[UUID, str], DueTimer] = {}
        self._segments: tuple[_Segment, _Segment] | None = None

    def __len__(self) -> int:
        return len(self._stands)

    def load(self, timers: Iterable[DueTimer]) -> None:
        """Add timers that were set. Those beyond the stretches in memory stay in the log until
        then."""
        for timer in timers:
            self.drop(timer.case, timer.name)
            place = _place(timer)
            for reach in self._segments or ():
                if place <= reach.end:
                    if place <= reach.read_to:
                        self._stands[timer.case, timer.name] = timer
                        insort(reach.timers, timer, key=_place)
                        self._bound(reach)
                    break

    def drop(self, case: UUID, name: str) -> None:
        """Remove a timer that fired or was cleared."""
        self._stands.pop((case, name), None)

    def forget(self) -> None:
        """Remove everything; the next refill starts again."""
        self._stands.clear()
        self._segments = None

    def compare(self, given: Sequence[DueTimer], taken: Sequence[DueTimer]) -> None:
        """Remove everything if the log does not have the timers that were given: the queue is out
        of step."""
        if not {(t.case, t.name) for t in given} <= {(t.case, t.name) for t in taken}:
            self.forget()

    def needs_refill(self, now: datetime) -> bool:
        """Whether few of the read timers are left, or none was read yet."""
        if self._segments is None:
            return True
        backlog, coming = self._segments
        runs_out = coming.read_to[0] <= now + self._window / 2 and len(coming.timers) < REFILL_BELOW
        return runs_out or (backlog.read_to < backlog.end and len(backlog.timers) < REFILL_BELOW)

    async def refill(self, log: Log, partitions: Sequence[int], now: datetime) -> None:
        """Read one page for each stretch in which few timers are left."""
        if not partitions or not self.needs_refill(now):
            return
        if self._segments is None:
            late = (now - LATE, LAST)
            self._segments = _Segment(LONG_AGO, late), _Segment(late, late)
        _, coming = self._segments
        coming.end = max(coming.end, (now + self._window, LAST))
        for reach in self._segments:
            if len(reach.timers) < REFILL_BELOW and reach.read_to < reach.end:
                await self._read_on(reach, log, partitions)

    async def _read_on(self, reach: _Segment, log: Log, partitions: Sequence[int]) -> None:
        timers = await log.timers(partitions, reach.read_to, reach.end[0], PAGE)
        last = timers[-1] if len(timers) >= PAGE else None
        reach.read_to = (last.due, last.case) if last else reach.end
        self._stands.update(((timer.case, timer.name), timer) for timer in timers)
        reach.timers += timers
        self._bound(reach)

    def next_due(self) -> datetime | None:
        """Return when the first timer falls due or has to be read; None if none is known yet."""
        if self._segments is None:
            return None
        backlog, coming = self._segments
        if backlog.read_to < backlog.end:
            return backlog.read_to[0]
        read = [reach for reach in self._segments if reach.timers]
        dues = [entry.due for entry in map(self._first, read) if entry]
        if len(coming.timers) < REFILL_BELOW:
            dues.append(coming.read_to[0] - self._window / 2)
        return min(dues)

    def due(self, now: datetime, limit: int) -> list[DueTimer]:
        """Return timers that have fallen due. They stay in the queue until they are dropped.

        Timers that fall due now come first, the oldest first. The backlog gets the room that they
        leave, and at least a quarter of the limit, so that it ends.
        """
        if not any(reach.timers and reach.timers[0].due <= now for reach in self._segments or ()):
            return []
        assert self._segments is not None
        backlog, coming = self._segments
        self._pass_on(coming, backlog, (now - LATE, LAST))
        late = self._due(backlog, now, limit)
        fresh = self._due(coming, now, limit - min(len(late), limit // 4))
        return [*fresh, *late[: limit - len(fresh)]]

    def _pass_on(self, coming: _Segment, backlog: _Segment, late: Place) -> None:
        """Move late timers to the backlog, or leave them to be read there."""
        if late <= backlog.end:
            return
        passed = bisect_right(coming.timers, late, key=_place)
        if backlog.read_to >= backlog.end:
            backlog.timers += coming.timers[:passed]
            backlog.read_to = min(late, coming.read_to)
        else:
            self._let_go(coming.timers[:passed])
        del coming.timers[:passed]
        backlog.end = late
        coming.read_to = max(coming.read_to, late)
        coming.end = max(coming.end, late)
        self._bound(backlog)

    def _due(self, reach: _Segment, now: datetime, limit: int) -> list[DueTimer]:
        """Return the first due timers that still exist; remove the obsolete ones before them."""
        found: list[DueTimer] = []
        passed = 0
        for timer in reach.timers:
            if len(found) == limit or timer.due > now:
                break
            passed += 1
            if self._stands.get((timer.case, timer.name)) is timer:
                found.append(timer)
        if passed > len(found):
            reach.timers[:passed] = found
        return found

    def _first(self, reach: _Segment) -> DueTimer | None:
        """Return the first timer that still exists."""
        for place, timer in enumerate(reach.timers):
            if self._stands.get((timer.case, timer.name)) is timer:
                del reach.timers[:place]
                return timer
        reach.timers.clear()
        return None

    def _bound(self, reach: _Segment) -> None:
        """Keep the half that falls due first, if there are too many."""
        if len(reach.timers) <= MAX_LOADED:
            return
        reach.timers = [t for t in reach.timers if self._stands.get((t.case, t.name)) is t]
        if len(reach.timers) > MAX_LOADED // 2:
            reach.read_to = _place(reach.timers[MAX_LOADED // 2])
            kept = bisect_right(reach.timers, reach.read_to, key=_place)
            self._let_go(reach.timers[kept:])
            del reach.timers[kept:]

    def _let_go(self, timers: Iterable[DueTimer]) -> None:
        """Remove those of these timers that are unchanged here."""
        for timer in timers:
            if self._stands.get((timer.case, timer.name)) is timer:
                self.drop(timer.case, timer.name)


def _place(timer: DueTimer) -> Place:
    return timer.due, timer.case
