"""Firing timers: the runtime with nothing to say and with an event each, and the same work done
bare."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from aiokafka import AIOKafkaProducer
from case_events.contracts.base import type_name
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Cause, Draft, Outcome, Service, TimerDue
from case_events.runtime import Ids
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import Batch
from case_events.runtime.host import freeze_gc
from case_events.runtime.kafka import KafkaCluster, KafkaInbox, KafkaPublisher
from case_events.runtime.postgres import PostgresLog
from case_events.topics import NOTICES
from msgspec import Struct
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from benchmarks.bare import BATCH, COLUMNS, TYPES, Row, send
from tests.support.real.platform import PARTITIONS
from tests.support.wire import codec

NAME, TOPIC = "timers", "benchmarks-timers"
STORM = 40_000
CLAIM = 200
"""The number of rows that the bare loop claims at once."""

ONE = UUID(int=1)
"""The case in the record that set each timer."""

PATIENCE, LOOK_EVERY = 120.0, 0.01

_FILL = """
INSERT INTO timers (case_id, name, partition, due, cause)
SELECT c, 'first_response', abs(n) %% %(partitions)s, now() + n * %(apart)s,
    convert_to(replace(%(cause)s, %(one)s, c::text), 'UTF8')
FROM (SELECT n, uuidv7() AS c FROM generate_series(%(first)s::int, %(last)s::int) AS n)
"""
_REMEMBER = """
INSERT INTO snapshots (case_id, partition, version, digest, state)
SELECT case_id, partition, 0, '', '{"times": 0}' FROM timers
"""
_CLAIM = """
SELECT case_id, name, cause FROM timers WHERE due <= clock_timestamp()
ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED
"""
_DELETE = "DELETE FROM timers USING unnest(%b::uuid[], %b::text[]) AS t (c, n)"
_DELETE += " WHERE case_id = c AND name = n"
_KEEP = """
INSERT INTO snapshots (case_id, partition, version, digest, state)
SELECT c, 0, 0, '', '{"times": 1}' FROM unnest(%b::uuid[]) AS t (c)
ON CONFLICT (case_id) DO UPDATE SET state = excluded.state
"""


class Fired(Struct, frozen=True):
    """The number of timers of a case that have fired."""

    times: int


class Nothing:
    """No reference data."""

    def apply(self, record: Record) -> None:
        """Do nothing."""

    def knows(self, record: Record) -> bool:
        """Whether the record's versions have arrived; always true."""
        return True


def note(state: Fired | None, record: Record, reference: Nothing) -> Outcome[Fired]:
    """No event and no change of the state: only the firing remains."""
    return Outcome(state=state or Fired(0))


def tell(state: Fired | None, record: Record, reference: Nothing) -> Outcome[Fired]:
    """One event, and a count in the state."""
    assert isinstance(record.data, TimerDue)
    times = state.times + 1 if state else 1
    fact = NoticeSuppressed(notice=record.data.name, about=times, recipient="", reason="fired")
    return Outcome(state=Fired(times), events=(Draft(topic=NOTICES, event=fact),))


NOTING: Service[Fired, Nothing] = Service(name=NAME, topics=(TOPIC,), state_type=Fired, react=note)
TELLING: Service[Fired, Nothing] = Service(name=NAME, topics=(TOPIC,), state_type=Fired, react=tell)


class Measured(Runtime[Fired, Nothing]):
    """A runtime that records, for each timer, how late its commit was answered."""

    def __init__(self, service: Service[Fired, Nothing], ports: RuntimePorts) -> None:
        super().__init__(service, Nothing(), ports)
        self.late: list[tuple[datetime, float]] = []
        self.running = asyncio.create_task(self.run())

    def on_committed(self, unit: UnitOfWork[Any, Any], batch: Batch) -> None:
        """Both are on one machine, so the database's clock is also this process's clock."""
        super().on_committed(unit, batch)
        now = datetime.now(UTC)
        self.late += [(timer.due, (now - timer.due).total_seconds()) for timer in batch.timers]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until a condition holds, and check that the runtime continues."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"{len(self.late)} timers after {PATIENCE} s"
            await asyncio.wait([self.running], timeout=LOOK_EVERY)
            if self.running.done():
                self.running.result()


@asynccontextmanager
async def replica(
    bootstrap: str, url: str, service: Service[Fired, Nothing] = TELLING
) -> AsyncIterator[Measured]:
    """A working replica that owns all partitions."""
    cluster = KafkaCluster(bootstrap)
    async with (
        AsyncConnectionPool(url, min_size=2, kwargs={"options": "-c timezone=UTC"}, open=False)
        as pool,
        KafkaPublisher(cluster, NAME) as publisher,
    ):  # fmt: skip
        ports = RuntimePorts(
            inbox=KafkaInbox(cluster, NAME, [TOPIC]),
            log=PostgresLog(pool),
            publisher=publisher,
            handlers={},
            ids=Ids(Random(7)),
            codec=codec,
            owner=NAME,
            partition_count=PARTITIONS,
        )
        freeze_gc()
        runtime = Measured(service, ports)
        await runtime.until(lambda: len(runtime.partitions.owned()) == PARTITIONS)
        yield runtime
        runtime.running.cancel()
        await asyncio.wait([runtime.running])


async def fill(url: str, first: int, last: int, apart: timedelta) -> None:
    """Replace the timers: the n-th is due n times `apart` from now. Also write the states of their
    cases."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute("TRUNCATE timers, snapshots, log, log_positions, published")
        await add(db, first, last, apart)
        await db.execute(_REMEMBER)
        await db.execute("ANALYZE timers, snapshots")
        await db.execute("CHECKPOINT")


async def add(db: psycopg.AsyncConnection[Any], first: int, last: int, apart: timedelta) -> None:
    """Add timers to the existing ones."""
    values = {"first": first, "last": last, "apart": apart, "partitions": PARTITIONS}
    await db.execute(_FILL, values | {"cause": _cause().decode(), "one": str(ONE)})


async def overdue(url: str) -> None:
    """Write as many overdue timers as each of these measurements fires."""
    await fill(url, -STORM, -1, timedelta(milliseconds=1))


async def fired(bootstrap: str, url: str, service: Service[Fired, Nothing]) -> float:
    """Seconds from when the runtime owns its partitions until it has fired everything and published
    its events."""
    await overdue(url)
    async with replica(bootstrap, url, service) as runtime:
        began = time.perf_counter()
        await runtime.until(lambda: len(runtime.late) >= STORM)
        if service is TELLING:
            await runtime.until(lambda: _relayed(runtime) >= STORM)
        return time.perf_counter() - began


def _relayed(runtime: Measured) -> float:
    return runtime.metrics.registry.get_sample_value("casefold_published_total") or 0.0


async def claimed(url: str) -> float:
    """Seconds to claim, delete and commit, until no row is due."""
    await overdue(url)
    async with await psycopg.AsyncConnection.connect(url) as db:
        began = time.perf_counter()
        while rows := await (await db.execute(_CLAIM, [CLAIM])).fetchall():
            await db.execute(_DELETE, [[row[0] for row in rows], [row[1] for row in rows]])
            await db.commit()
        return time.perf_counter() - began


async def said(url: str) -> list[Row]:
    """The log as the runtime has written it."""
    async with await psycopg.AsyncConnection.connect(url) as db:
        return await (await db.execute(f"SELECT {COLUMNS} FROM log".encode())).fetchall()


async def claimed_and_written(bootstrap: str, url: str, log: Sequence[Row]) -> float:
    """Seconds to claim as many timers as the runtime takes at once, delete them, write a state and
    a row of that log for each, commit, and produce its bytes; one batch after the other."""
    await overdue(url)
    left = list(reversed(log))
    async with (
        await psycopg.AsyncConnection.connect(url) as db,
        AIOKafkaProducer(
            bootstrap_servers=bootstrap, acks="all", enable_idempotence=True,
            max_batch_size=256 * 1024,
        ) as producer,
    ):  # fmt: skip
        began = time.perf_counter()
        while rows := await (await db.execute(_CLAIM, [BATCH])).fetchall():
            cases = [row[0] for row in rows]
            await db.execute(_DELETE, [cases, [row[1] for row in rows]])
            facts = [left.pop() for _ in rows]
            await _copy(db, facts)
            await db.execute(_KEEP, [cases])
            await db.commit()
            await asyncio.gather(*[await send(producer, fact, fact[2]) for fact in facts])
        return time.perf_counter() - began


async def _copy(db: psycopg.AsyncConnection[Any], facts: Sequence[Row]) -> None:
    async with db.cursor().copy(f"COPY log ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as into:
        into.set_types(TYPES)
        for *values, headers, value in facts:
            await into.write_row((*values, Jsonb(headers), value))


def _cause() -> bytes:
    now = datetime.now(UTC)
    return codec.encode(
        Record(
            id=ONE, type=type_name(Cause()), source="cases/0", tenant="acme", occurred_at=now,
            recorded_at=now, actor=SYSTEM, channel="mail", correlation=ONE, definition="acme/1",
            case=ONE, data=Cause(),
        )
    )  # fmt: skip
