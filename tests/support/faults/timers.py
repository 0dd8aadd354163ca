"""Faults of timers, for `tests.support.faults.service`: points to stop at, and removed pieces."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from unittest.mock import patch

from case_events.runtime.engine.loop import Runtime
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.work import Batch
from case_events.runtime.ports import DueTimer, Epochs
from case_events.runtime.postgres import PostgresTransaction
from case_events.runtime.postgres import log as postgres_log
from case_events.runtime.postgres.transaction import now
from psycopg import AsyncConnection

from tests.support.faults.once import MARKS, once, stop_here


def crash_in_mid_fire() -> None:
    """Stop when timers are taken and nothing is committed."""
    take = PostgresTransaction.take_timers

    async def crashing(self: PostgresTransaction, timers: Sequence[DueTimer]) -> list[DueTimer]:
        taken = await take(self, timers)
        if taken:
            stop_here("crash_in_mid_fire")
        return taken

    patch.object(PostgresTransaction, "take_timers", crashing).start()


def hold_timers() -> None:
    """Wait with due timers in hand, before their transaction, for the mark `go_on`."""
    process = Runtime.process

    async def holding(self: Runtime[Any, Any], batch: Batch) -> None:
        if batch.timers and once("holds_timers"):
            while not (MARKS / "go_on").exists():  # noqa: ASYNC110 - a file wakes nobody
                await asyncio.sleep(0.02)
        await process(self, batch)

    patch.object(Runtime, "process", holding).start()


def stop_with_timers() -> None:
    """Stop with due timers and the states of their cases in hand, before their transaction: a
    zombie, once it wakes up."""
    process = Runtime.process

    async def stopping(self: Runtime[Any, Any], batch: Batch) -> None:
        if batch.timers:
            await _cache_states(self, batch.timers)
            stop_here("stopped_with_timers", signal.SIGSTOP)
        await process(self, batch)

    patch.object(Runtime, "process", stopping).start()


async def _cache_states(runtime: Runtime[Any, Any], timers: Any) -> None:
    """Load the states of these cases. A rebalance since they were read has emptied the cache, and
    on a busy machine the group rebalances once more while a replica starts."""
    unit = runtime.unit()
    async with runtime.log.transaction({}) as tx:
        await unit.load(tx, timers, runtime.cache)
    runtime.cache.update(unit.known)


def wrong_clock() -> None:
    """Set the clock of this machine an hour ahead."""
    patch.object(time, "time", lambda read=time.time: read() + 3600).start()


def no_generation() -> None:
    """Take a timer by its name, whatever its due is now."""

    async def by_name(self: PostgresTransaction, timers: Sequence[DueTimer]) -> list[DueTimer]:
        rows = await self.connection.execute(
            "DELETE FROM timers USING unnest(%s::uuid[], %s::text[]) AS t (c, n)"
            " WHERE case_id = c AND name = n RETURNING partition, case_id, name, due, cause",
            [[timer.case for timer in timers], [timer.name for timer in timers]],
        )
        return [DueTimer(*row) async for row in rows]

    patch.object(PostgresTransaction, "take_timers", by_name).start()


def no_barrier() -> None:
    """Fire a timer whatever is unread."""
    patch.object(OwnedPartitions, "may_fire", lambda _, timers: list(timers)).start()


def no_fence() -> None:
    """Let every process commit that believes it owns a partition."""

    async def anybody(db: AsyncConnection[Any], epochs: Epochs) -> datetime:
        return await now(db)

    patch.object(postgres_log, "_still_ours", anybody).start()


TIMER_FAULTS: tuple[Callable[[], None], ...] = (
    crash_in_mid_fire, hold_timers, stop_with_timers, wrong_clock, no_generation, no_barrier,
    no_fence,
)  # fmt: skip
