"""Retries of parked cases."""

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
    """Processes parked records again: after a request by an operator, after new reference data, and
    after events that may have hidden a request.

    `read` makes work from a verified delivery, and `new_unit` a unit of work. `on_committed` is
    called for each unit that was committed.
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
        """Whether the next turn of the loop retries parked records."""

    def request(self) -> None:
        """Retry parked records at the next turn of the loop."""
        self.asked = True

    async def retry(self, topics: Sequence[str]) -> None:
        """If requested: process the records of these topics that were released from quarantine, and
        retry the records that an operator or new reference data may have unblocked."""
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
            if case not in waiting:  # An operator has discarded its last record.
                self._let_go_on(partition, case)
        for case, records in waiting.items():
            if any(record.retry for record in records) or records[0].awaits:
                await self._retry(case, records)

    async def _admit_released(self, topics: Sequence[str]) -> None:
        """Process records that operators have released from quarantine, in the partitions owned
        here.

        Reference records are excluded: they are read again, in order, at the next start.
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
            # Later records of its case may wait for this one.
            if (work.partition, work.case) in self._partitions.parked:
                await self._log.request_retry(work.case)
            logger.info("quarantined record admitted", case=str(work.case), topic=work.topic)

    async def _retry(self, case: UUID, records: Sequence[Parked]) -> None:
        """Retry the parked records of one case, in order, until one of them fails."""
        through = await self._take_or_bisect(records)
        if through:
            self._let_go_on(records[0].partition, case)
        logger.info("parked case tried again", case=str(case), of=len(records), through=through)

    def _let_go_on(self, partition: int, case: UUID) -> None:
        self._partitions.parked.discard((partition, case))
        self._timer_queue.forget()  # The timers of the case are read again.

    async def _take_or_bisect(self, records: Sequence[Parked]) -> bool:
        """Retry them. Return whether all were processed. Find those that the database rejects by
        bisection."""
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
        """Process them up to the first failure, in one commit. Return whether none is left."""
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
