"""Reading the history through `eventsourcing`, compared with the code of version 0.1."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from random import Random
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from case_workflow.adapters.history import HistoryReader
from case_workflow.adapters.log_datastore import LogDatastore
from psycopg_pool import AsyncConnectionPool

from benchmarks.figures import Table
from benchmarks.histories import START, filled_database
from benchmarks.history_before import HistoryBefore
from tests.support.wire import codec

CASES = int(os.environ.get("CASEFOLD_HISTORY_CASES", "4000"))
PARTITIONS = 12
READS = 400
"""The number of cases that are read one by one in each round."""
ROUNDS = 5


class Took(NamedTuple):
    """Seconds of one round: by the clock, and of this process's processor time."""

    wall: float
    processor: float


Rounds = dict[str, list[Took]]


def measure() -> Table:
    """Read one case after the other, as `/history` does, and the whole log, as `verify` does.

    Both ways give the same answer, byte for byte. Rounds alternate.
    """
    starts = (START + timedelta(minutes=number) for number in range(1, CASES + 1))
    with filled_database(starts, PARTITIONS) as histories:
        cases, rounds = asyncio.run(_measured(histories.url))
    events = cases * 12
    rows = [
        *_rows("read one case", rounds, "one", READS),
        *_rows("walk and verify the log", rounds, "all", events),
    ]
    return Table(
        f"Reading the history: {cases:,} cases, {events:,} events, {PARTITIONS} partitions", rows,
        [f"Medians of {ROUNDS} rounds; x is how many times as fast as before, by the clock and by"
         " processor time of the process that reads."],
    )  # fmt: skip


def _rows(what: str, rounds: Rounds, kind: str, count: int) -> Iterator[dict[str, Any]]:
    before = rounds[f"{kind} before"]
    for name in ("before", "now"):
        took = rounds[f"{kind} {name}"]
        yield {
            "what": f"{what}, {name}",
            "a second": count / median(one.wall for one in took),
            "a processor second": count / median(one.processor for one in took),
            "x": median(a.wall / b.wall for a, b in zip(before, took, strict=True)),
            "x by processor": median(
                a.processor / b.processor for a, b in zip(before, took, strict=True)
            ),
        }


async def _measured(url: str) -> tuple[int, Rounds]:
    rounds: Rounds = {}
    async with AsyncConnectionPool(url, min_size=2, open=False) as pool:
        async with pool.connection() as db:
            rows = await db.execute("SELECT DISTINCT case_id FROM log ORDER BY case_id")
            cases: list[UUID] = [case for (case,) in await rows.fetchall()]
        chosen = Random(1).sample(cases, min(READS, len(cases)))
        with closing(LogDatastore(url)) as datastore:
            before, now = HistoryBefore(pool, codec), HistoryReader(pool, datastore, codec)
            for case in chosen[:20]:
                assert await _answer(before, case) == await _answer(now, case)
            verified = await now.verify()
            assert (verified.cases, verified.events, list(verified.flaws)) == await before.verify()
            assert not verified.flaws
            for _ in range(ROUNDS):
                for name, way in (("before", before), ("now", now)):
                    one = await _timed(partial(_answers, way, chosen))
                    rounds.setdefault(f"one {name}", []).append(one)
                    rounds.setdefault(f"all {name}", []).append(await _timed(way.verify))
    return len(cases), rounds


async def _answers(way: HistoryBefore | HistoryReader, cases: Sequence[UUID]) -> None:
    for case in cases:
        await _answer(way, case)


async def _answer(way: HistoryBefore | HistoryReader, case: UUID) -> bytes:
    return msgspec.json.encode({"case": case, "events": await way.events(case)})


async def _timed(run: Callable[[], Awaitable[Any]]) -> Took:
    wall, processor = time.perf_counter(), time.process_time()
    await run()
    return Took(time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    print(measure())
