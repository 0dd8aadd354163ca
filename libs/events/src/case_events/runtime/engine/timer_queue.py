"""Timers in memory: those that fall due soon; the rest stay rows.

What is late by more than some seconds is the backlog: it fires in order of due, in what room of a
batch is left by what falls due now, so that a backlog of any size delays nothing. Both are read
page by page from where the last page ended, and what is in memory is bounded. Within a case,
order of due holds all the same: whoever takes a timer takes what fell due of its case before.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from case_events.runtime.ports import DueTimer, Log, Place

WINDOW = timedelta(minutes=10)
"""How far ahead is read: every half of it at least, it is looked again."""

LATE = timedelta(seconds=10)
"""What is late by more than this is of the backlog: from before this replica had the partition, or
more at once than it could fire."""

PAGE = 4_000
REFILL_BELOW = 2_000
"""Read on when so few of the timers that were read are left."""

MAX_LOADED = 20_000
"""Timers of a reach in memory; what is beyond is forgotten, and read again when its turn comes."""

FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
LONG_AGO: Place = (datetime(1970, 1, 1, tzinfo=UTC), FIRST)


class _Segment:
    """A stretch of the order of timers: those up to `read_to` are here, in their order."""

    def __init__(self, start: Place, end: Place) -> None:
        self.read_to, self.end = start, end
        self.timers: list[DueTimer] = []


class TimerQueue:
    """The backlog and what is coming, side by side; what was dropped is passed over."""

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window = window
        self._stands: dict[tuple[UUID, str], DueTimer] = {}
        self._segments: tuple[_Segment, _Segment] | None = None

    def __len__(self) -> int:
        return len(self._stands)

    def load(self, timers: Iterable[DueTimer]) -> None:
        """Take timers in that were set; those not yet read for stay with the log until then."""
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
        """Forget a timer that fired or was cleared."""
        self._stands.pop((case, name), None)

    def forget(self) -> None:
        """Forget everything; the next refill begins anew."""
        self._stands.clear()
        self._segments = None

    def compare(self, given: Sequence[DueTimer], taken: Sequence[DueTimer]) -> None:
        """Forget everything if what was given is not there to be taken: we are out of step."""
        if not {(t.case, t.name) for t in given} <= {(t.case, t.name) for t in taken}:
            self.forget()

    def needs_refill(self, now: datetime) -> bool:
        """Whether little is left of what was read, or nothing was read yet."""
        if self._segments is None:
            return True
        backlog, coming = self._segments
        runs_out = coming.read_to[0] <= now + self._window / 2 and len(coming.timers) < REFILL_BELOW
        return runs_out or (backlog.read_to < backlog.end and len(backlog.timers) < REFILL_BELOW)

    async def refill(self, log: Log, partitions: Sequence[int], now: datetime) -> None:
        """Read on where little is left, one page each."""
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
        """When the first timer falls due or has to be read; None where nothing is known yet."""
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
        """Timers that have fallen due. They stay until they are dropped.

        Those that fall due now come first, oldest first, and the backlog has the room they leave:
        a quarter of the limit at least, so that it ends.
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
        """What has become late goes to the backlog: to be read there where it is not read up."""
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
        """The first that stand and are due; those before them that do not stand are put away."""
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
        """The first timer that still stands."""
        for place, timer in enumerate(reach.timers):
            if self._stands.get((timer.case, timer.name)) is timer:
                del reach.timers[:place]
                return timer
        reach.timers.clear()
        return None

    def _bound(self, reach: _Segment) -> None:
        """Keep the soonest half where there are too many."""
        if len(reach.timers) <= MAX_LOADED:
            return
        reach.timers = [t for t in reach.timers if self._stands.get((t.case, t.name)) is t]
        if len(reach.timers) > MAX_LOADED // 2:
            reach.read_to = _place(reach.timers[MAX_LOADED // 2])
            kept = bisect_right(reach.timers, reach.read_to, key=_place)
            self._let_go(reach.timers[kept:])
            del reach.timers[kept:]

    def _let_go(self, timers: Iterable[DueTimer]) -> None:
        """Forget those of these timers that stand as they are here."""
        for timer in timers:
            if self._stands.get((timer.case, timer.name)) is timer:
                self.drop(timer.case, timer.name)


def _place(timer: DueTimer) -> Place:
    return timer.due, timer.case
