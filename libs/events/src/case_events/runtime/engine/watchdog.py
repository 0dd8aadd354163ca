"""The watchdog: makes sure that unread records are processed, even if a reader lost them."""

import asyncio
from collections.abc import Mapping

import structlog
from msgspec import Struct

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.ports import Inbox, Unavailable

logger = structlog.get_logger()
TIMEOUT = 10.0
"""Seconds for which records may stay unread while the inbox returns nothing."""
LOOK_EVERY = 5.0
Place = tuple[str, int]


class _Lag(Struct, frozen=True):
    """Unread records from `offset` on, and the time since which they are unread."""

    offset: int
    since: float


class Watchdog:
    """Seeks again if records stay unread for ten seconds and none of them is taken.

    A reader that lost a fetched batch believes that it has returned everything. If more records
    arrive, the gap shows. If none arrive, only the ends of the topics reveal it, so the watchdog
    asks the broker for them. A partition that waits behind full batches of others is not stuck.
    """

    def __init__(
        self,
        inbox: Inbox,
        partitions: OwnedPartitions,
        metrics: Metrics,
        processing: asyncio.Lock,
        poll: float,
    ) -> None:
        self._inbox, self._partitions, self._metrics = inbox, partitions, metrics
        self._processing = processing
        self._every = max(LOOK_EVERY, poll)
        self._ran_dry = False
        self._lags: dict[Place, _Lag] = {}

    def took(self, count: int, limit: int) -> None:
        """Note that the loop took so many records, and would have taken `limit`."""
        self._ran_dry = self._ran_dry or count < limit

    def forget(self) -> None:
        """Start again: partitions changed, or the log was unreachable, which explains unread
        records."""
        self._lags.clear()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> None:
        """Compare each position with its previous value, and with the ends of its topics."""
        async with self._processing:  # Not during a batch.
            now, offsets = asyncio.get_running_loop().time(), self._partitions.offsets()
            if not self._ran_dry:
                self._lags.clear()
            self._ran_dry = False
            for place, lag in self._lags.items():
                if offsets.get(place) == lag.offset and now - lag.since >= TIMEOUT:
                    self._seek_again(place, lag.offset)
                    self._lags[place] = _Lag(lag.offset, now)
        try:
            self._note(now, offsets, await self._ends())
        except Unavailable:
            self.forget()

    def _seek_again(self, place: Place, offset: int) -> None:
        topic, partition = place
        logger.error(
            "records lie unread: seeking again", topic=topic, partition=partition, offset=offset
        )
        self._metrics.seeks_again.labels(topic).inc()
        self._inbox.seek(topic, partition, offset)

    def _note(self, now: float, offsets: Mapping[Place, int], ends: Mapping[Place, int]) -> None:
        before = self._lags
        self._lags = {}
        for place, offset in offsets.items():
            if ends.get(place, 0) > offset:
                lag = before.get(place)
                if lag is None or lag.offset != offset:
                    lag = _Lag(offset, now)
                self._lags[place] = lag

    async def _ends(self) -> dict[Place, int]:
        partitions = self._partitions.owned()
        found = await asyncio.gather(
            *(self._inbox.end_offsets(partition) for partition in partitions)
        )
        return {
            (topic, partition): end
            for partition, ends in zip(partitions, found, strict=True)
            for topic, end in ends.items()
        }
