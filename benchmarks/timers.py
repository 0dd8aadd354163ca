"""Timers: how many the runtime fires, how late, with how many waiting, beside a bare loop."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from case_events import codec
from case_events.contracts.base import type_name
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Cause, Draft, Outcome, Service, TimerDue
from case_events.runtime.clock import Ids
from case_events.runtime.host import perform_nothing, settle
from case_events.runtime.kafka import KafkaInbox, KafkaPublisher
from case_events.runtime.loop import Ports, Runtime
from case_events.runtime.postgres import PostgresLog, migrate
from case_events.runtime.unit import Unit
from case_events.runtime.wheel import Wheel
from case_events.runtime.work import Batch
from case_events.topics import NOTICES
from casefold.servers import create_databases, database_url
from casefold.topics import Topic, apply_topics
from msgspec import Struct
from psycopg_pool import AsyncConnectionPool

from benchmarks.figures import Table, percentile
from tests.support.running import PARTITIONS, RunningPlatform

NAME, TOPIC = "timers", "benchmarks-timers"
MILLION, STORM = 1_000_000, 40_000
CLAIM = 200
"""Rows that the bare loop claims at once."""

SECONDS = 12
"""How long timers fall due at an even pace."""

BESIDE_BACKLOG = 200
"""Timers a second that fall due while a million are overdue."""

PATIENCE, LOOK_EVERY = 120.0, 0.01

_FILL = """
INSERT INTO timers (case_id, name, lane, due, cause)
SELECT uuidv7(), 'first_response', abs(n) %% %(lanes)s, now() + n * %(apart)s, %(cause)s
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
_CLAIM = """
SELECT case_id, name, cause FROM timers WHERE due <= clock_timestamp()
ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED
"""
_DELETE = "DELETE FROM timers USING unnest(%b::uuid[], %b::text[]) AS t (c, n)"
_DELETE += " WHERE case_id = c AND name = n"


class Fired(Struct, frozen=True):
    """How many timers of a case have fired."""

    times: int


class Nothing:
    """No reference data."""

    def apply(self, record: Record) -> None:
        """There is none."""

    def knows(self, record: Record) -> bool:
        """Every record was made under none."""
        return True


def fire(memory: Fired | None, record: Record, reference: Nothing, at: datetime) -> Outcome[Fired]:
    """One fact, and a count to remember."""
    assert isinstance(record.data, TimerDue)
    times = memory.times + 1 if memory else 1
    fact = NoticeSuppressed(notice=record.data.name, about=times, recipient="", reason="fired")
    return Outcome(memory=Fired(times), facts=(Draft(topic=NOTICES, event=fact),))


SERVICE: Service[Fired, Nothing] = Service(name=NAME, reads=(TOPIC,), remembers=Fired, react=fire)


class Measured(Runtime[Fired, Nothing]):
    """A runtime that notes of each timer how late its commit was answered."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(SERVICE, Nothing(), ports)
        self.late: list[tuple[datetime, float]] = []
        self.running = asyncio.create_task(self.run())

    def kept(self, unit: Unit[Any, Any], batch: Batch) -> None:
        """Both on one machine: the database's clock is ours."""
        super().kept(unit, batch)
        now = datetime.now(UTC)
        self.late += [(timer.due, (now - timer.due).total_seconds()) for timer in batch.timers]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of it, and see that it goes on."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"{len(self.late)} timers after {PATIENCE} s"
            await asyncio.wait([self.running], timeout=LOOK_EVERY)
            if self.running.done():
                self.running.result()


async def measure(platform: RunningPlatform) -> list[Table]:
    """Everything, in a database of its own. The services may be stopped."""
    create_databases(platform.postgres.url, [NAME])
    url = database_url(platform.postgres.url, NAME)
    await migrate(url)
    await apply_topics(platform.kafka.bootstrap, [Topic(TOPIC, PARTITIONS, 1, {})])
    bare, through = await _bare(url), await _storm(platform, url)
    pace = STORM / through / 2
    steady = await _steady(platform, url, pace)
    newly, backlog = await _late_start(platform, url)
    rates = [
        {"what": f"bare: claim {CLAIM}, delete, commit", "timers": STORM, "timers/s": STORM / bare},
        {"what": "the runtime", "timers": STORM, "timers/s": STORM / through,
         "of bare": bare / through},
    ]  # fmt: skip
    lateness = [
        _row(f"half that load, {MILLION:,} pending", steady),
        _row(f"{BESIDE_BACKLOG} a second, {MILLION:,} overdue at the start", newly),
    ]
    return [
        Table("Timers fired a second, all of them overdue", rates, [
            "The runtime reacts with one fact, remembers the case, and publishes to Kafka."
        ]),
        Table("How late a timer's commit is answered, ms", lateness, [
            f"Beside them, the backlog of {MILLION:,} fires at {backlog:,.0f} a second."
        ]),
        Table("Memory of the wheel", [await _memory(url)]),
    ]  # fmt: skip


def _row(what: str, late: list[float]) -> dict[str, Any]:
    figures = {f"p{share * 100:g}": percentile(late, share) * 1000 for share in (0.5, 0.99)}
    return {"what": what, "timers": len(late), **figures, "worst": max(late) * 1000}


async def _fill(url: str, first: int, last: int, apart: timedelta) -> None:
    """Timers in place of those that are there, the n-th due n times `apart` from now."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute("TRUNCATE timers")
        await _add(db, first, last, apart)
        await db.execute("ANALYZE timers")


async def _add(db: psycopg.AsyncConnection[Any], first: int, last: int, apart: timedelta) -> None:
    values = {"first": first, "last": last, "apart": apart, "cause": _cause(), "lanes": PARTITIONS}
    await db.execute(_FILL, values)


async def _bare(url: str) -> float:
    """Seconds to claim, delete and commit, until no row is due."""
    await _fill(url, -STORM, -1, timedelta(milliseconds=1))
    async with await psycopg.AsyncConnection.connect(url) as db:
        began = time.perf_counter()
        while rows := await (await db.execute(_CLAIM, [CLAIM])).fetchall():
            await db.execute(_DELETE, [[row[0] for row in rows], [row[1] for row in rows]])
            await db.commit()
        return time.perf_counter() - began


async def _storm(platform: RunningPlatform, url: str) -> float:
    """Seconds from when the runtime owns its lanes until it has fired everything."""
    await _fill(url, -STORM, -1, timedelta(milliseconds=1))
    async with _replica(platform, url) as runtime:
        began = time.perf_counter()
        await runtime.until(lambda: len(runtime.late) >= STORM)
        return time.perf_counter() - began


async def _steady(platform: RunningPlatform, url: str, pace: float) -> list[float]:
    """How late timers are at an even pace, with a million that are due in hours."""
    count = int(pace * SECONDS)
    await _fill(url, MILLION, 2 * MILLION - 1, timedelta(milliseconds=10))
    async with _replica(platform, url) as runtime:
        await _fall_due(runtime, url, count, 1 / pace)
        await runtime.until(lambda: len(runtime.late) >= count)
        return [late for _, late in runtime.late]


async def _late_start(platform: RunningPlatform, url: str) -> tuple[list[float], float]:
    """How late timers are that fall due while a million that were due before are fired, and how
    many of those are fired a second."""
    await _fill(url, -MILLION, -1, timedelta(milliseconds=10))
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await _add(db, 1, BESIDE_BACKLOG * SECONDS, timedelta(seconds=1 / BESIDE_BACKLOG))
        began = datetime.now(UTC)
    async with _replica(platform, url) as runtime:
        owned = time.perf_counter()
        await asyncio.sleep((began - datetime.now(UTC)).total_seconds() + SECONDS + 1)
        newly = [late for due, late in runtime.late if due >= began]
        took = time.perf_counter() - owned
        return newly, (len(runtime.late) - len(newly)) / took


async def _fall_due(runtime: Measured, url: str, count: int, apart: float) -> None:
    """Set timers that fall due from now on, and let the runtime read anew."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await _add(db, int(2 / apart), int(2 / apart) + count - 1, timedelta(seconds=apart))
    runtime.wheel.forget()
    runtime.inbox.wake()


async def _memory(url: str) -> dict[str, Any]:
    """What a page of timers takes in the wheel."""
    async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
        log, wheel = PostgresLog(pool), Wheel()
        now = await log.now()
        tracemalloc.start()
        await wheel.refill(log, range(PARTITIONS), now)
        took, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {
            "what": "a page", "timers": len(wheel), "bytes a timer": took / len(wheel)
        }  # fmt: skip


@asynccontextmanager
async def _replica(platform: RunningPlatform, url: str) -> AsyncIterator[Measured]:
    """A replica that owns all lanes and works."""
    bootstrap = platform.kafka.bootstrap
    async with (
        AsyncConnectionPool(url, min_size=2, kwargs={"options": "-c timezone=UTC"}, open=False)
        as pool,
        KafkaPublisher(bootstrap, NAME) as publisher,
    ):  # fmt: skip
        ports = Ports(
            inbox=KafkaInbox(bootstrap, NAME, [TOPIC]),
            log=PostgresLog(pool),
            publisher=publisher,
            perform=perform_nothing,
            ids=Ids(Random(7)),
            owner=NAME,
            partitions=PARTITIONS,
        )
        settle()
        runtime = Measured(ports)
        await runtime.until(lambda: len(runtime.lanes.owned()) == PARTITIONS)
        yield runtime
        runtime.running.cancel()
        await asyncio.wait([runtime.running])


def _cause() -> bytes:
    now, one = datetime.now(UTC), UUID(int=1)
    return codec.encode(
        Record(
            id=one, type=type_name(Cause()), source="cases/0", tenant="acme", occurred_at=now,
            recorded_at=now, actor=SYSTEM, channel="mail", correlation=one, definition="acme/1",
            case=one, data=Cause(),
        )
    )  # fmt: skip
