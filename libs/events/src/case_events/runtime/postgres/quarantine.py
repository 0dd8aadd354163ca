"""The quarantine of a service in its own PostgreSQL database."""

from typing import Any

import msgspec
from psycopg import AsyncConnection

from case_events.envelope import Delivery
from case_events.runtime.postgres.errors import Pool, connection
from case_events.runtime.postgres.listening import CHANNEL
from case_events.runtime.quarantine import Quarantined, State, Verdict

# As bytes: a forged record may hold what jsonb and text refuse.
_HOLD = """
INSERT INTO quarantine (topic, partition, "offset", record, reason)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT (topic, partition, "offset") DO NOTHING
"""
_STATE = 'SELECT state FROM quarantine WHERE topic = %s AND partition = %s AND "offset" = %s'
_LIST = """
SELECT place, record, reason, state, quarantined_at, why FROM quarantine
WHERE state = %s ORDER BY place
"""
_DECIDE = """
UPDATE quarantine SET state = %s, why = %s, decided_at = now()
WHERE place = %s AND state = 'waiting'
"""
_ADMIT = "UPDATE quarantine SET state = 'admitted' WHERE place = ANY(%s) AND state = 'released'"


class PostgresQuarantine:
    """Implements the `Quarantine` port."""

    pool: Pool

    async def quarantine(self, delivery: Delivery, reason: str) -> State:
        async with connection(self.pool) as db:
            await hold(db, delivery, reason)
            rows = await db.execute(_STATE, _place(delivery))
            row = await rows.fetchone()
            assert row is not None
            state: State = row[0]
            return state

    async def quarantined(self, state: State) -> list[Quarantined]:
        async with connection(self.pool) as db:
            rows = await db.execute(_LIST, [state])
            return [
                Quarantined(
                    place=place,
                    delivery=msgspec.json.decode(record, type=Delivery),
                    reason=reason,
                    state=stands,
                    at=at,
                    why=why,
                )
                async for place, record, reason, stands, at, why in rows
            ]

    async def decide(self, place: int, verdict: Verdict, why: str) -> bool:
        async with connection(self.pool) as db:
            done = await db.execute(_DECIDE, [verdict, why, place])
            await db.execute("SELECT pg_notify(%s, 'retry')", [CHANNEL])
            return done.rowcount > 0


async def hold(db: AsyncConnection[Any], delivery: Delivery, reason: str) -> None:
    """Hold a record, within the transaction of this connection."""
    await db.execute(_HOLD, [*_place(delivery), msgspec.json.encode(delivery), reason])


async def admit(db: AsyncConnection[Any], places: list[int]) -> None:
    """These released records were reacted to."""
    await db.execute(_ADMIT, [places])


def _place(delivery: Delivery) -> list[Any]:
    return [delivery.topic, delivery.partition, delivery.offset]
