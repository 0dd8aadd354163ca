"""The main path of every service: take records, react, and commit everything in one transaction.

The guarantees of the platform are implemented here; adapters only have to report faithfully. Read
`work` and `process` first.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Generic

import structlog
from msgspec import Struct

from case_events.envelope import Record
from case_events.kernel import M, R, Service
from case_events.runtime.clock import DatabaseClock, Ids
from case_events.runtime.effect_handlers import EffectHandler
from case_events.runtime.engine.batch_collector import BatchCollector
from case_events.runtime.engine.cache import StateCache
from case_events.runtime.engine.effects import Effects
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.owned_state import OwnedState
from case_events.runtime.engine.ownership import PAUSE, Hooks, Member, Ownership
from case_events.runtime.engine.parking import ParkedRetry
from case_events.runtime.engine.reference_watch import ReferenceWatch
from case_events.runtime.engine.relay import Relay
from case_events.runtime.engine.timer_queue import WINDOW, TimerQueue
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.watchdog import Watchdog
from case_events.runtime.engine.work import (
    Batch,
    Work,
    effect_work,
    ignored_types,
    read_delivery,
    timer_work,
)
from case_events.runtime.ports import (
    Fenced,
    Inbox,
    Log,
    News,
    Publisher,
    Transaction,
    Unavailable,
    WriteRejected,
)
from case_events.wire.codec import Codec

logger = structlog.get_logger()
MIRROR_EVERY = 1.0
"""Seconds between two commits of offsets to the broker."""


class RuntimePorts(Struct, frozen=True, kw_only=True):
    """The ports and limits of one replica of one service.

    `limit` and `timer_limit` bound the records and timers of one transaction. `window` is how far
    ahead timers are read. `handlers` perform the effects, by kind. `poll` is the longest wait, in
    seconds.
    """

    inbox: Inbox
    log: Log
    publisher: Publisher
    handlers: Mapping[str, EffectHandler]
    ids: Ids
    codec: Codec
    owner: str
    partition_count: int
    poll: float = 1.0
    limit: int = 500
    timer_limit: int = 1_000
    window: timedelta = WINDOW
    woken_per_second: int = 200


class Runtime(Generic[M, R]):
    """Runs one service: a pure reaction between an inbox, a log and a publisher."""

    def __init__(self, service: Service[M, R], reference: R, ports: RuntimePorts) -> None:
        self.service, self.reference, self.ports = service, reference, ports
        self.inbox, self.log = inbox, log = ports.inbox, ports.log
        self.metrics = Metrics()
        self.partitions, self.timer_queue, self.clock = (
            OwnedPartitions(),
            TimerQueue(ports.window),
            DatabaseClock(),
        )
        self.cache: StateCache[M] = StateCache(20_000)
        self.processing = asyncio.Lock()
        self._mirror_at = 0.0
        self._ignored = ignored_types(service.reacts_to)
        owned = OwnedState(self.partitions, self.timer_queue, self.clock)
        self.unit: Callable[[], UnitOfWork[M, R]] = partial(
            UnitOfWork,
            service,
            reference,
            self.partitions,
            ports.partition_count,
            ports.ids,
            ports.codec,
        )
        self.relay = Relay(log, ports.publisher, self.partitions, self.metrics, ports.poll)
        self.effects = Effects(
            log, ports.handlers, self.partitions, self.clock, self.metrics, inbox.wake
        )
        self.collector = BatchCollector(inbox, log, owned, self.effects, ports.timer_limit)
        self.reference_watch = ReferenceWatch(
            service.is_stale, reference, log, owned, ports.woken_per_second
        )
        read = partial(read_delivery, codec=ports.codec, ignored=self._ignored, genuine=True)
        self.parked = ParkedRetry(log, read, owned, self.cache, self.unit, self.on_committed)
        self.watchdog = Watchdog(inbox, self.partitions, self.metrics, self.processing, ports.poll)
        member = Member(ports.owner, service.topics)
        hooks = Hooks(
            self.invalidate, self.on_assigned, self.metrics.alive, self.metrics.rebalanced
        )
        self.ownership = Ownership(log, inbox, owned, member, self.processing, hooks)

    async def run(self) -> None:
        """Run until cancelled."""
        self.clock.sync(await self.log.now())
        async with self.log.listen(self.on_notify), asyncio.TaskGroup() as tasks:
            tasks.create_task(self.relay.run())
            tasks.create_task(self.effects.run())
            tasks.create_task(self.watchdog.run())
            try:
                await self.inbox.start(self.ownership)
                await self.work()
            finally:
                await self.inbox.stop()

    async def work(self) -> None:
        """Take, react and commit. After a failure, resume from the positions that are stored in the
        log."""
        while True:
            deliveries = await self.inbox.take(self.poll_timeout(), self.ports.limit)
            self.watchdog.took(len(deliveries), self.ports.limit)
            async with self.processing:
                try:
                    if self.reference_watch.asked:
                        await self.reference_watch.look()
                    await self.process(await self.collector.next_batch(deliveries))
                    if self.parked.asked:
                        await self.parked.retry(self.service.topics)
                except (Fenced, Unavailable) as error:
                    logger.warning("not committed", why=repr(error))
                    self.metrics.lost("fenced" if isinstance(error, Fenced) else "unavailable")
                    await asyncio.sleep(PAUSE)
                    await self.ownership.recover()
            self.metrics.alive()
            if (now := asyncio.get_running_loop().time()) >= self._mirror_at:
                self._mirror_at = now + MIRROR_EVERY
                await self.inbox.commit_offsets(self.partitions.offsets())

    async def process(self, batch: Batch) -> None:
        """React to a batch. Store all results and the position in one transaction."""
        if not (batch.deliveries or batch.timers or batch.effects):
            return
        unit = self.unit()
        try:
            async with self.log.transaction(self.partitions.epochs(batch.partitions())) as tx:
                work = await self._work_of(batch, tx)
                await unit.load(tx, work, self.cache)
                for item in self.service.in_order(work):
                    unit.take(item, tx.now)
                await unit.write(tx)
        except WriteRejected as error:
            await self._bisect(batch, error)
        else:
            self.on_committed(unit, batch)

    async def _work_of(self, batch: Batch, tx: Transaction) -> list[Work]:
        """Return the items to react to: timers that still exist, and effects that are not
        done yet."""
        self.clock.sync(tx.now)
        if batch.timers:
            on_assigned = await tx.take_timers(batch.timers)
            self.timer_queue.compare(batch.timers, on_assigned)
            batch.timers = on_assigned  # with earlier ones of their cases
        finished: dict[str, bool] = {}
        if batch.effects:
            finished = await tx.finish_effects([done.pending.effect.key for done in batch.effects])
        return [
            *(read_delivery(one, self.ports.codec, self._ignored) for one in batch.deliveries),
            *(timer_work(timer, tx.now, self.ports.ids) for timer in batch.timers),
            *(effect_work(done, finished[key], tx.now, self.ports.ids)
              for done in batch.effects if (key := done.pending.effect.key) in finished),
        ]  # fmt: skip

    async def _bisect(self, batch: Batch, error: WriteRejected) -> None:
        """Find the records that the database rejects, by bisection, and park them."""
        logger.warning("rejected", error=str(error), size=len(batch))
        self.metrics.lost("rejected")
        self.cache.clear()
        if len(batch) > 1:
            for half in batch.halves():
                await self.process(half)
            return
        unit = self.unit()
        async with self.log.transaction(self.partitions.epochs(batch.partitions())) as tx:
            for item in await self._work_of(batch, tx):
                unit.park_unprocessed(item, f"the database refused it: {error}")
            await unit.write(tx)
        self.on_committed(unit, batch)

    def on_committed(self, unit: UnitOfWork[M, R], batch: Batch) -> None:
        """Update everything that depends on a commit that certainly succeeded."""
        self.metrics.committed(unit, batch)
        self.partitions.moved(unit.position_updates.values())
        if unit.parked:
            self.partitions.parked |= unit.parked_cases()
        self.cache.update(unit.known)
        for timer in batch.timers:
            self.timer_queue.drop(timer.case, timer.name)
        if unit.timers:
            for case, name in unit.cleared_timers():
                self.timer_queue.drop(case, name)
            self.timer_queue.load(unit.set_timers())
        if batch.effects:
            self.effects.acknowledge(batch.effects)
        if unit.entries:
            self.relay.hand(unit.entries)
        if unit.effects:
            self.effects.wake()

    def on_notify(self, news: News) -> None:
        """React to a change of the log by any process: new records, or a requested retry."""
        if news == "log":
            self.relay.wake()
        else:
            self.parked.request()
            self.inbox.wake()

    def invalidate(self) -> None:
        """Discard everything that may be stale: cached states, timers, and records to publish."""
        self.cache.clear()
        self.relay.invalidate()
        self.timer_queue.forget()
        self.watchdog.forget()
        self.parked.request()

    def on_assigned(self) -> None:
        """After partitions were assigned or resumed, look for all work that may wait in them."""
        self.timer_queue.forget()
        self.reference_watch.changed()
        self.relay.invalidate()
        self.effects.wake()
        self.inbox.wake()  # Timers of these partitions may be due even if no record arrives.

    def apply_reference(self, record: Record) -> None:
        """Apply a reference record. Records and timers that waited for it may go on."""
        self.reference.apply(record)
        self.reference_watch.changed()
        if self.partitions.parked:
            self.parked.request()
        if self.parked.asked or self.service.is_stale is not None:
            self.inbox.wake()

    def poll_timeout(self) -> float:
        """Return the seconds until something falls due, at most the poll interval."""
        wait = min(self.ports.poll, self.collector.seconds_until_due())
        if self.reference_watch.asked:
            wait = min(wait, self.reference_watch.seconds_until_look())
        return max(0.0, wait)
