"""The quarantine of a service in its own PostgreSQL database."""

from typing import Any

import msgspec
from psycopg import AsyncConnection

from case_events.envelope import Delivery
from case_events.runtime.postgres.errors import Pool, connection
from case_events.runtime.postgres.listening import notify
from case_events.runtime.postgres.statements import load_statements
from case_events.runtime.quarantine import Quarantined, State, Verdict

STATEMENTS = load_statements("case_events.runtime.postgres", "quarantine")


class PostgresQuarantine:
    """Implements the `Quarantine` port."""

    pool: Pool

    async def quarantine(self, delivery: Delivery, reason: str) -> State:
        async with connection(self.pool) as db:
            await hold(db, delivery, reason)
            rows = await db.execute(STATEMENTS["find_state"], _place(delivery))
            row = await rows.fetchone()
            assert row is not None
            state: State = row[0]
            return state

    async def quarantined(self, state: State) -> list[Quarantined]:
        async with connection(self.pool) as db:
            rows = await db.execute(STATEMENTS["list"], [state])
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
            done = await db.execute(STATEMENTS["decide"], [verdict, why, place])
            await notify(db, "retry")
            return done.rowcount > 0


async def hold(db: AsyncConnection[Any], delivery: Delivery, reason: str) -> None:
    """Quarantine a record in the transaction of this connection."""
    values = [*_place(delivery), msgspec.json.encode(delivery), reason]
    await db.execute(STATEMENTS["hold"], values)


async def admit(db: AsyncConnection[Any], places: list[int]) -> None:
    """Mark released records as processed."""
    await db.execute(STATEMENTS["admit"], [places])


def _place(delivery: Delivery) -> list[Any]:
    return [delivery.topic, delivery.partition, delivery.offset]
