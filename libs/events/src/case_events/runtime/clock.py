"""Time and ids: the database's clock, extrapolated with the event loop's clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID


class DatabaseClock:
    """The database's time. Between readings it advances with the loop's monotonic clock.

    So a replica whose own clock is an hour ahead fires no timer early.
    """

    def __init__(self) -> None:
        self._read = datetime.fromtimestamp(0, UTC)
        self._mark = 0.0

    def sync(self, now: datetime) -> None:
        """Set the clock to a reading that was just taken from the database."""
        self._read, self._mark = now, asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """Return the estimated time of the database."""
        return self._read + timedelta(seconds=asyncio.get_running_loop().time() - self._mark)


_LOW = (1 << 62) - 1


class Ids:
    """Makes UUIDv7 ids (RFC 9562), which are ordered by time, from a random generator that tests
    can seed."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def new(self, at: datetime) -> UUID:
        """Return a new id. Its first 48 bits are `at` in milliseconds."""
        chance = self._chance.getrandbits(74)
        number = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (chance >> 62 << 64)
        return UUID(int=number | (0b10 << 62) | (chance & _LOW))
