"""The same work without the platform: the cost of the servers and drivers."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from casefold.topics import TopicSettings, apply_topics
from psycopg.types.json import Jsonb

from tests.support.real.platform import PARTITIONS

HOPS, FACTS = "benchmarks-hops", "benchmarks-facts"
BATCH = 500
"""The number of records that the runtime takes at once."""

COLUMNS = (
    "partition, sequence, topic, target_partition, key, case_id, version, type, headers, value"
)
TYPES = ("int4", "int8", "text", "int4", "text", "uuid", "int8", "text", "jsonb", "bytea")
Row = tuple[Any, ...]


async def make_topics(bootstrap: str) -> None:
    """Make the topics of the benchmarks."""
    await apply_topics(
        bootstrap, [TopicSettings(HOPS, 1, 1, {}), TopicSettings(FACTS, PARTITIONS, 1, {})]
    )


class Hops:
    """One record to Kafka and back, to a waiting consumer."""

    def __init__(self, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer) -> None:
        self._producer, self._consumer = producer, consumer

    async def once(self, value: bytes) -> float:
        """Seconds from `send` until the record is consumed."""
        began = time.perf_counter()
        await self._producer.send_and_wait(HOPS, value, partition=0)
        await self._consumer.getone()
        return time.perf_counter() - began


@asynccontextmanager
async def hops(bootstrap: str) -> AsyncIterator[Hops]:
    """A producer and a consumer with the settings of the platform."""
    async with (
        AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as there,
        AIOKafkaConsumer(bootstrap_servers=bootstrap, fetch_max_wait_ms=100) as back,
    ):
        back.assign([TopicPartition(HOPS, 0)])
        await back.seek_to_end()
        await back.position(TopicPartition(HOPS, 0))
        yield Hops(there, back)


class Commits:
    """One row in one transaction, which is on disk before the answer."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection

    async def once(self, value: bytes) -> float:
        """Seconds from INSERT until its commit is answered."""
        began = time.perf_counter()
        await self._connection.execute("INSERT INTO bare (value) VALUES (%s)", [value])
        return time.perf_counter() - began


@asynccontextmanager
async def commits(database_url: str) -> AsyncIterator[Commits]:
    """A connection and a table of its own."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("CREATE TABLE bare (value bytea NOT NULL)")
        yield Commits(connection)
        await connection.execute("DROP TABLE bare")


async def consume_and_produce(
    bootstrap: str, offsets: Mapping[TopicPartition, int], facts_of: Mapping[str, Sequence[Row]]
) -> float:
    """Seconds to consume one record for each key of `facts_of` from these offsets, and to produce
    for each its rows' values, with key and headers, one batch after the other."""
    left = len(facts_of)
    async with (
        AIOKafkaProducer(
            bootstrap_servers=bootstrap, acks="all", enable_idempotence=True,
            max_batch_size=256 * 1024,
        ) as producer,
        AIOKafkaConsumer(
            bootstrap_servers=bootstrap, fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        ) as consumer,
    ):  # fmt: skip
        consumer.assign(list(offsets))
        for place, offset in offsets.items():
            consumer.seek(place, offset)
        began = time.perf_counter()
        while left > 0:
            taken = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
            records = [record for batch in taken.values() for record in batch]
            left -= len(records)
            rows = (row for record in records for row in facts_of[record.key.decode()])
            sent = [await send(producer, row, FACTS) for row in rows]
            await asyncio.gather(*sent)
        return time.perf_counter() - began


async def send(producer: AIOKafkaProducer, row: Row, topic: str) -> "asyncio.Future[Any]":
    """Send a row of the log to a topic; what is awaited for Kafka's acknowledgement."""
    _, _, _, partition, key, _, _, _, headers, value = row
    sent: asyncio.Future[Any] = await producer.send(
        topic,
        value=value,
        key=key.encode(),
        partition=partition,
        headers=[(name, text.encode()) for name, text in headers.items()],
    )
    return sent


async def copy(database_url: str, rows: Sequence[Row], at_once: int) -> float:
    """Seconds to COPY rows into a table like `log`, in binary, with `at_once` rows in a commit."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute("CREATE TABLE bare_log (LIKE log INCLUDING ALL)")
        await connection.commit()
        began = time.perf_counter()
        for start in range(0, len(rows), at_once):
            async with connection.cursor().copy(
                f"COPY bare_log ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
            ) as into:
                into.set_types(TYPES)
                for *values, headers, value in rows[start : start + at_once]:
                    await into.write_row((*values, Jsonb(headers), value))
            await connection.commit()
        took = time.perf_counter() - began
        await connection.execute("DROP TABLE bare_log")
        return took
