"""Cases that cannot go on: how they are tried again."""

from collections.abc import Callable, Sequence
from typing import Generic
from uuid import UUID

import structlog

from case_events.envelope import Delivery
from case_events.kernel import M, R
from case_events.runtime.engine.cache import StateCache
from case_events.runtime.engine.owned_state import OwnedState
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import Batch, Work
from case_events.runtime.parked import Parked
from case_events.runtime.ports import Log, WriteRejected

logger = structlog.get_logger()


class ParkedRetry(Generic[M, R]):
    """Takes parked records again, when it was asked to: by an operator, by reference data that
    arrived, or because it is not known what was asked meanwhile.

    `read` makes work of a delivery whose origin was checked, `new_unit` a unit of work, and
    `on_committed` hears of each that was committed.
    """

    def __init__(
        self,
        log: Log,
        read: Callable[[Delivery], Work],
        owned: OwnedState,
        cache: StateCache[M],
        new_unit: Callable[[], UnitOfWork[M, R]],
        on_committed: Callable[[UnitOfWork[M, R], Batch], None],
    ) -> None:
        self._log, self._read, self._cache = log, read, cache
        self._partitions, self._timer_queue = owned.partitions, owned.timer_queue
        self._new_unit, self._on_committed = new_unit, on_committed
        self.asked = True
        """Whether the next turn takes parked records again."""

    def request(self) -> None:
        """Take parked records again at the next turn."""
        self.asked = True

    async def retry(self, topics: Sequence[str]) -> None:
        """Where it was asked to: admit what was released from quarantine, of these topics, and try
        again what an operator asked to, and what waited for something that may have come."""
        if not self.asked or not self._partitions.owned():
            return
        self.asked = False
        await self._admit_released(topics)
        if not self._partitions.parked:
            return
        waiting: dict[UUID, list[Parked]] = {}
        for parked in await self._log.parked(self._partitions.owned()):
            waiting.setdefault(parked.case, []).append(parked)
        for partition, case in list(self._partitions.parked):
            if case not in waiting:  # its last record was discarded
                self._let_go_on(partition, case)
        for case, records in waiting.items():
            if any(record.retry for record in records) or records[0].awaits:
                await self._retry(case, records)

    async def _admit_released(self, topics: Sequence[str]) -> None:
        """React to what operators have released from quarantine, of the partitions owned here.

        Reference data is not among it: it is read whole again at the next start, in its order.
        """
        owned = self._partitions.owned()
        for held in await self._log.quarantined("released"):
            if held.delivery.partition not in owned or held.delivery.topic not in topics:
                continue
            unit, work = self._new_unit(), self._read(held.delivery)
            async with self._log.transaction(self._partitions.epochs([work.partition])) as tx:
                await unit.load(tx, [work], self._cache)
                unit.admit(work, tx.now)
                await unit.write(tx)
                await tx.admit([held.place])
            self._on_committed(unit, Batch())
            # Of its case, later records may wait for this one.
            if (work.partition, work.case) in self._partitions.parked:
                await self._log.request_retry(work.case)
            logger.info("quarantined record admitted", case=str(work.case), topic=work.topic)

    async def _retry(self, case: UUID, records: Sequence[Parked]) -> None:
        """Take the records of one case again, in order, as far as they go."""
        through = await self._take_or_bisect(records)
        if through:
            self._let_go_on(records[0].partition, case)
        logger.info("parked case tried again", case=str(case), of=len(records), through=through)

    def _let_go_on(self, partition: int, case: UUID) -> None:
        self._partitions.parked.discard((partition, case))
        self._timer_queue.forget()  # the timers of the case are read again

    async def _take_or_bisect(self, records: Sequence[Parked]) -> bool:
        """Whether all went through; what only the database refuses is found by halving."""
        try:
            return await self._take_again(records)
        except WriteRejected as error:
            self._cache.clear()
            middle = len(records) // 2
            if middle:
                return await self._take_or_bisect(records[:middle]) and await self._take_or_bisect(
                    records[middle:]
                )
            async with self._log.transaction(self._partitions.epochs([records[0].partition])) as tx:
                await tx.record_failure(records[0].place, f"the database refused it: {error}")
            return False

    async def _take_again(self, records: Sequence[Parked]) -> bool:
        """Take them up to the first that cannot go on, in one commit; whether none was left."""
        unit = self._new_unit()
        async with self._log.transaction(self._partitions.epochs([records[0].partition])) as tx:
            work = [self._read(parked.delivery) for parked in records]
            await unit.load(tx, work, self._cache)
            done = unit.retry(work, tx.now)
            await tx.unpark([parked.place for parked in records[:done]])
            if unit.failure is not None:
                await tx.record_failure(records[done].place, str(unit.failure), unit.failure.awaits)
            await unit.write(tx)
        self._on_committed(unit, Batch())
        return done == len(records)
