"""Sums of open time on a calendar, exact to the microsecond.

The wall clock decides which time is open; lengths are real time. All instants and spans are whole
microseconds (see `instants`). Days are compiled on first use and cached.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import TypeVar

from case_definition.calendar.days import OPEN, Piece, day_plan
from case_definition.calendar.instants import DAY, EARLIEST, LATEST, LATEST_YEAR
from case_definition.calendar.model import CalendarSpec
from case_definition.calendar.zones import Zone, zone

TEN_YEARS = 3653 * DAY
_BLOCK = 32
_LAST_BLOCK = LATEST // DAY // _BLOCK
_WORTH_A_BLOCK = 5
"""The minimum number of days of a span for which the sums of a block of days are worth
computing."""

Span = tuple[int, int]
"""A half-open interval of time: from, to."""


class NeverOpens(Exception):
    """The calendar has no open time within ten years of where it is needed."""


V = TypeVar("V")


class _Made(dict[int, V]):
    """What belongs to a day, or to a block of days: made when it is first asked for, and kept."""

    def __init__(self, make: Callable[[int], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> V:
        made = self[number] = self._make(number)
        return made


class WorkingTime:
    """A compiled calendar. Its answers depend only on its data and the zone database."""

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.zone: Zone = zone(spec.timezone)
        self._plans = _Made(partial(day_plan, spec))
        self._open = _Made(self._open_of)
        self._totals = _Made(self._total_of)
        self._blocks = _Made(self._sums_of)

    def is_open(self, at: int) -> bool:
        """Whether the instant's local reading falls in an interval of its local day."""
        return any(start <= at < end for start, end in self._open[at // DAY])

    def next_opening(self, at: int) -> int:
        """The instant itself if it is open, otherwise the next open instant. Raises NeverOpens."""
        last = min(at + TEN_YEARS, LATEST - 1) // DAY
        for day in range(at // DAY, last + 1):
            for start, end in self._open[day]:
                if end > at:
                    return max(start, at)
        raise NeverOpens(f"it never opens again within ten years of {self._text(at)}")

    def between(self, start: int, end: int) -> int:
        """The open time from `start` to `end`; 0 if `end` is not later."""
        if end <= start:
            return 0
        first, last = start // DAY, end // DAY
        if first == last:
            return self._within(first, start, end)
        total = self._within(first, start, end) + self._within(last, start, end)
        day = first + 1
        if last - day < _WORTH_A_BLOCK:
            return total + sum(self._totals[between] for between in range(day, last))
        while day < last:
            block, place = divmod(day, _BLOCK)
            stop = min(_BLOCK, last - block * _BLOCK)
            sums = self._blocks[block]
            total += sums[stop] - sums[place]
            day = block * _BLOCK + stop
        return total

    def add(self, start: int, span: int) -> int:
        """The earliest instant at which `span` of open time has passed since `start`.

        A span that ends exactly at closing time ends there. A span of zero ends at `start` if that
        is open, otherwise at the next opening. Raises NeverOpens, and ValueError for a negative
        span.
        """
        if span < 0:
            raise ValueError("a span is not negative")
        if span == 0:
            return self.next_opening(start)
        if start >= LATEST:
            raise self._no_deadline(start)
        day, left = start // DAY, span
        for low, high in self._open[day]:  # many a span ends on the day on which it begins
            found = high - max(low, start)
            if found >= left:
                return high - found + left
            left -= max(found, 0)
        day += 1
        return self._add_from(day, left, seen=day * DAY if left < span else start)

    def _add_from(self, day: int, left: int, seen: int) -> int:
        """The earliest instant at which `left` of open time has passed since a day began; it was
        open before at `seen`, or is asked from there."""
        while True:
            if left >= _WORTH_A_BLOCK * DAY:
                day, passed = self._passed(day, left)
                if passed:
                    left -= passed
                    seen = day * DAY
            if day * DAY >= min(seen + TEN_YEARS, LATEST):
                raise self._no_deadline(seen)
            found = self._totals[day]
            if found >= left:
                break
            left -= found
            day += 1
            if found:
                seen = day * DAY
        for low, high in self._open[day]:
            if high - low >= left:
                return low + left
            left -= high - low
        raise AssertionError("a day holds less open time than its sum")

    def subtract(self, end: int, span: int) -> int:
        """The latest instant from which `span` of open time reaches `end`.

        A span of zero gives `end`. Raises NeverOpens, and ValueError for a negative span.
        """
        if span < 0:
            raise ValueError("a span is not negative")
        if span == 0:
            return end
        day, left, seen = end // DAY, span, end
        while (found := self._within(day, EARLIEST, end)) < left:
            left -= found
            if found:
                seen = day * DAY
            while day % _BLOCK == 0 and left >= _WORTH_A_BLOCK * DAY:
                whole = self._blocks[day // _BLOCK - 1][-1]
                if not 0 < whole < left:
                    break
                left -= whole
                day -= _BLOCK
                seen = day * DAY
            if day * DAY <= max(seen - TEN_YEARS, EARLIEST):
                raise NeverOpens(f"it was not open within ten years before {self._text(seen)}")
            day -= 1
        for low, high in reversed(self._clipped(day, EARLIEST, end)):
            if high - low >= left:
                return high - left
            left -= high - low
        raise AssertionError("a day holds less open time than its sum")

    def working_days(self, start: int, days: int) -> int:
        """The instant at which that many working days (1 or more) after `start` have passed.

        The start moves to the next opening. The end is the n-th following open day at the same time
        of day; otherwise that day's last closing before it; otherwise its first opening. Raises
        NeverOpens.
        """
        opening = self.next_opening(start)
        day, of_day = self.zone.reading(opening)
        spans = self.open_of_date(day)
        for _ in range(days):
            day, spans = self._next_open_date(day)
        wanted = day * DAY + of_day
        for low, high, offset in spans:
            if low <= wanted - offset < high:
                return wanted - offset
        closings = [high for _, high, offset in spans if high + offset <= wanted]
        return max(closings) if closings else spans[0][0]

    def open_of_date(self, date_number: int) -> list[tuple[int, int, int]]:
        """The open intervals of a local date (days since 1970-01-01): from, to, offset of the
        zone."""
        found = []
        for day in range(date_number - 1, date_number + 2):
            for since, until, offset in self.zone.segments(day):
                for start, end, why in self._plans[date_number]:
                    low = max(since, date_number * DAY + start - offset)
                    high = min(until, date_number * DAY + end - offset)
                    if why == OPEN and low < high:
                        found.append((low, high, offset))
        return found

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The time from `start` to `end` without a gap, each piece with the reason why it is open
        or closed."""
        found: list[Piece] = []
        for day in range(start // DAY, -(-end // DAY)):
            for low, high, why in self._pieces_of(day):
                low, high = max(low, start), min(high, end)  # noqa: PLW2901 - clipped
                if low >= high:
                    continue
                if found and found[-1][1] == low and found[-1][2] == why:
                    low = found.pop()[0]  # noqa: PLW2901 - joined to the piece before
                found.append((low, high, why))
        return found

    def _next_open_date(self, date_number: int) -> tuple[int, list[tuple[int, int, int]]]:
        last = min(date_number + TEN_YEARS // DAY, LATEST // DAY - 1)
        for day in range(date_number + 1, last + 1):
            spans = self.open_of_date(day)
            if spans:
                return day, spans
        raise self._no_deadline(date_number * DAY)

    def _pieces_of(self, day: int) -> list[Piece]:
        """A whole UTC day, in order: the plans of its local dates on real time."""
        found = []
        for since, until, offset in self.zone.segments(day):
            first, last = since + offset, until + offset
            for date_number in range(first // DAY, -(-last // DAY)):
                midnight = date_number * DAY
                for start, end, why in self._plans[date_number]:
                    low, high = max(midnight + start, first), min(midnight + end, last)
                    if low < high:
                        found.append((low - offset, high - offset, why))
        return found

    def _open_of(self, day: int) -> tuple[Span, ...]:
        return tuple((low, high) for low, high, why in self._pieces_of(day) if why == OPEN)

    def _total_of(self, day: int) -> int:
        return sum(high - low for low, high in self._open[day])

    def _clipped(self, day: int, start: int, end: int) -> list[Span]:
        clipped = ((max(low, start), min(high, end)) for low, high in self._open[day])
        return [(low, high) for low, high in clipped if low < high]

    def _within(self, day: int, start: int, end: int) -> int:
        """The open time of a UTC day between two instants."""
        if start <= day * DAY and end >= (day + 1) * DAY:
            return self._totals[day]
        return sum(high - low for low, high in self._clipped(day, start, end))

    def _passed(self, day: int, span: int) -> tuple[int, int]:
        """The day on which a span from the start of a day ends, or the day before it, and the open
        time up to its start."""
        block, place = divmod(day, _BLOCK)
        passed, sums = 0, self._blocks[block]
        while 0 < (rest := sums[-1] - sums[place]) < span - passed and block < _LAST_BLOCK:
            passed += rest
            block, place = block + 1, 0
            sums = self._blocks[block]
        reached = bisect_left(sums, sums[place] + span - passed, place + 1) - 1
        return block * _BLOCK + reached, passed + sums[reached] - sums[place]

    def _sums_of(self, block: int) -> tuple[int, ...]:
        """The open time of 32 UTC days up to the start of each, and up to the end of the last."""
        days = range(block * _BLOCK, (block + 1) * _BLOCK)
        return tuple(accumulate((self._totals[day] for day in days), initial=0))

    def _no_deadline(self, since: int) -> NeverOpens:
        if since + TEN_YEARS >= LATEST:
            return NeverOpens(f"it has no deadline before the end of the year {LATEST_YEAR}")
        return NeverOpens(f"it never opens again within ten years of {self._text(since)}")

    def _text(self, at: int) -> str:
        return self.zone.moment(at).date().isoformat()
