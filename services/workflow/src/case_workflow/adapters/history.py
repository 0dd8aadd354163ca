"""Reads the case history from the log, and proves it unaltered."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from case_events.codec import Codec, UnreadableRecord, as_document
from case_events.contracts import CLOCK_EVENTS
from case_events.contracts.base import label_of, type_name
from case_events.envelope import Record, digest
from case_events.runtime.postgres.errors import Pool, connection
from msgspec import Struct

from case_workflow.domain.standing import standing_stem

AT_ONCE = 2000
CLOCK_TYPES = [type_name(event) for event in CLOCK_EVENTS]

NAMED = """
    SELECT case_id FROM memories WHERE state -> 'case' ->> 'reference' = %(reference)s
    AND (%(tenant)s = '' OR split_part(state ->> 'definition', '/', 1) = %(tenant)s)
    LIMIT 2
"""
CREATED = """
    SELECT l.value FROM log AS first JOIN log AS l USING (case_id)
    WHERE first.version = 1 AND first.headers ->> 'ce_tenant' = %s
    AND history_instant(first.headers ->> 'ce_time') >= %s
    AND history_instant(first.headers ->> 'ce_time') < %s
    AND l.version > 0 AND l.type = ANY(%s) ORDER BY case_id, l.version
"""
OPEN = """
    SELECT value FROM log
    WHERE case_id IN (SELECT case_id FROM timers WHERE name ~>=~ %s AND name ~<~ %s)
    AND version > 0 AND type = ANY(%s) ORDER BY case_id, version
"""


class Flaw(Struct, frozen=True):
    """The first event of a case that does not fit, and why."""

    case: UUID
    version: int
    why: str


class Verified(Struct, frozen=True):
    """What a verification found: how much it read, and every case that does not fit."""

    cases: int
    events: int
    flaws: list[Flaw]


class Told(Struct, frozen=True, kw_only=True):
    """One event of a history, for people: who did what, when, in which capacity, by which way."""

    version: int
    type: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    capacity: str
    channel: str
    definition: str
    from_status: str
    to_status: str
    id: UUID
    causation: UUID | None
    digest: str
    data: dict[str, Any]


class History:
    """The history of all cases in one workflow database."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool, self._codec = pool, codec

    async def cases_of(self, tenant: str, reference: str) -> list[UUID]:
        """The case with this reference; without a tenant, two where several tenants have one."""
        async with connection(self._pool) as db:
            rows = await db.execute(NAMED, {"reference": reference, "tenant": tenant})
            return [case for (case,) in await rows.fetchall()]

    async def events(self, case: UUID) -> list[Told]:
        """Every event of a case, in order."""
        return [
            _told(self._codec.decode(event.value), event.value)
            async for event in self._stored(case)
        ]

    async def records(self, case: UUID) -> AsyncIterator[list[bytes]]:
        """The records of a case in order, their personal parts opened."""
        async for rows in self._values(
            "SELECT value FROM log WHERE case_id = %s AND version > 0 ORDER BY version", [case]
        ):
            yield rows

    async def created(
        self, tenant: str, since: datetime, until: datetime
    ) -> AsyncIterator[list[bytes]]:
        """What moved the clocks of the cases that a tenant got between two instants, case by
        case, in order."""
        async for rows in self._values(CREATED, [tenant, since, until, CLOCK_TYPES]):
            yield rows

    async def open(self, tenant: str, customer: str) -> AsyncIterator[list[bytes]]:
        """What moved the clocks of a customer's open cases, case by case, in order."""
        stem = standing_stem(tenant, customer)
        async for rows in self._values(OPEN, [stem, stem + "\U0010ffff", CLOCK_TYPES]):
            yield rows

    async def _values(self, query: LiteralString, asked: list[Any]) -> AsyncIterator[list[bytes]]:
        async with connection(self._pool) as db, db.cursor(name="records") as cursor:
            await cursor.execute(query, asked)
            while rows := await cursor.fetchmany(AT_ONCE):
                yield [self._codec.opened(value) for (value,) in rows]

    async def verify(self, case: UUID | None = None) -> Verified:
        """Recompute the hash chain of a case, or of all."""
        flaws: dict[UUID, Flaw] = {}
        cases = events = 0
        before: _Stored | None = None
        async for event in self._stored(case):
            events += 1
            if before is None or event.case != before.case:
                cases += 1
                before = None
            if event.case not in flaws and (flaw := _misfit(self._codec, event, before)):
                flaws[event.case] = flaw
            before = event
        return Verified(cases, events, list(flaws.values()))

    async def _stored(self, case: UUID | None) -> AsyncIterator["_Stored"]:
        async with connection(self._pool) as db, db.cursor(name="history") as cursor:
            await cursor.execute(
                "SELECT log.case_id, log.version, type, value,"
                " coalesce(m.version = log.version, false), coalesce(m.digest, '')"
                " FROM log LEFT JOIN memories AS m USING (case_id)"
                " WHERE log.version > 0 AND (%s::uuid IS NULL OR case_id = %s)"
                " ORDER BY log.case_id, log.version",
                [case, case],
            )
            async for row in cursor:
                yield _Stored(*row)


class _Stored(NamedTuple):
    case: UUID
    version: int
    type: str
    value: bytes
    is_head: bool
    head: str
    """The hash of the head of the chain, as workflow goes on from it."""


def _misfit(codec: Codec, event: _Stored, before: _Stored | None) -> Flaw | None:
    """The flaw that shows at this event: its own, or that of the one before."""
    expected = before.version + 1 if before else 1
    if event.version != expected:
        return Flaw(event.case, expected, "it is missing")
    try:
        record = codec.decode(event.value)
    except UnreadableRecord as error:
        return Flaw(event.case, event.version, f"it cannot be read: {error}")
    said = (record.case, record.version, record.type)
    if said != (event.case, event.version, event.type):
        return Flaw(event.case, event.version, f"it says of itself that it is {said}")
    if before and record.previous != digest(before.value):
        return Flaw(event.case, before.version, "it is not what the next event was written after")
    if event.is_head and event.head != digest(event.value):
        return Flaw(event.case, event.version, "it is not what the case goes on from")
    return None


def _told(record: Record, value: bytes) -> Told:
    data = as_document(record.data)
    return Told(
        version=record.version,
        type=label_of(record.data),
        occurred_at=record.occurred_at,
        recorded_at=record.recorded_at,
        actor=f"{record.actor.kind}:{record.actor.id}",
        capacity=record.actor.capacity or record.actor.kind,
        channel=record.channel,
        definition=record.definition,
        from_status=data.get("previous", "") if "status" in data else "",
        to_status=data.get("status", ""),
        id=record.id,
        causation=record.causation,
        digest=digest(value),
        data=data,
    )
