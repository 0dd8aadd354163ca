"""One transaction of the log, with one statement for each kind of change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from case_events.envelope import Delivery
from case_events.kernel import Document, Effect, Timer
from case_events.runtime.ports import DueTimer, Fenced, OutboxEntry, PositionUpdate, Snapshot
from case_events.runtime.postgres import parked as parking
from case_events.runtime.postgres.listening import notify
from case_events.runtime.postgres.quarantine import admit, hold
from case_events.runtime.postgres.statements import load_statements

STATEMENTS = load_statements("case_events.runtime.postgres", "transaction")
_LOG_TYPES = (
    "int4", "int8", "text", "int4", "text", "uuid", "int8", "text", "jsonb", "bytea",
)  # fmt: skip
_DUE = itemgetter(3)


async def now(db: AsyncConnection[Any]) -> datetime:
    """Return the time of the database's clock, in UTC."""
    row = await (await db.execute(STATEMENTS["now"])).fetchone()
    assert row is not None
    now: datetime = row[0]
    return now.astimezone(UTC)


class PostgresTransaction:
    """Implements the `Transaction` port on one connection. Adapters of a service may use
    `connection`."""

    def __init__(self, connection: AsyncConnection[TupleRow], now: datetime, *, owns: bool) -> None:
        self.connection, self.now, self._owns = connection, now, owns

    async def load(self, cases: Sequence[UUID]) -> dict[UUID, Snapshot]:
        rows = await self.connection.execute(
            STATEMENTS["load_snapshots"], [list(cases)], binary=True
        )
        return {
            case: Snapshot(state.encode(), version, digest)
            for case, state, version, digest in await rows.fetchall()
        }

    async def take_timers(self, timers: Sequence[DueTimer]) -> list[DueTimer]:
        if not timers:
            return []
        rows = await self.connection.execute(
            STATEMENTS["take_timers"],
            columns([(timer.case, timer.due) for timer in timers]),
            binary=True,
        )
        return [DueTimer(*row) for row in sorted(await rows.fetchall(), key=_DUE)]

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        return await self._reserve(STATEMENTS["reserve_sequences"], counts)

    async def _reserve(self, statement: LiteralString, counts: Mapping[int, int]) -> dict[int, int]:
        if not counts:
            return {}
        wanted = columns(sorted(counts.items()))  # locked in this order: no deadlock
        rows = await self.connection.execute(statement, wanted)
        return {
            partition: last - counts[partition] + 1 for partition, last in await rows.fetchall()
        }

    async def append(self, entries: Sequence[OutboxEntry]) -> None:
        if not entries:
            return
        await self._write(entries)
        if not self._owns:  # another replica may, and publishes what stands there
            await notify(self.connection, "log")

    async def _write(self, entries: Sequence[OutboxEntry]) -> None:
        async with self.connection.cursor().copy(STATEMENTS["copy_log"]) as copy:
            copy.set_types(_LOG_TYPES)
            for e in entries:
                await copy.write_row(
                    (e.partition, e.sequence, e.topic, e.target_partition, e.key, e.case, e.version,
                     e.type, Jsonb(e.headers, dumps=msgspec.json.encode), e.value)
                )  # fmt: skip

    async def save(
        self, partition_by_case: Mapping[UUID, int], snapshots: Mapping[UUID, Snapshot]
    ) -> None:
        await self._many(
            STATEMENTS["save_snapshots"],
            [
                (case, partition_by_case[case], kept.version, kept.digest, kept.state.decode())
                for case, kept in snapshots.items()
            ],
        )

    async def save_documents(self, documents: Mapping[UUID, Sequence[Document]]) -> None:
        contents = {
            (case, one.key): one.content.decode() for case, new in documents.items() for one in new
        }
        rows = [(*key, content) for key, content in contents.items()]
        await self._many(STATEMENTS["save_documents"], rows)

    async def set_timers(
        self, partition_by_case: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        cleared = [(case, timer.name) for case, timer, _ in timers if timer.due is None]
        await self._many(STATEMENTS["clear_timers"], cleared)
        await self._many(
            STATEMENTS["set_timers"],
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
            STATEMENTS["add_effects"],
            [
                (effect.key, case, partition_by_case[case], effect.kind, effect.payload, cause)
                for case, effect, cause in effects
            ],
        )

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        if not keys:
            return {}
        rows = await self.connection.execute(STATEMENTS["finish_effects"], [list(keys)])
        return {key: uncertain async for key, uncertain in rows}

    async def park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        await parking.park(self.connection, partition, case, delivery, error, awaits)

    async def unpark(self, places: Sequence[int]) -> None:
        if not places:
            return
        if await parking.unpark(self.connection, places) != len(places):
            raise Fenced("a record that was tried again was discarded meanwhile")

    async def record_failure(self, place: int, error: str, awaits: str = "") -> None:
        await parking.record_failure(self.connection, place, error, awaits)

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
        moved = columns(rows)
        values = [*moved, moved[0], moved[1]]
        done = await self.connection.execute(STATEMENTS["advance"], values)
        if done.rowcount != len(moves):
            raise Fenced(f"{len(moves) - done.rowcount} positions were moved by another owner")

    async def _many(self, statement: LiteralString, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self.connection.execute(statement, columns(rows))


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows as columns: one parameter for each, for `unnest`."""
    return [list(column) for column in zip(*rows, strict=True)]
