"""Why a clock says what it says: its time, stretch by stretch."""

import msgspec
from case_definition.calendar.days import OPEN
from case_definition.calendar.lengths import Elapsed

from case_sla.domain.clock import Calendars, Cycle, Stretch, counts, elapsed, stretches

EARLIER = "earlier, no longer itemised"


class Entry(msgspec.Struct, frozen=True):
    """From, to, what of it was counted (microseconds), and why."""

    start: int
    end: int
    counted: int
    why: str


def ledger(
    cycle: Cycle, history: tuple[Stretch, ...], calendars: Calendars, at: int
) -> tuple[Entry, ...]:
    """A cycle's time from its start to its end, or to `at`, without a gap.

    What was counted sums to the cycle's elapsed time.
    """
    end = at if cycle.ended is None else cycle.ended
    entries: list[Entry] = []
    reached = cycle.start
    for low, high, stretch in stretches(cycle, history, end):
        if high is None:
            continue
        if low > reached and entries:
            entries.append(Entry(reached, low, 0, "finished, until it was reopened"))
        entries += _entries(low, high, stretch, cycle, calendars)
        reached = high
    missing = elapsed(cycle, history, calendars, at) - sum(entry.counted for entry in entries)
    if missing:
        until = entries[0].start if entries else end
        entries.insert(0, Entry(cycle.start, until, missing, EARLIER))
    return tuple(entries)


def _entries(
    low: int, high: int, stretch: Stretch, cycle: Cycle, calendars: Calendars
) -> list[Entry]:
    if stretch.resolved:
        return [Entry(low, high, 0, f"resolved by {stretch.by}")]
    if cycle.target is None or not counts(stretch, cycle.target):
        return [Entry(low, high, 0, f"paused by {stretch.by}")]
    if isinstance(cycle.target.length, Elapsed):
        return [Entry(low, high, high - low, "elapsed time")]
    return [
        Entry(start, end, end - start if why == OPEN else 0, why)
        for start, end, why in calendars[cycle.target.calendar].pieces(low, high)
    ]
