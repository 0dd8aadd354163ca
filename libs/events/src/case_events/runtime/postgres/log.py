"""The log of a service in its own PostgreSQL database."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from sys import intern
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from case_events.kernel import Effect
from case_events.runtime.parked import Discarded, Parked
from case_events.runtime.ports import (
    ClaimedEffects,
    DueTimer,
    Epochs,
    Fenced,
    OutboxEntry,
    PartitionClaim,
    PendingEffect,
    Place,
    Position,
    Wake,
)
from case_events.runtime.postgres import parked as parking
from case_events.runtime.postgres.errors import Pool, connection
from case_events.runtime.postgres.listening import listen
from case_events.runtime.postgres.quarantine import PostgresQuarantine
from case_events.runtime.postgres.statements import load_statements
from case_events.runtime.postgres.transaction import PostgresTransaction, now

STATEMENTS = load_statements("case_events.runtime.postgres", "log")


class PostgresLog(PostgresQuarantine):
    """Implements the `Log` port. All errors of the driver are translated."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def now(self) -> datetime:
        async with connection(self.pool) as db:
            return await now(db)

    async def claim(self, partitions: Sequence[int], owner: str) -> list[PartitionClaim]:
        async with connection(self.pool) as db:
            rows = await db.execute(STATEMENTS["claim"], [sorted(partitions), owner])
            epochs = {partition: epoch async for partition, epoch in rows}
            await db.execute(STATEMENTS["release_effects"], [list(partitions)])
            return await _claims(db, epochs)

    async def resume(self, epochs: Epochs) -> list[PartitionClaim]:
        async with connection(self.pool) as db:
            rows = await db.execute(STATEMENTS["epochs"], [list(epochs)])
            held = {
                partition: epoch async for partition, epoch in rows if epochs[partition] == epoch
            }
            return await _claims(db, held)

    @asynccontextmanager
    async def transaction(self, epochs: Epochs) -> AsyncIterator[PostgresTransaction]:
        async with connection(self.pool) as db:
            at = await _still_ours(db, epochs)
            yield PostgresTransaction(db, at, owns=bool(epochs))

    async def unpublished(self, partitions: Sequence[int], limit: int) -> list[OutboxEntry]:
        async with connection(self.pool) as db:
            rows = await db.execute(STATEMENTS["unpublished"], [list(partitions), limit, limit])
            return [
                OutboxEntry(
                    partition=partition,
                    sequence=sequence,
                    topic=topic,
                    target_partition=target_partition,
                    key=key,
                    case=case,
                    version=version,
                    type=type_,
                    headers=msgspec.json.decode(headers),
                    value=value,
                )
                async for (
                    partition, sequence, topic, target_partition, key, case, version, type_,
                    headers, value,
                ) in rows
            ]  # fmt: skip

    async def mark_published(self, epochs: Epochs, last: Mapping[int, int]) -> None:
        async with connection(self.pool) as db:
            await _still_ours(db, {partition: epochs[partition] for partition in last})
            # A lost mark publishes records twice, in order, as any crash does.
            await db.execute(STATEMENTS["commit_asynchronously"])
            await db.execute(STATEMENTS["mark_published"], [list(last), list(last.values())])

    async def timers(
        self, partitions: Sequence[int], after: Place, until: datetime, limit: int
    ) -> list[DueTimer]:
        async with connection(self.pool) as db:
            rows = await db.execute(
                STATEMENTS["timers"],
                [list(partitions), *after, until, limit],
                binary=True,
            )
            return [
                DueTimer(partition, case, intern(name), due)
                for partition, case, name, due in await rows.fetchall()
            ]

    async def dormant_timers(self, partitions: Sequence[int]) -> set[str]:
        async with connection(self.pool) as db:
            rows = await db.execute(STATEMENTS["dormant_timers"], {"partitions": list(partitions)})
            return {name async for (name,) in rows}

    async def wake_dormant(self, epochs: Epochs, names: Sequence[str], per_second: int) -> int:
        async with connection(self.pool) as db:
            await _still_ours(db, epochs)
            values = [1 / per_second, list(epochs), list(names)]
            done = await db.execute(STATEMENTS["wake_dormant"], values)
            return done.rowcount

    async def claim_effects(self, epochs: Epochs, limit: int) -> ClaimedEffects:
        async with connection(self.pool) as db:
            await _still_ours(db, epochs)
            rows = await db.execute(STATEMENTS["claim_effects"], [list(epochs), limit])
            effects = [_pending(row) async for row in rows]
            if effects:
                return ClaimedEffects(effects)
            rows = await db.execute(STATEMENTS["next_effect_due"], [list(epochs)])
            row = await rows.fetchone()
            return ClaimedEffects([], row[0] if row else None)

    async def postpone_effect(self, key: str, until: datetime, *, uncertain: bool) -> None:
        async with connection(self.pool) as db:
            await db.execute(STATEMENTS["postpone_effect"], [until, uncertain, key])

    async def parked(self, partitions: Sequence[int]) -> list[Parked]:
        async with connection(self.pool) as db:
            return await parking.parked(db, partitions)

    async def request_retry(self, case: UUID) -> int:
        async with connection(self.pool) as db:
            return await parking.request_retry(db, case)

    async def discard(self, case: UUID, reason: str, by: str) -> Parked | None:
        async with connection(self.pool) as db:
            return await parking.discard(db, case, reason, by)

    async def discarded(self, partitions: Sequence[int]) -> list[Discarded]:
        async with connection(self.pool) as db:
            return await parking.discarded(db, partitions)

    @asynccontextmanager
    async def listen(self, wake: Wake) -> AsyncIterator[None]:
        listening = asyncio.create_task(listen(self.pool.conninfo, wake))
        try:
            yield
        finally:
            listening.cancel()


async def _still_ours(db: AsyncConnection[Any], epochs: Epochs) -> datetime:
    """Lock our ownership against a takeover until the commit, and return the time after that."""
    if not epochs:
        return await now(db)
    rows = await (await db.execute(STATEMENTS["lock_epochs"], [sorted(epochs)])).fetchall()
    found = {partition: epoch for partition, epoch, _ in rows}
    lost = [partition for partition, epoch in epochs.items() if found.get(partition) != epoch]
    if lost:
        raise Fenced(f"partitions {lost} have another owner")
    at: datetime = rows[-1][2]
    return at.astimezone(UTC)


async def _claims(db: AsyncConnection[Any], epochs: Mapping[int, int]) -> list[PartitionClaim]:
    rows = await db.execute(STATEMENTS["positions"], [list(epochs)])
    sequences: dict[tuple[int, str], dict[str, int]] = {}
    offsets: dict[tuple[int, str], int] = {}
    async for partition, topic, source, sequence, next_offset in rows:
        sequences.setdefault((partition, topic), {})[source] = sequence
        offsets[partition, topic] = max(offsets.get((partition, topic), 0), next_offset)
    return [
        PartitionClaim(
            partition,
            epoch,
            tuple(
                Position(topic, sequences[number, topic], offset)
                for (number, topic), offset in offsets.items()
                if number == partition
            ),
        )
        for partition, epoch in sorted(epochs.items())
    ]


def _pending(row: Sequence[Any]) -> PendingEffect:
    partition, case, key, kind, payload, cause, attempts, first_attempt_at, uncertain = row
    return PendingEffect(
        partition=partition,
        case=case,
        effect=Effect(key=key, kind=kind, payload=payload),
        cause=cause,
        attempts=attempts,
        first_attempt_at=first_attempt_at,
        uncertain=uncertain,
    )
