"""Timers: the rate of the runtime compared with the same work done bare, the delay, and the
memory."""

import asyncio
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from case_events.runtime.engine.timer_queue import TimerQueue
from case_events.runtime.postgres import PostgresLog, migrate
from casefold.databases import OWN
from casefold.topics import TopicSettings, apply_topics
from psycopg_pool import AsyncConnectionPool

from benchmarks.bare import BATCH
from benchmarks.figures import Table, percentile
from benchmarks.firing import (
    CLAIM,
    NAME,
    NOTING,
    STORM,
    TELLING,
    TOPIC,
    Measured,
    add,
    claimed,
    claimed_and_written,
    fill,
    fired,
    published_rows,
    replica,
)
from tests.support.real.platform import PARTITIONS, RunningPlatform

MILLION = 1_000_000
ROUNDS = 3
"""The number of measurements of each rate, one after the other; the median of the ratios counts."""

SECONDS = 12
"""Seconds in which timers fall due at an even pace."""

BESIDE_BACKLOG = 200
"""Timers a second that fall due while a million are overdue."""


async def measure(platform: RunningPlatform) -> list[Table]:
    """All measurements, in a database of their own. The services may be stopped."""
    url = platform.create_databases(NAME)[NAME][OWN]
    with psycopg.connect(platform.postgres.url, autocommit=True) as db:
        db.execute(f"GRANT pg_checkpoint TO casefold_{NAME}".encode())
    await migrate(url)
    await apply_topics(platform.kafka.bootstrap, [TopicSettings(TOPIC, PARTITIONS, 1, {})])
    rounds = [await _round(platform.kafka.bootstrap, url) for _ in range(ROUNDS)]
    pace = STORM / percentile([telling for _, _, telling, _ in rounds], 0.5) / 2
    steady = await _steady(platform, url, pace)
    newly, backlog = await _late_start(platform, url)
    lateness = [
        _row(f"{pace:,.0f} a second, {MILLION:,} pending", steady),
        _row(f"{BESIDE_BACKLOG} a second, {MILLION:,} overdue at the start", newly),
    ]
    return [
        *_rates(rounds),
        Table("How late a timer's commit is answered, ms", lateness, [
            "The first is half of what the runtime fires a second with a fact each.",
            f"Beside the others, the backlog of {MILLION:,} fires at {backlog:,.0f} a second."
        ]),
        Table("Memory of the wheel", [await _memory(url)]),
    ]  # fmt: skip


Round = tuple[float, float, float, float]
"""Seconds of the bare claim, of the runtime without events, of the runtime with events, and of the
same work done bare."""


async def _round(bootstrap: str, url: str) -> Round:
    """All four, one after the other, so that other load meets all of them."""
    claim = await claimed(url)
    noting = await fired(bootstrap, url, NOTING)
    telling = await fired(bootstrap, url, TELLING)
    return (
        claim,
        noting,
        telling,
        await claimed_and_written(bootstrap, url, await published_rows(url)),
    )


def _rates(rounds: list[Round]) -> list[Table]:
    claims, notings, tellings, writings = zip(*rounds, strict=True)
    return [
        Table(
            "Timers fired a second, all of them overdue: firing alone",
            [
                _rate(f"bare: claim {CLAIM}, delete, commit", claims),
                _rate("the runtime, with nothing to say", notings, claims),
            ],
            ["Median, and the ratio in each of the rounds."],
        ),
        Table(
            "The same with a fact, a memory and a publication each",
            [
                _rate(f"bare: claim {BATCH}, delete, COPY, upsert, commit, produce", writings),
                _rate("the runtime, with a fact each", tellings, writings),
            ],
        ),
    ]


def _rate(
    what: str, seconds: tuple[float, ...], beside: tuple[float, ...] | None = None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "what": what, "timers": STORM, "timers/s": STORM / percentile(seconds, 0.5)
    }  # fmt: skip
    if beside is None:
        return row
    ratios = [bare / own for bare, own in zip(beside, seconds, strict=True)]
    of_each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return row | {"of bare": percentile(ratios, 0.5), "each": of_each}


def _row(what: str, late: list[float]) -> dict[str, Any]:
    figures = {f"p{share * 100:g}": percentile(late, share) * 1000 for share in (0.5, 0.99)}
    return {"what": what, "timers": len(late), **figures, "worst": max(late) * 1000}


async def _steady(platform: RunningPlatform, url: str, pace: float) -> list[float]:
    """The delay of timers at an even pace, with a million that are due in hours."""
    count = int(pace * SECONDS)
    await fill(url, MILLION, 2 * MILLION - 1, timedelta(milliseconds=10))
    async with replica(platform.kafka.bootstrap, url) as runtime:
        await _fall_due(runtime, url, count, 1 / pace)
        await runtime.until(lambda: len(runtime.late) >= count)
        return [late for _, late in runtime.late]


async def _late_start(platform: RunningPlatform, url: str) -> tuple[list[float], float]:
    """The delay of timers that fall due while a million earlier ones are fired, and how many of
    those are fired a second."""
    await fill(url, -MILLION, -1, timedelta(milliseconds=10))
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await add(db, 1, BESIDE_BACKLOG * SECONDS, timedelta(seconds=1 / BESIDE_BACKLOG))
        began = datetime.now(UTC)
    async with replica(platform.kafka.bootstrap, url) as runtime:
        owned = asyncio.get_running_loop().time()
        await asyncio.sleep((began - datetime.now(UTC)).total_seconds() + SECONDS + 1)
        newly = [late for due, late in runtime.late if due >= began]
        took = asyncio.get_running_loop().time() - owned
        return newly, (len(runtime.late) - len(newly)) / took


async def _fall_due(runtime: Measured, url: str, count: int, apart: float) -> None:
    """Set timers that fall due from now on, and let the runtime read them."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await add(db, int(2 / apart), int(2 / apart) + count - 1, timedelta(seconds=apart))
    runtime.timer_queue.forget()
    runtime.inbox.wake()


async def _memory(url: str) -> dict[str, Any]:
    """The memory of a page of timers in the timer queue."""
    async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
        log, timer_queue = PostgresLog(pool), TimerQueue()
        now = await log.now()
        tracemalloc.start()
        await timer_queue.refill(log, range(PARTITIONS), now)
        took, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {
            "what": "a page", "timers": len(timer_queue), "bytes a timer": took / len(timer_queue)
        }  # fmt: skip
