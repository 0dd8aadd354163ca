"""What there is to do now: deliveries that follow on, timers that may fire, effects done."""

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
"""Seconds to wait for records at least, while a timer waits for its partition to be read."""


class BatchCollector:
    """Puts together what the next transaction has to do, of all partitions that are owned here.

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
        """A batch of everything that this replica may act on now."""
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
        """Seconds until a timer falls due or has to be read; infinite where none is known."""
        due = self._timer_queue.next_due()
        if due is None:
            return 0.0 if self._partitions.owned() else float("inf")
        wait = (due - self._clock.now()).total_seconds()
        return max(HELD if self._timers_held else 0.0, wait)

    async def _read_again(self, topic: str, partition: int, offset: int) -> None:
        """Seek back to what was passed over, or on to what is left of the topic."""
        first = await self._inbox.first_offset(topic, partition)
        if first > offset:
            logger.error("gone from the topic before it was read", topic=topic, partition=partition,
                         offset=offset, first=first)  # fmt: skip
            self._partitions.skip_to(topic, partition, first)
        self._inbox.seek(topic, partition, max(first, offset))

    async def _timers(self, now: datetime) -> list[DueTimer]:
        """Due timers whose partition has been read to an end that was taken after they fell due.

        The answer to a deadline may lie unread in the topic; until it is read, nobody is late.
        """
        due: list[DueTimer] = []
        latest: dict[int, datetime] = {}
        for timer in self._timer_queue.due(now, self._timer_limit):
            if (timer.partition, timer.case) in self._partitions.parked:
                self._timer_queue.drop(timer.case, timer.name)  # read again once the case goes on
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
        """What is due by now may fire once the partition has been read to its end of now."""
        now = self._clock.now()
        self._partitions.set_barrier(partition, now, await self._inbox.end_offsets(partition))
