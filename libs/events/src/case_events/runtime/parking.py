"""Cases that cannot go on: how they are tried again."""

from collections.abc import Callable, Sequence
from typing import Generic
from uuid import UUID

import structlog

from case_events.codec import Codec
from case_events.kernel import M, R
from case_events.runtime.cache import Cache
from case_events.runtime.owned_state import OwnedState
from case_events.runtime.parked import Parked
from case_events.runtime.ports import Log, Rejected
from case_events.runtime.unit import Unit
from case_events.runtime.work import Batch, read_genuine

logger = structlog.get_logger()


class ParkedRetry(Generic[M, R]):
    """Takes parked records again, when it was asked to: by an operator, by reference data that
    arrived, or because it is not known what was asked meanwhile.

    `new_unit` makes a unit of work, and `kept` hears of each that was committed.
    """

    def __init__(
        self,
        log: Log,
        codec: Codec,
        owned: OwnedState,
        cache: Cache[M],
        new_unit: Callable[[], Unit[M, R]],
        kept: Callable[[Unit[M, R], Batch], None],
    ) -> None:
        self._log, self._codec, self._cache = log, codec, cache
        self._lanes, self._wheel = owned.lanes, owned.wheel
        self._new_unit, self._kept = new_unit, kept
        self.asked = True
        """Whether the next turn takes parked records again."""

    def request(self) -> None:
        """Take parked records again at the next turn."""
        self.asked = True

    async def retry(self, topics: Sequence[str]) -> None:
        """Where it was asked to: admit what was released from quarantine, of these topics, and try
        again what an operator asked to, and what waited for something that may have come."""
        if not self.asked or not self._lanes.owned():
            return
        self.asked = False
        await self._admit_released(topics)
        if not self._lanes.parked_count():
            return
        waiting: dict[UUID, list[Parked]] = {}
        for parked in await self._log.parked(self._lanes.owned()):
            waiting.setdefault(parked.case, []).append(parked)
        for lane, case in self._lanes.parked_cases():
            if case not in waiting:  # its last record was discarded
                self._let_go_on(lane, case)
        for case, records in waiting.items():
            if any(record.retry for record in records) or records[0].awaits:
                await self._retry(case, records)

    async def _admit_released(self, topics: Sequence[str]) -> None:
        """React to what operators have released from quarantine, of the lanes that are owned here.

        Reference data is not among it: it is read whole again at the next start, in its order.
        """
        owned = self._lanes.owned()
        for held in await self._log.quarantined("released"):
            if held.delivery.partition not in owned or held.delivery.topic not in topics:
                continue
            unit, work = self._new_unit(), read_genuine(held.delivery, self._codec)
            async with self._log.transaction(self._lanes.epochs([work.lane])) as tx:
                await unit.recall(tx, [work], self._cache)
                unit.admit(work, tx.now)
                await unit.write(tx)
                await tx.admit([held.place])
            self._kept(unit, Batch())
            # Of its case, later records may wait for this one.
            if self._lanes.is_parked(work.lane, work.case):
                await self._log.request_retry(work.case)
            logger.info("quarantined record admitted", case=str(work.case), topic=work.topic)

    async def _retry(self, case: UUID, records: Sequence[Parked]) -> None:
        """Take the records of one case again, in order, as far as they go."""
        through = await self._take_or_halve(records)
        if through:
            self._let_go_on(records[0].lane, case)
        logger.info("parked case tried again", case=str(case), of=len(records), through=through)

    def _let_go_on(self, lane: int, case: UUID) -> None:
        self._lanes.unpark(lane, case)
        self._wheel.forget()  # the timers of the case are read again

    async def _take_or_halve(self, records: Sequence[Parked]) -> bool:
        """Whether all went through; what only the database refuses is found by halving."""
        try:
            return await self._take_again(records)
        except Rejected as error:
            self._cache.clear()
            middle = len(records) // 2
            if middle:
                return await self._take_or_halve(records[:middle]) and await self._take_or_halve(
                    records[middle:]
                )
            async with self._log.transaction(self._lanes.epochs([records[0].lane])) as tx:
                await tx.blame(records[0].place, f"the database refused it: {error}")
            return False

    async def _take_again(self, records: Sequence[Parked]) -> bool:
        """Take them up to the first that cannot go on, in one commit; whether none was left."""
        unit = self._new_unit()
        async with self._log.transaction(self._lanes.epochs([records[0].lane])) as tx:
            work = [read_genuine(parked.delivery, self._codec) for parked in records]
            await unit.recall(tx, work, self._cache)
            done = unit.take_again(work, tx.now)
            await tx.unpark([parked.place for parked in records[:done]])
            if unit.blame is not None:
                await tx.blame(records[done].place, str(unit.blame), unit.blame.awaits)
            await unit.write(tx)
        self._kept(unit, Batch())
        return done == len(records)
