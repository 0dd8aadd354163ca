"""The relay: publishes the log in its own order, at least once."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.ports import Epochs, Fenced, Log, OutboxEntry, Publisher, Unavailable

logger = structlog.get_logger()
AT_ONCE = 1000
AT_HAND = 10_000
"""Records that wait in memory at most; those beyond it are read from the log."""


class Relay:
    """Belongs to the owner of the partitions. After a crash it goes on from what is marked as
    published, so that what was acknowledged but not marked goes out twice, in order.

    What this replica has just written it need not read back, where it follows on what was
    published or is at hand. Where anything else may stand in between, the log is asked.
    """

    def __init__(
        self,
        log: Log,
        publisher: Publisher,
        partitions: OwnedPartitions,
        metrics: Metrics,
        poll: float,
    ) -> None:
        self.log, self.publisher, self.partitions = log, publisher, partitions
        self.metrics, self.poll = metrics, poll
        self._work = asyncio.Event()
        self._look = True
        self._follows: dict[int, int] = {}
        self._at_hand: dict[int, list[OutboxEntry]] = {}

    def wake(self) -> None:
        """There may be something in the log to publish."""
        self._look = True
        self._work.set()

    def hand(self, entries: Sequence[OutboxEntry]) -> None:
        """These records were written by this replica, and kept."""
        room = AT_HAND - sum(map(len, self._at_hand.values()))
        for entry in entries:
            if self._follows.get(entry.partition) == entry.sequence and room > 0:
                self._at_hand.setdefault(entry.partition, []).append(entry)
                self._follows[entry.partition] += 1
                room -= 1
            else:
                self._look = True
        if entries:
            self._work.set()

    def invalidate(self) -> None:
        """Believe only what the log says: partitions came or went, or a commit may have failed."""
        self._forget()
        self._work.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self.poll):
                    await self._work.wait()
            except TimeoutError:
                self._look = True  # now and then, for what a lost notification left lying
            self._work.clear()
            try:
                await self.publish()
            except Fenced:
                self._forget()  # another replica publishes one of these partitions now
            except Unavailable as error:
                logger.warning("relay interrupted", error=str(error))
                self.invalidate()
                await asyncio.sleep(min(self.poll, 1.0))

    async def publish(self) -> None:
        """Publish all that is in the log of every partition that is owned now."""
        epochs = self.partitions.epochs()
        while epochs:
            entries = self._next_at_hand(epochs)
            if not entries and self._look:
                self._look = False
                entries = await self.log.unpublished(list(epochs), AT_ONCE)
                self._look = self._look or bool(entries)
            if not entries:
                break
            await self.publisher.send(entries)
            last = _last(entries)
            await self.log.mark_published(epochs, last)
            self._went_out(last)
            self.metrics.relayed(len(entries))

    def _forget(self) -> None:
        self._follows.clear()
        self._at_hand.clear()
        self._look = True

    def _next_at_hand(self, epochs: Epochs) -> list[OutboxEntry]:
        entries: list[OutboxEntry] = []
        for partition in epochs:
            waiting = self._at_hand.get(partition, [])
            room = AT_ONCE - len(entries)
            entries += waiting[:room]
            del waiting[:room]
        return entries

    def _went_out(self, last: Mapping[int, int]) -> None:
        """Up to these sequences all is published, also what was at hand and read as well."""
        for partition, sequence in last.items():
            waiting = [e for e in self._at_hand.get(partition, []) if e.sequence > sequence]
            self._at_hand[partition] = waiting
            if not waiting:
                self._follows[partition] = sequence + 1


def _last(entries: Sequence[OutboxEntry]) -> dict[int, int]:
    """Partition to the highest sequence among these."""
    last: dict[int, int] = {}
    for entry in entries:
        last[entry.partition] = max(last.get(entry.partition, 0), entry.sequence)
    return last
