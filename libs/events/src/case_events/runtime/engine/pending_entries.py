"""Records on their way to the log: first staged, then assigned to sequences."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from case_events.contracts.base import type_name
from case_events.envelope import Record
from case_events.kernel import Draft
from case_events.runtime.ports import OutboxEntry, Transaction
from case_events.topics import CASE_TOPICS, partition_of
from case_events.wire.codec import Codec
from case_events.wire.signing import Destination


class PendingEntry(NamedTuple):
    """A record to publish that has no sequence yet."""

    partition: int
    topic: str
    record: Record
    value: bytes
    traceparent: str


def record_of(
    draft: Draft,
    new: UUID,
    source: str,
    cause: Record,
    now: datetime,
    place: tuple[int, str] = (0, ""),
) -> Record:
    """Return the record of a draft. Members that the draft omits come from the record that caused
    it. `place` is the version in the history of the case, and the hash of the value before.
    """
    return Record(
        id=new,
        type=type_name(draft.event),
        source=source,
        tenant=draft.tenant or cause.tenant,
        occurred_at=draft.occurred_at or cause.occurred_at,
        recorded_at=now,
        actor=draft.actor or cause.actor,
        channel=draft.channel or cause.channel,
        correlation=cause.correlation,
        causation=cause.id,
        definition=draft.definition or cause.definition,
        case=draft.case or cause.case,
        data=draft.event,
        version=place[0],
        previous=place[1],
    )


async def assign_sequences(
    tx: Transaction, pending: Sequence[PendingEntry], partition_count: int, codec: Codec
) -> list[OutboxEntry]:
    """Return the log entries of these records, at the sequences that the transaction reserves."""
    following = await tx.next_sequences(Counter(item.partition for item in pending))
    entries: list[OutboxEntry] = []
    for item in pending:
        entries.append(entry(item, following[item.partition], partition_count, codec))
        following[item.partition] += 1
    return entries


def entry(pending: PendingEntry, sequence: int, partition_count: int, codec: Codec) -> OutboxEntry:
    """Return the log entry of a staged record, signed for the partition of its key."""
    record = pending.record
    keyed_by_case = pending.topic in CASE_TOPICS
    key = str(record.case) if keyed_by_case else record.tenant
    target_partition = partition_of(key, partition_count)
    return OutboxEntry(
        partition=pending.partition,
        sequence=sequence,
        topic=pending.topic,
        target_partition=target_partition,
        key=key,
        case=record.case,
        version=record.version,
        type=record.type,
        headers=codec.headers(
            record,
            pending.value,
            sequence,
            Destination(pending.topic, target_partition, key),
            pending.traceparent,
        ),
        value=pending.value,
    )
