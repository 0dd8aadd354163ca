"""Time and ids for the runtime: the database's clock, carried on by the event loop's."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID


class DatabaseClock:
    """The database's time, between readings carried on by the loop's monotonic clock.

    A replica whose own clock is wrong by an hour therefore fires nothing an hour early.
    """

    def __init__(self) -> None:
        self._read = datetime.fromtimestamp(0, UTC)
        self._mark = 0.0

    def sync(self, now: datetime) -> None:
        """Set the clock by a reading just taken from the database."""
        self._read, self._mark = now, asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """The database's time, as well as it is known here."""
        return self._read + timedelta(seconds=asyncio.get_running_loop().time() - self._mark)


_LOW = (1 << 62) - 1


class Ids:
    """UUIDv7 (RFC 9562): time-ordered ids, from a source of chance that a test may seed."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def new(self, at: datetime) -> UUID:
        """A new id; its first 48 bits are `at` in milliseconds."""
        chance = self._chance.getrandbits(74)
        number = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (chance >> 62 << 64)
        return UUID(int=number | (0b10 << 62) | (chance & _LOW))
