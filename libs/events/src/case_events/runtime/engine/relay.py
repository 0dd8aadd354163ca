"""The relay: publishes the log in its order, at least once."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.ports import Epochs, Fenced, Log, OutboxEntry, Publisher, Unavailable

logger = structlog.get_logger()
AT_ONCE = 1000
AT_HAND = 10_000
"""The most records that wait in memory. Further records are read from the log."""


class Relay:
    """Publishes the records of the partitions that this replica owns.

    After a crash it resumes from the mark of published records, so records that were acknowledged
    but not marked are published twice, in order. Records that this replica has just written are
    published from memory if they directly follow the published ones. Otherwise the log is read.
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
        """Look for records in the log."""
        self._look = True
        self._work.set()

    def hand(self, entries: Sequence[OutboxEntry]) -> None:
        """Queue records that this replica has written and committed."""
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
        """Drop the records in memory: partitions have changed, or a commit may have failed."""
        self._forget()
        self._work.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self.poll):
                    await self._work.wait()
            except TimeoutError:
                self._look = True  # Look now and then, in case a notification was lost.
            self._work.clear()
            try:
                await self.publish()
            except Fenced:
                self._forget()  # Another replica owns and publishes one of these partitions now.
            except Unavailable as error:
                logger.warning("relay interrupted", error=str(error))
                self.invalidate()
                await asyncio.sleep(min(self.poll, 1.0))

    async def publish(self) -> None:
        """Publish all records in the log of every partition that is owned now."""
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
        """Note that everything up to these sequences is published, and drop those records from
        memory."""
        for partition, sequence in last.items():
            waiting = [e for e in self._at_hand.get(partition, []) if e.sequence > sequence]
            self._at_hand[partition] = waiting
            if not waiting:
                self._follows[partition] = sequence + 1


def _last(entries: Sequence[OutboxEntry]) -> dict[int, int]:
    """Return the highest sequence of each partition among these entries."""
    last: dict[int, int] = {}
    for entry in entries:
        last[entry.partition] = max(last.get(entry.partition, 0), entry.sequence)
    return last
