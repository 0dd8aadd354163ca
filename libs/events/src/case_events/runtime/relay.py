"""The relay: publishes the log in its own order, at least once."""

import asyncio
from collections.abc import Sequence

import structlog

from case_events.runtime.lanes import Lanes
from case_events.runtime.metrics import Metrics
from case_events.runtime.ports import Entry, Fenced, Interrupted, Log, Publisher

logger = structlog.get_logger()
AT_ONCE = 1000


class Relay:
    """Belongs to the owner of the lanes. After a crash it goes on from what is marked as
    published, so that what was acknowledged but not marked goes out twice, in order."""

    def __init__(
        self, log: Log, publisher: Publisher, lanes: Lanes, metrics: Metrics, poll: float
    ) -> None:
        self.log, self.publisher, self.lanes = log, publisher, lanes
        self.metrics, self.poll = metrics, poll
        self._work = asyncio.Event()

    def wake(self) -> None:
        """There is something to publish."""
        self._work.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self.poll):
                    await self._work.wait()
            except TimeoutError:
                pass  # a look now and then finds what a lost notification left lying
            self._work.clear()
            try:
                await self.publish()
            except Fenced:
                continue  # another replica publishes this lane now
            except Interrupted as error:
                logger.warning("relay interrupted", error=str(error))
                self._work.set()
                await asyncio.sleep(min(self.poll, 1.0))

    async def publish(self) -> None:
        """Publish all that is in the log of every lane that is owned now."""
        epochs = self.lanes.epochs()
        while epochs:
            entries = await self.log.unpublished(list(epochs), AT_ONCE)
            if not entries:
                break
            await self.publisher.send(entries)
            await self.log.mark_published(epochs, _last(entries))
            self.metrics.relayed(len(entries))


def _last(entries: Sequence[Entry]) -> dict[int, int]:
    """Lane to the highest sequence among these."""
    last: dict[int, int] = {}
    for entry in entries:
        last[entry.lane] = max(last.get(entry.lane, 0), entry.sequence)
    return last
