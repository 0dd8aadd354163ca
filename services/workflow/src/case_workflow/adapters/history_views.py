"""The answers to readers of the history: events of a case, and pages of the log."""

from datetime import datetime
from uuid import UUID

import msgspec
from case_events.contracts.base import Event, label_of
from case_events.envelope import Record, digest
from msgspec import Struct


class RecordedEvent(Struct, frozen=True, kw_only=True):
    """One event of a history, for people: who did what, when, in which capacity and channel."""

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
    data: Event


class LogEntry(Struct, frozen=True):
    """One event of a partition. `record` is the value as it was written, byte by byte."""

    position: int
    record: msgspec.Raw


class LogPage(Struct, frozen=True, kw_only=True):
    """Events of one partition after a position, in order.

    `last` is the position of the last event of the partition at the time of the query: a follower
    that has this event has all events.
    """

    partition: int
    events: list[LogEntry]
    last: int


class PartitionEnd(Struct, frozen=True):
    """The position of the last event of a partition, 0 without events, and the time at which it was
    written."""

    partition: int
    last: int
    written_at: datetime | None


def recorded_event(record: Record, value: bytes) -> RecordedEvent:
    """The event of a record that is stored as `value`."""
    data, actor = record.data, record.actor
    status = getattr(data, "status", "")
    return RecordedEvent(
        version=record.version,
        type=label_of(data),
        occurred_at=record.occurred_at,
        recorded_at=record.recorded_at,
        actor=f"{actor.kind}:{actor.id}",
        capacity=actor.capacity or actor.kind,
        channel=record.channel,
        definition=record.definition,
        from_status=getattr(data, "previous", "") if status else "",
        to_status=status,
        id=record.id,
        causation=record.causation,
        digest=digest(value),
        data=data,
    )
