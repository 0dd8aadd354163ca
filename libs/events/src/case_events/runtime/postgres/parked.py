"""Records that wait because their case cannot go on, and those that were given up."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection

from case_events.envelope import Delivery
from case_events.runtime.parked import Discarded, NotDiscardable, Parked
from case_events.runtime.postgres.listening import CHANNEL
from case_events.topics import CASES

_PARKED = """
SELECT place, partition, case_id, delivery::text, error, awaits, retry FROM parked
WHERE partition = ANY(%s) ORDER BY place
"""
_FIRST = """
SELECT place, partition, case_id, delivery::text, error, awaits, retry FROM parked
WHERE case_id = %s ORDER BY place LIMIT 1 FOR UPDATE
"""
_DISCARD = """
WITH gone AS (
    DELETE FROM parked WHERE place = %s
    RETURNING place, partition, case_id, delivery, error, awaits, parked_at)
INSERT INTO discarded
    (place, partition, case_id, delivery, error, awaits, parked_at, reason, discarded_by)
SELECT gone.*, %s, %s FROM gone
"""
_DISCARDED = """
SELECT place, partition, case_id, delivery::text, error, awaits, false, reason, discarded_by,
    discarded_at
FROM discarded WHERE partition = ANY(%s) ORDER BY discarded_at, place
"""


async def parked(db: AsyncConnection[Any], partitions: Sequence[int]) -> list[Parked]:
    """See `ports.Log.parked`."""
    rows = await db.execute(_PARKED, [list(partitions)])
    return [_parked(row) async for row in rows]


async def request_retry(db: AsyncConnection[Any], case: UUID) -> int:
    """See `ports.Log.request_retry`."""
    done = await db.execute("UPDATE parked SET retry = true WHERE case_id = %s", [case])
    await db.execute("SELECT pg_notify(%s, 'retry')", [CHANNEL])
    return done.rowcount


async def discard(db: AsyncConnection[Any], case: UUID, reason: str, by: str) -> Parked | None:
    """See `ports.Log.discard`."""
    row = await (await db.execute(_FIRST, [case])).fetchone()
    if row is None:
        return None
    first = _parked(row)
    if first.delivery.topic == CASES:
        raise NotDiscardable(CASES)
    await db.execute(_DISCARD, [first.place, reason, by])
    await request_retry(db, case)
    return first


async def discarded(db: AsyncConnection[Any], partitions: Sequence[int]) -> list[Discarded]:
    """See `ports.Log.discarded`."""
    rows = await db.execute(_DISCARDED, [list(partitions)])
    return [
        Discarded(parked=_parked(row), reason=reason, by=by, at=at)
        async for *row, reason, by, at in rows
    ]


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
