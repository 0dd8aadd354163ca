"""The relay: publishes the log in its order, at least once."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import structlog

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.ports import Epochs, Fenced, Log, OutboxEntry, Publisher, Unavailable

logger = structlog.get_logger()
AT_ONCE = 1000
"""The most records of one partition that are taken from memory at once, and the most that are read
from the log at once."""
AT_HAND = 10_000
"""The most records that wait in memory. Further records are read from the log."""


class Relay:
    """Publishes the records of the partitions that this replica owns.

    After a crash it resumes from the mark of published records, so records that were acknowledged
    but not marked are published twice, in order. Records that this replica has just written wait in
    memory, and are published from there once everything before them is published. All others are
    read from the log.
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
        self._next: dict[int, int] = {}
        self._at_hand: dict[int, list[OutboxEntry]] = defaultdict(list)
        self._caught_up: set[int] = set()  # the log has nothing for them that is not in memory

    def wake(self) -> None:
        """Look for records in the log."""
        self._caught_up.clear()
        self._work.set()

    def hand(self, entries: Sequence[OutboxEntry]) -> None:
        """Queue records that this replica has written and committed. A queue has no gaps."""
        room = AT_HAND - sum(map(len, self._at_hand.values()))
        for entry in entries:
            waiting = self._at_hand[entry.partition]
            expected = waiting[-1].sequence + 1 if waiting else self._next.get(entry.partition)
            follows = entry.sequence == expected
            if not follows or room <= 0:
                self._caught_up.discard(entry.partition)
            if room > 0 and (follows or not waiting):
                waiting.append(entry)
                room -= 1
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
                self._caught_up.clear()  # Look now and then, in case a notification was lost.
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
        while entries := await self._take(epochs):
            last = {entry.partition: entry.sequence for entry in entries}
            await self.publisher.send(entries)
            await self.log.mark_published(epochs, last)
            self.metrics.relayed(len(entries))

    async def _take(self, epochs: Epochs) -> list[OutboxEntry]:
        """Return the next records of these partitions, in order by partition. What is not next in
        memory is read from the log."""
        entries: list[OutboxEntry] = []
        behind: list[int] = []
        for partition in epochs:
            waiting = self._at_hand[partition]
            if waiting and waiting[0].sequence == self._next.get(partition):
                entries += waiting[:AT_ONCE]
            elif partition not in self._caught_up:
                behind.append(partition)
        if behind:
            entries += await self._read(behind)
        self._next |= {entry.partition: entry.sequence + 1 for entry in entries}
        for partition, following in self._next.items():
            waiting = self._at_hand[partition]
            if waiting and waiting[0].sequence < following:
                del waiting[: following - waiting[0].sequence]
        return entries

    async def _read(self, behind: Sequence[int]) -> list[OutboxEntry]:
        """Return the first unpublished records of these partitions from the log."""
        self._caught_up.update(behind)  # before the query: what is written meanwhile undoes it
        entries = await self.log.unpublished(behind, AT_ONCE)
        if entries:
            self._caught_up.difference_update(behind)
        return entries

    def _forget(self) -> None:
        self._next.clear()
        self._at_hand.clear()
        self._caught_up.clear()
