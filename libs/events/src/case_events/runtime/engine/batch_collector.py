"""The next batch: deliveries, due timers, and effects that were performed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from case_events.envelope import Delivery
from case_events.runtime.engine.effects import Effects
from case_events.runtime.engine.owned_state import OwnedState
from case_events.runtime.engine.work import Batch
from case_events.runtime.ports import DueTimer, Inbox, Log

logger = structlog.get_logger()
HELD = 0.05
"""The shortest wait for records, in seconds, while a timer waits for its partition to be read."""


class BatchCollector:
    """Collects the batch of the next transaction, from all partitions that are owned here.

    `timer_limit` bounds the timers of one batch.
    """

    def __init__(
        self,
        inbox: Inbox,
        log: Log,
        owned: OwnedState,
        effects: Effects,
        timer_limit: int,
    ) -> None:
        self._inbox, self._log, self._effects = inbox, log, effects
        self._partitions, self._timer_queue, self._clock = (
            owned.partitions,
            owned.timer_queue,
            owned.clock,
        )
        self._timer_limit = timer_limit
        self._timers_held = False

    async def next_batch(self, deliveries: Sequence[Delivery]) -> Batch:
        """Return a batch of everything that this replica may process now."""
        following, ahead = self._partitions.expected(deliveries)
        for topic, partition, offset in ahead:
            await self._read_again(topic, partition, offset)
        now = self._clock.now()
        if self._timer_queue.needs_refill(now) and (owned := self._partitions.owned()):
            now = await self._log.now()
            self._clock.sync(now)
            await self._timer_queue.refill(self._log, owned, now)
        done = [
            completed
            for completed in self._effects.completed.values()
            if completed.pending.partition in self._partitions
        ]
        return Batch(deliveries=following, timers=await self._timers(now), effects=done)

    def seconds_until_due(self) -> float:
        """Return the seconds until a timer falls due or has to be read; infinite if none is
        known."""
        due = self._timer_queue.next_due()
        if due is None:
            return 0.0 if self._partitions.owned() else float("inf")
        wait = (due - self._clock.now()).total_seconds()
        return max(HELD if self._timers_held else 0.0, wait)

    async def _read_again(self, topic: str, partition: int, offset: int) -> None:
        """Seek back to records that were missed, or on to the first record that the topic still
        has."""
        first = await self._inbox.first_offset(topic, partition)
        if first > offset:
            logger.error("gone from the topic before it was read", topic=topic, partition=partition,
                         offset=offset, first=first)  # fmt: skip
            self._partitions.skip_to(topic, partition, first)
        self._inbox.seek(topic, partition, max(first, offset))

    async def _timers(self, now: datetime) -> list[DueTimer]:
        """Return the due timers whose partition was read to an end that was looked up after they
        fell due.

        The reply that meets a deadline may be unread in the topic. Until it is read, the deadline
        is not missed.
        """
        due: list[DueTimer] = []
        latest: dict[int, datetime] = {}
        for timer in self._timer_queue.due(now, self._timer_limit):
            if (timer.partition, timer.case) in self._partitions.parked:
                self._timer_queue.drop(timer.case, timer.name)  # it is read again later
            else:
                due.append(timer)
                latest[timer.partition] = max(timer.due, latest.get(timer.partition, timer.due))
        if not due:
            self._timers_held = False
            return []
        unsure = [
            partition
            for partition, at in sorted(latest.items())
            if self._partitions.needs_barrier(partition, at)
        ]
        await asyncio.gather(*map(self._look_up_end, unsure))
        firing = self._partitions.may_fire(due)
        self._timers_held = len(firing) < len(due)
        return firing

    async def _look_up_end(self, partition: int) -> None:
        """Look up the ends of a partition with due timers. The timers may fire once these ends are
        reached."""
        now = self._clock.now()
        self._partitions.set_barrier(partition, now, await self._inbox.end_offsets(partition))
