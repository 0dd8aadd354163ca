"""Cases that cannot go on: how they are tried again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from case_events.runtime.parked import Parked
from case_events.runtime.ports import Rejected
from case_events.runtime.work import Batch, read_genuine

if TYPE_CHECKING:
    from case_events.runtime.loop import Runtime

logger = structlog.get_logger()


async def retry_parked(runtime: "Runtime[Any, Any]") -> None:
    """Try again what somebody asked to, and what waited for reference data."""
    if not runtime.retry_asked or not runtime.lanes.owned():
        return
    runtime.retry_asked = False
    await admit_released(runtime)
    if not runtime.lanes.parked_count():
        return
    waiting: dict[UUID, list[Parked]] = {}
    for parked in await runtime.log.parked(runtime.lanes.owned()):
        waiting.setdefault(parked.case, []).append(parked)
    for lane, case in runtime.lanes.parked_cases():
        if case not in waiting:  # its last record was discarded
            _let_go_on(runtime, lane, case)
    for case, records in waiting.items():
        if any(record.retry for record in records) or records[0].awaits:
            await _retry(runtime, case, records)


def _let_go_on(runtime: "Runtime[Any, Any]", lane: int, case: UUID) -> None:
    runtime.lanes.unpark(lane, case)
    runtime.wheel.forget()  # the timers of the case are read again


async def admit_released(runtime: "Runtime[Any, Any]") -> None:
    """React to what operators have released from quarantine, of the lanes that are owned here.

    Reference data is not among it: it is read whole again at the next start, in its order.
    """
    owned, reads = runtime.lanes.owned(), runtime.service.reads
    for held in await runtime.log.quarantined("released"):
        if held.delivery.partition not in owned or held.delivery.topic not in reads:
            continue
        unit, work = runtime.unit(), read_genuine(held.delivery, runtime.ports.codec)
        async with runtime.log.transaction(runtime.lanes.epochs([work.lane])) as tx:
            await unit.recall(tx, [work], runtime.cache)
            unit.admit(work, tx.now)
            await unit.write(tx)
            await tx.admit([held.place])
        runtime.kept(unit, Batch())
        # Of its case, later records may wait for this one.
        if runtime.lanes.is_parked(work.lane, work.case):
            await runtime.log.request_retry(work.case)
        logger.info("quarantined record admitted", case=str(work.case), topic=work.topic)


async def _retry(runtime: "Runtime[Any, Any]", case: UUID, records: Sequence[Parked]) -> None:
    """Take the records of one case again, in order, as far as they go."""
    through = await _take_or_halve(runtime, records)
    if through:
        _let_go_on(runtime, records[0].lane, case)
    logger.info("parked case tried again", case=str(case), of=len(records), through=through)


async def _take_or_halve(runtime: "Runtime[Any, Any]", records: Sequence[Parked]) -> bool:
    """Whether all went through; what only the database refuses is found by halving."""
    try:
        return await _take_again(runtime, records)
    except Rejected as error:
        runtime.cache.clear()
        middle = len(records) // 2
        if middle:
            return await _take_or_halve(runtime, records[:middle]) and await _take_or_halve(
                runtime, records[middle:]
            )
        async with runtime.log.transaction(runtime.lanes.epochs([records[0].lane])) as tx:
            await tx.blame(records[0].place, f"the database refused it: {error}")
        return False


async def _take_again(runtime: "Runtime[Any, Any]", records: Sequence[Parked]) -> bool:
    """Take them up to the first that cannot go on, in one transaction; whether none was left."""
    unit = runtime.unit()
    async with runtime.log.transaction(runtime.lanes.epochs([records[0].lane])) as tx:
        work = [read_genuine(parked.delivery, runtime.ports.codec) for parked in records]
        await unit.recall(tx, work, runtime.cache)
        done = unit.take_again(work, tx.now)
        await tx.unpark([parked.place for parked in records[:done]])
        if done < len(records):
            await tx.blame(records[done].place, str(unit.blame), unit.blame.awaits)
        await unit.write(tx)
    runtime.kept(unit, Batch())
    return done == len(records)
