"""The ledger of a clock: its time, interval by interval, and who had to act."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
from case_definition.calendar.days import OPEN
from case_definition.calendar.lengths import Elapsed
from case_events.contracts.parts import TimeSpent

from case_clocks.clock import Calendars, Cycle, StatusInterval
from case_clocks.counting import counts, elapsed, intervals, ruler_of, whole

EARLIER = "earlier, no longer itemised"
FINISHED = "finished, until it was reopened"
ELAPSED = "elapsed time"


class LedgerEntry(msgspec.Struct, frozen=True):
    """From, to, the counted time (microseconds), and the reason."""

    start: int
    end: int
    counted: int
    why: str


def ledger(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, at: int
) -> tuple[LedgerEntry, ...]:
    """A cycle's time from its start to its end, or to `at`, without a gap.

    The counted times sum to the cycle's elapsed time.
    """
    end = at if cycle.ended is None else cycle.ended
    entries: list[LedgerEntry] = []
    reached = cycle.start
    for low, high, interval in intervals(whole(cycle), history, end):
        if high is None:
            continue
        if low > reached and entries:
            entries.append(LedgerEntry(reached, low, 0, FINISHED))
        for entry in _entries(low, high, interval, cycle, calendars):
            _join(entries, entry)
        reached = high
    missing = elapsed(cycle, history, calendars, at) - sum(entry.counted for entry in entries)
    if missing:
        until = entries[0].start if entries else end
        entries.insert(0, LedgerEntry(cycle.start, until, missing, EARLIER))
    return tuple(entries)


def held(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, until: int
) -> tuple[TimeSpent, ...]:
    """The division of a cycle's time up to an instant, most first."""
    if cycle.target is None:
        return ()
    counter = ruler_of(cycle.target, calendars)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for low, high, interval in intervals(whole(cycle), history, until):
        if high is not None and counts(interval, cycle.target):
            found[interval.hands, interval.status or ""] += counter.between(low, high)
    most_first = sorted(found.items(), key=lambda item: -item[1])
    return tuple(TimeSpent(*where, counted) for where, counted in most_first if counted)


def _join(entries: list[LedgerEntry], entry: LedgerEntry) -> None:
    """Add an entry; an entry that continues the last one for the same reason extends it."""
    last = entries[-1] if entries else None
    if last is not None and last.end == entry.start and last.why == entry.why:
        entries[-1] = LedgerEntry(last.start, entry.end, last.counted + entry.counted, entry.why)
    else:
        entries.append(entry)


def _entries(
    low: int, high: int, interval: StatusInterval, cycle: Cycle, calendars: Calendars
) -> Iterator[LedgerEntry]:
    if interval.resolved:
        yield LedgerEntry(low, high, 0, f"resolved by {interval.by}")
    elif cycle.target is None or not counts(interval, cycle.target):
        yield LedgerEntry(low, high, 0, f"paused by {interval.by}")
    elif isinstance(cycle.target.length, Elapsed):
        yield LedgerEntry(low, high, high - low, ELAPSED)
    else:
        for start, end, why in calendars[cycle.target.calendar].pieces(low, high):
            yield LedgerEntry(start, end, end - start if why == OPEN else 0, why)
