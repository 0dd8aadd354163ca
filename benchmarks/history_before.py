"""The code with which version 0.1 read the history, before `eventsourcing`, for comparison."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from case_events.contracts.base import label_of
from case_events.envelope import Record, digest
from case_events.runtime.postgres import Pool, connection
from case_events.wire.codec import Codec, UnreadableRecord, as_document
from case_workflow.adapters.chain import Flaw
from msgspec import Struct


class HistoryEvent(Struct, frozen=True, kw_only=True):
    """One event of a history, for people."""

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


class HistoryBefore:
    """The history of all cases in one workflow database."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool, self._codec = pool, codec

    async def events(self, case: UUID) -> list[HistoryEvent]:
        """Every event of a case, in order."""
        return [
            _event_of(self._codec.decode(event.value), event.value)
            async for event in self._stored(case)
        ]

    async def verify(self) -> tuple[int, int, list[Flaw]]:
        """Recompute the hash chains of all cases: the numbers of cases and events, and the
        flaws."""
        flaws: dict[UUID, Flaw] = {}
        cases = events = 0
        before: _Stored | None = None
        async for event in self._stored(None):
            events += 1
            if before is None or event.case != before.case:
                cases += 1
                before = None
            if event.case not in flaws and (flaw := _misfit(self._codec, event, before)):
                flaws[event.case] = flaw
            before = event
        return cases, events, list(flaws.values())

    async def _stored(self, case: UUID | None) -> AsyncIterator["_Stored"]:
        async with connection(self._pool) as db, db.cursor(name="history") as cursor:
            await cursor.execute(
                "SELECT log.case_id, log.version, type, value,"
                " coalesce(m.version = log.version, false), coalesce(m.digest, '')"
                " FROM log LEFT JOIN snapshots AS m USING (case_id)"
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


def _misfit(codec: Codec, event: _Stored, before: _Stored | None) -> Flaw | None:
    expected = before.version + 1 if before else 1
    if event.version != expected:
        return Flaw(event.case, expected, "it is missing")
    try:
        record = codec.decode(event.value)
    except UnreadableRecord as error:
        return Flaw(event.case, event.version, f"it cannot be read: {error}")
    recorded = (record.case, record.version, record.type)
    if recorded != (event.case, event.version, event.type):
        return Flaw(event.case, event.version, f"it says of itself that it is {recorded}")
    if before and record.previous != digest(before.value):
        return Flaw(event.case, before.version, "it is not what the next event was written after")
    if event.is_head and event.head != digest(event.value):
        return Flaw(event.case, event.version, "it is not what the case goes on from")
    return None


def _event_of(record: Record, value: bytes) -> HistoryEvent:
    data = as_document(record.data)
    return HistoryEvent(
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
