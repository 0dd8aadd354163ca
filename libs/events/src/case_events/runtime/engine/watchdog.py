"""Sees to it that what lies in the topics is taken, whatever became of it on the way here."""

import asyncio
from collections.abc import Mapping

import structlog
from msgspec import Struct

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.ports import Inbox, Unavailable

logger = structlog.get_logger()
PATIENCE = 10.0
"""Seconds that records may lie unread while the inbox has nothing to give."""
LOOK_EVERY = 5.0
Place = tuple[str, int]


class _Lag(Struct, frozen=True):
    """Records that lie unread from `offset` on, and since when."""

    offset: int
    since: float


class Watchdog:
    """Seeks again where records lie unread and none of them is taken for ten seconds.

    A reader that lost what it had fetched believes that it gave all there was, and waits for
    more. If more comes, the gap shows; if nothing comes, only the ends of the topics tell, so
    the watchdog asks the broker for them. A partition that waits its turn behind full batches
    of others is not stuck.
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
        """The loop took so many records, and would have taken `limit`."""
        self._ran_dry = self._ran_dry or count < limit

    def forget(self) -> None:
        """Partitions came or went, or the log was away: what was not taken had a reason."""
        self._lags.clear()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> None:
        """Compare where each partition stands with where it stood, and with its topics' ends."""
        async with self._processing:  # not while a batch is under way
            now, offsets = asyncio.get_running_loop().time(), self._partitions.offsets()
            if not self._ran_dry:
                self._lags.clear()
            self._ran_dry = False
            for place, lag in self._lags.items():
                if offsets.get(place) == lag.offset and now - lag.since >= PATIENCE:
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
