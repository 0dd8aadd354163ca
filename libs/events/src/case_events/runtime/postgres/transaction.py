"""One transaction of the log: every kind of change in one statement each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from case_events.envelope import Delivery
from case_events.kernel import Document, Effect, Timer
from case_events.runtime.ports import DueTimer, Fenced, OutboxEntry, PositionUpdate, Snapshot
from case_events.runtime.postgres.listening import CHANNEL
from case_events.runtime.postgres.quarantine import admit, hold

_COPY_LOG = (
    "COPY log (partition, sequence, topic, target_partition, key, case_id, version, type, headers,"
    " value) FROM STDIN (FORMAT BINARY)"
)
_LOG_TYPES = (
    "int4", "int8", "text", "int4", "text", "uuid", "int8", "text", "jsonb", "bytea",
)  # fmt: skip
_RESERVE = """
INSERT INTO log_positions AS h (partition, sequence) SELECT * FROM unnest(%b::int[], %b::bigint[])
ON CONFLICT (partition) DO UPDATE SET sequence = h.sequence + excluded.sequence
RETURNING partition, sequence
"""
_SAVE = """
INSERT INTO snapshots (case_id, partition, version, digest, state)
SELECT * FROM unnest(%b::uuid[], %b::int[], %b::bigint[], %b::text[], %b::text[]::jsonb[])
ON CONFLICT (case_id) DO UPDATE
SET version = excluded.version, digest = excluded.digest, state = excluded.state
"""
_SAVE_DOCUMENTS = """
INSERT INTO documents (case_id, key, document)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[]::jsonb[])
ON CONFLICT (case_id, key) DO UPDATE SET document = excluded.document
"""
_TAKE_TIMERS = """
DELETE FROM timers USING unnest(%b::uuid[], %b::timestamptz[]) AS t (c, d)
WHERE case_id = c AND due <= d AND due <= clock_timestamp()
RETURNING partition, case_id, name, due, cause
"""
_DUE = itemgetter(3)
_SET_TIMERS = """
INSERT INTO timers (case_id, name, partition, due, cause)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::int[], %b::timestamptz[], %b::bytea[])
ON CONFLICT (case_id, name) DO UPDATE SET due = excluded.due, cause = excluded.cause
"""
_ADD_EFFECTS = """
INSERT INTO effects (key, case_id, partition, kind, payload, cause)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::int[], %b::text[], %b::bytea[], %b::bytea[])
ON CONFLICT (key) DO NOTHING
"""
_ADVANCE = """
INSERT INTO tracking AS t (application_name, notification_id, partition, topic, source, next_offset)
SELECT name, sequence, partition, topic, source, next_offset
FROM unnest(%b::text[], %b::bigint[], %b::bigint[], %b::int[], %b::text[], %b::text[],
    %b::bigint[]) AS m (name, was, sequence, partition, topic, source, next_offset)
WHERE was = 0 OR EXISTS (SELECT FROM tracking WHERE application_name = name)
ON CONFLICT (application_name) DO UPDATE
SET notification_id = excluded.notification_id, next_offset = excluded.next_offset
WHERE t.notification_id = (
    SELECT was FROM unnest(%b::text[], %b::bigint[]) AS w (name, was)
    WHERE name = t.application_name)
"""


async def now(db: AsyncConnection[Any]) -> datetime:
    """What time it is by the database's clock, in UTC."""
    row = await (await db.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None
    said: datetime = row[0]
    return said.astimezone(UTC)


class PostgresTransaction:
    """A transaction on one connection. Adapters of a service may use `connection` within it."""

    def __init__(self, connection: AsyncConnection[TupleRow], now: datetime, *, owns: bool) -> None:
        self.connection, self.now, self._owns = connection, now, owns

    async def load(self, cases: Sequence[UUID]) -> dict[UUID, Snapshot]:
        rows = await self.connection.execute(
            "SELECT case_id, state::text, version, digest FROM snapshots WHERE case_id = ANY(%b)",
            [list(cases)],
            binary=True,
        )
        return {
            case: Snapshot(state.encode(), version, digest)
            for case, state, version, digest in await rows.fetchall()
        }

    async def take_timers(self, timers: Sequence[DueTimer]) -> list[DueTimer]:
        if not timers:
            return []
        rows = await self.connection.execute(
            _TAKE_TIMERS, _columns([(timer.case, timer.due) for timer in timers]), binary=True
        )
        return [DueTimer(*row) for row in sorted(await rows.fetchall(), key=_DUE)]

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        if not counts:
            return {}
        columns = _columns(sorted(counts.items()))  # locked in this order: no deadlock
        rows = await self.connection.execute(_RESERVE, columns)
        return {
            partition: last - counts[partition] + 1 for partition, last in await rows.fetchall()
        }

    async def append(self, entries: Sequence[OutboxEntry]) -> None:
        if not entries:
            return
        async with self.connection.cursor().copy(_COPY_LOG) as copy:
            copy.set_types(_LOG_TYPES)
            for e in entries:
                await copy.write_row(
                    (e.partition, e.sequence, e.topic, e.target_partition, e.key, e.case, e.version,
                     e.type, Jsonb(e.headers, dumps=msgspec.json.encode), e.value)
                )  # fmt: skip
        if not self._owns:  # another replica may, and publishes what stands there
            await self.connection.execute("SELECT pg_notify(%s, 'log')", [CHANNEL])

    async def save(
        self, partition_by_case: Mapping[UUID, int], snapshots: Mapping[UUID, Snapshot]
    ) -> None:
        await self._many(
            _SAVE,
            [
                (case, partition_by_case[case], kept.version, kept.digest, kept.state.decode())
                for case, kept in snapshots.items()
            ],
        )

    async def save_documents(self, documents: Mapping[UUID, Sequence[Document]]) -> None:
        contents = {
            (case, one.key): one.content.decode() for case, new in documents.items() for one in new
        }
        await self._many(_SAVE_DOCUMENTS, [(*key, content) for key, content in contents.items()])

    async def set_timers(
        self, partition_by_case: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        cleared = [(case, timer.name) for case, timer, _ in timers if timer.due is None]
        await self._many(
            "DELETE FROM timers USING unnest(%b::uuid[], %b::text[]) AS t (c, n)"
            " WHERE case_id = c AND name = n",
            cleared,
        )
        await self._many(
            _SET_TIMERS,
            [
                (case, timer.name, partition_by_case[case], timer.due, cause)
                for case, timer, cause in timers
                if timer.due is not None
            ],
        )

    async def add_effects(
        self, partition_by_case: Mapping[UUID, int], effects: Sequence[tuple[UUID, Effect, bytes]]
    ) -> None:
        await self._many(
            _ADD_EFFECTS,
            [
                (effect.key, case, partition_by_case[case], effect.kind, effect.payload, cause)
                for case, effect, cause in effects
            ],
        )

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        if not keys:
            return {}
        rows = await self.connection.execute(
            "UPDATE effects SET state = 'done', payload = '', cause = ''"
            " WHERE key = ANY(%s) AND state = 'claimed' RETURNING key, uncertain",
            [list(keys)],
        )
        return {key: uncertain async for key, uncertain in rows}

    async def park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        document = msgspec.json.encode(delivery).decode()
        await self.connection.execute(
            "INSERT INTO parked (partition, case_id, delivery, error, awaits)"
            " VALUES (%s, %s, %s::jsonb, %s, %s)",
            [partition, case, document, error.replace("\0", "\\0"), awaits],
        )

    async def unpark(self, places: Sequence[int]) -> None:
        if not places:
            return
        done = await self.connection.execute(
            "DELETE FROM parked WHERE place = ANY(%s)", [list(places)]
        )
        if done.rowcount != len(places):
            raise Fenced("a record that was tried again was discarded meanwhile")

    async def record_failure(self, place: int, error: str, awaits: str = "") -> None:
        await self.connection.execute(
            "UPDATE parked SET error = %s, awaits = %s WHERE place = %s",
            [error.replace("\0", "\\0"), awaits, place],
        )
        await self.connection.execute(
            "UPDATE parked SET retry = false"
            " WHERE case_id = (SELECT case_id FROM parked WHERE place = %s)",
            [place],
        )

    async def quarantine(self, delivery: Delivery, reason: str) -> None:
        await hold(self.connection, delivery, reason)

    async def admit(self, places: Sequence[int]) -> None:
        await admit(self.connection, list(places))

    async def advance(self, moves: Sequence[PositionUpdate]) -> None:
        if not moves:
            return
        rows = [
            (f"{m.topic}/{m.partition}/{m.source}", m.was, m.sequence, m.partition, m.topic,
             m.source, m.next_offset)
            for m in moves
        ]  # fmt: skip
        columns = _columns(rows)
        done = await self.connection.execute(_ADVANCE, [*columns, columns[0], columns[1]])
        if done.rowcount != len(moves):
            raise Fenced(f"{len(moves) - done.rowcount} positions were moved by another owner")

    async def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self.connection.execute(statement, _columns(rows))


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
