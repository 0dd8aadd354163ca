"""Parked and discarded records in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from case_events.envelope import Delivery
from case_events.runtime.parked import Discarded, NotDiscardable, Parked
from case_events.runtime.postgres.listening import notify
from case_events.runtime.postgres.statements import load_statements
from case_events.topics import CASES

STATEMENTS = load_statements("case_events.runtime.postgres", "parked")


async def park(
    db: AsyncConnection[Any],
    partition: int,
    case: UUID,
    delivery: Delivery,
    error: str,
    awaits: str,
) -> None:
    """See `ports.Transaction.park`."""
    document = msgspec.json.encode(delivery).decode()
    values = [partition, case, document, _storable(error), awaits]
    await db.execute(STATEMENTS["park"], values)


async def unpark(db: AsyncConnection[Any], places: Sequence[int]) -> int:
    """Delete parked records. Return how many were deleted."""
    return (await db.execute(STATEMENTS["unpark"], [list(places)])).rowcount


async def record_failure(db: AsyncConnection[Any], place: int, error: str, awaits: str) -> None:
    """See `ports.Transaction.record_failure`."""
    await db.execute(STATEMENTS["record_failure"], [_storable(error), awaits, place])
    await db.execute(STATEMENTS["end_retry"], [place])


async def parked(db: AsyncConnection[Any], partitions: Sequence[int]) -> list[Parked]:
    """See `ports.Log.parked`."""
    rows = await db.execute(STATEMENTS["list"], [list(partitions)])
    return [_parked(row) async for row in rows]


async def request_retry(db: AsyncConnection[Any], case: UUID) -> int:
    """See `ports.Log.request_retry`."""
    done = await db.execute(STATEMENTS["request_retry"], [case])
    await notify(db, "retry")
    return done.rowcount


async def discard(db: AsyncConnection[Any], case: UUID, reason: str, by: str) -> Parked | None:
    """See `ports.Log.discard`."""
    row = await (await db.execute(STATEMENTS["lock_first"], [case])).fetchone()
    if row is None:
        return None
    first = _parked(row)
    if first.delivery.topic == CASES:
        raise NotDiscardable(CASES)
    await db.execute(STATEMENTS["discard"], [first.place, reason, by])
    await request_retry(db, case)
    return first


async def discarded(db: AsyncConnection[Any], partitions: Sequence[int]) -> list[Discarded]:
    """See `ports.Log.discarded`."""
    rows = await db.execute(STATEMENTS["list_discarded"], [list(partitions)])
    return [
        Discarded(parked=_parked(row), reason=reason, by=by, at=at)
        async for *row, reason, by, at in rows
    ]


def _storable(error: str) -> str:
    """Return the text of an error without the one character that PostgreSQL's text cannot hold."""
    return error.replace("\0", "\\0")


def _parked(row: Sequence[Any]) -> Parked:
    place, partition, case, delivery, error, awaits, retry = row
    return Parked(
        place=place,
        partition=partition,
        case=case,
        delivery=msgspec.json.decode(delivery, type=Delivery),
        error=error,
        awaits=awaits,
        retry=retry,
    )
