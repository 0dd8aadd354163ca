"""Time zones from the pinned `tzdata` package, never from the machine.

A zone is a list of intervals of constant offset, so that a wall clock maps to real time without
guessing about repeated and skipped hours.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

from case_definition.calendar.instants import DAY, EPOCH, EPOCH_ORDINAL, SECOND

TZ_VERSION: str = tzdata.IANA_VERSION

Segment = tuple[int, int, int]
"""From and to (instants), and the zone's offset between them, all in microseconds."""

_DAY_SECONDS = DAY // SECOND
# No zone of the database changes twice within such a short time; a test checks this.
_PROBE_SECONDS = 6 * 3600


@cache
def zone_names() -> frozenset[str]:
    """Every zone name in the pinned database."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


class Zone:
    """A time zone of the pinned database."""

    def __init__(self, name: str) -> None:
        if name not in zone_names():
            raise ValueError(f"{name!r} is no zone of the IANA database {TZ_VERSION}")
        source = files("tzdata.zoneinfo").joinpath(*name.split("/"))
        with source.open("rb") as file:
            self._info = ZoneInfo.from_file(file, key=name)
        self.name = name
        self._segments: dict[int, tuple[Segment, ...]] = {}

    def moment(self, instant: int) -> datetime:
        """The instant as an aware datetime of this zone."""
        return (EPOCH + timedelta(microseconds=instant)).astimezone(self._info)

    def reading(self, instant: int) -> tuple[int, int]:
        """The reading of the wall clock: days since 1970-01-01, and microseconds into that day."""
        return divmod(instant + self._offset(instant // SECOND), DAY)

    def at_reading(self, day: int, of_day: int) -> int:
        """The instant of a reading of the wall clock.

        A repeated reading is the first of the two; a skipped reading uses the offset before the
        change, as in RFC 5545.
        """
        midnight = datetime.fromordinal(day + EPOCH_ORDINAL)
        naive = midnight + timedelta(microseconds=of_day)
        aware = naive.replace(tzinfo=self._info)
        return (aware.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)

    def segments(self, day: int) -> tuple[Segment, ...]:
        """The intervals of constant offset of a UTC day (days since 1970-01-01), in order."""
        found = self._segments.get(day)
        if found is None:
            found = self._segments[day] = self._probe(day)
        return found

    def _probe(self, day: int) -> tuple[Segment, ...]:
        first, last = day * _DAY_SECONDS, (day + 1) * _DAY_SECONDS
        segments = []
        since, offset = first, self._offset(first)
        for low in range(first, last, _PROBE_SECONDS):
            high = low + _PROBE_SECONDS
            after = self._offset(high)
            if after != offset:
                change = self._change(low, high)
                segments.append((since * SECOND, change * SECOND, offset))
                since, offset = change, after
        if since < last:
            segments.append((since * SECOND, last * SECOND, offset))
        return tuple(segments)

    def _change(self, low: int, high: int) -> int:
        """The first second after `low` with the offset that holds at `high`."""
        before = self._offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == before:
                low = middle
            else:
                high = middle
        return high

    def _offset(self, second: int) -> int:
        moment = (EPOCH + timedelta(seconds=second)).astimezone(self._info)
        return (moment.utcoffset() or timedelta()) // timedelta(microseconds=1)


@cache
def zone(name: str) -> Zone:
    """The zone with that name, read once. Raises ValueError for an unknown name."""
    return Zone(name)
