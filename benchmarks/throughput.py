"""Events a second through workflow, compared with bare loops over the same bytes."""

import asyncio
import signal
import time
from itertools import groupby
from typing import Any

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition
from case_events.topics import CASES, INTAKE
from casefold import process

from benchmarks import backlog, bare, processors, reaction
from benchmarks.figures import Table
from tests.support.real.platform import PARTITIONS, SERVICES, RunningPlatform

COUNT = 10_000
TIMEOUT = 300.0
LOOK_EVERY = 0.02
STARTED = '"event": "assigned"'
SHOWN = ("workflow", "postgres", "kafka")
Offsets = dict[TopicPartition, int]


async def measure(platform: RunningPlatform, count: int = COUNT) -> Table:
    """Fill `intake` while no service reads it; then run workflow alone; then the bare loops."""
    for name in ("sink", *SERVICES):
        process.end(platform.processes[name], signal.SIGTERM, 10)
    facts = count * reaction.facts_per_case()
    unread = await _ends(platform, INTAKE)
    await backlog.publish(platform.kafka.bootstrap, backlog.entries(backlog.new_cases(count)))
    through, spent = await _through_workflow(platform, facts)
    rows = _rows_of_log(platform, facts)
    facts_of = {key: list(group) for key, group in groupby(rows, lambda row: row[4])}
    kafka = await bare.consume_and_produce(platform.kafka.bootstrap, unread, facts_of)
    at_once = bare.BATCH * facts // count
    copied = await bare.copy(platform.database("workflow"), rows, at_once)
    rates = [
        ("workflow: intake to cases, all of it", through),
        *((f"  meanwhile, processor time of {name}", spent[name]) for name in SHOWN),
        ("bare aiokafka: consume, produce the same bytes", kafka),
        ("bare COPY of the same rows, binary", copied),
        ("both bare, one after the other", kafka + copied),
    ]
    return Table(
        f"Events a second through workflow: {count:,} new cases, {facts:,} facts",
        [_row(name, count, facts, took, through) for name, took in rates],
        [
            f"Workflow took {through / kafka:.2f} x the bare Kafka loop, {through / copied:.2f} x "
            f"the COPY, and {through / (kafka + copied):.2f} x both, one after the other."
        ],
    )


def _row(
    name: str, count: int, facts: int, took: float, through: float
) -> dict[str, str | int | float]:
    return {
        "what": name,
        "seconds": took,
        "cases/s": count / took,
        "facts/s": facts / took,
        "µs a fact": took / facts * 1e6,
        "share of workflow": took / through,
    }


async def _through_workflow(
    platform: RunningPlatform, facts: int
) -> tuple[float, processors.Seconds]:
    """Seconds, and processor time by process, from when workflow owns its partitions until the last
    event is on `cases`."""
    wanted = sum((await _ends(platform, CASES)).values()) + facts
    started_before = platform.log("workflow").count(STARTED)
    platform.begin("workflow")
    deadline = time.monotonic() + TIMEOUT
    while platform.log("workflow").count(STARTED) == started_before:
        await _wait(deadline)
    began, before = time.perf_counter(), processors.used(platform)
    async with AIOKafkaConsumer(bootstrap_servers=platform.kafka.bootstrap) as consumer:
        places = [TopicPartition(CASES, number) for number in range(PARTITIONS)]
        while sum((await consumer.end_offsets(places)).values()) < wanted:
            await _wait(deadline)
    took = time.perf_counter() - began
    spent = processors.since(before, processors.used(platform))
    process.end(platform.processes["workflow"], signal.SIGTERM, 20)
    return took, spent


async def _wait(deadline: float) -> None:
    assert time.monotonic() < deadline, f"workflow is not through after {TIMEOUT} s"
    await asyncio.sleep(LOOK_EVERY)


async def _ends(platform: RunningPlatform, topic: str) -> Offsets:
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    async with AIOKafkaConsumer(bootstrap_servers=platform.kafka.bootstrap) as consumer:
        ends: Offsets = await consumer.end_offsets(places)
        return ends


def _rows_of_log(platform: RunningPlatform, facts: int) -> list[tuple[Any, ...]]:
    """The events that workflow has just written, by case."""
    with psycopg.connect(platform.database("workflow"), autocommit=True) as connection:
        return connection.execute(
            f"SELECT {bare.COLUMNS} FROM"
            " (SELECT * FROM log ORDER BY written_at DESC LIMIT %s) AS newest"
            " ORDER BY partition, sequence",
            [facts],
        ).fetchall()
