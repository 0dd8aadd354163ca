"""Logs to read a history from, written to as the runtime writes: in PostgreSQL and in memory."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from case_events.runtime import OutboxEntry
from case_events.runtime.ports import Log
from case_events.runtime.postgres import PostgresLog
from case_events.testing.memory import MemoryLog
from case_workflow.adapters.case_history import Recorders
from case_workflow.adapters.log_datastore import LogDatastore
from case_workflow.adapters.log_recorder import LogRecorder
from eventsourcing.persistence import StoredEvent
from psycopg_pool import AsyncConnectionPool

from tests.support.world.history import MemoryLogRecorder

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Run(Protocol):
    """Runs a coroutine to its end, from any thread."""

    def __call__(self, step: Coroutine[Any, Any, Any]) -> Any: ...


class LogUnderTest(NamedTuple):
    """A log, how to run what writes to it, and the recorders that read it."""

    log: Log
    run: Run
    recorders: Recorders


@contextmanager
def in_memory() -> Iterator[LogUnderTest]:
    """An empty log in memory."""
    log = MemoryLog(START)
    with _running() as run:
        yield LogUnderTest(log, run, lambda partition=None: MemoryLogRecorder(log.state, partition))


@contextmanager
def in_postgres(url: str) -> Iterator[LogUnderTest]:
    """The log in a database that has workflow's tables."""
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(url, min_size=1, max_size=10, open=False)
    with _running() as run, closing(LogDatastore(url)) as datastore:
        run(pool.open())
        try:
            yield LogUnderTest(
                PostgresLog(pool), run, lambda partition=None: LogRecorder(datastore, partition)
            )
        finally:
            run(pool.close())


@contextmanager
def _running() -> Iterator[Run]:
    """An event loop that takes steps from any thread, as the library's tests are of many."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda step: asyncio.run_coroutine_threadsafe(step, loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def entries(partition: int, first: int, events: Sequence[StoredEvent]) -> list[OutboxEntry]:
    """Events of histories as they stand in the log from a sequence on."""
    return [
        OutboxEntry(
            partition=partition,
            sequence=sequence,
            topic="cases",
            target_partition=partition,
            key=str(event.originator_id),
            case=_uuid(event),
            version=event.originator_version,
            type=event.topic,
            headers={},
            value=event.state,
        )
        for sequence, event in enumerate(events, first)
    ]


def _uuid(event: StoredEvent) -> UUID:
    assert isinstance(event.originator_id, UUID)
    return event.originator_id


async def append(log: Log, partition: int, events: Sequence[StoredEvent]) -> list[int]:
    """Write events to one partition in a transaction, as the runtime does; their sequences."""
    async with log.transaction({}) as tx:
        first = (await tx.next_sequences({partition: len(events)}))[partition]
        written = entries(partition, first, events)
        await tx.append(written)
    return [entry.sequence for entry in written]
