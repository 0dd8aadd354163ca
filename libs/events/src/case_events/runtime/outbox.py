"""The outbox: how entry points (HTTP, SMTP) publish records, in one transaction with their own
tables."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Generic
from uuid import UUID

from msgspec import Struct

from case_events.contracts.base import Event, type_name
from case_events.envelope import Actor, Record
from case_events.runtime.clock import Ids
from case_events.runtime.engine.pending_entries import PendingEntry, assign_sequences
from case_events.runtime.engine.tracing import root_span
from case_events.runtime.ports import Transactions, Tx_co
from case_events.topics import CASE_TOPICS, partition_of
from case_events.wire.codec import Codec


class Origin(Struct, frozen=True, kw_only=True):
    """The origin of a record: tenant, actor, channel and definition. `traceparent` joins the
    caller's trace. `cause` is the record that it follows from, if there is one."""

    tenant: str
    actor: Actor
    channel: str
    definition: str = ""
    traceparent: str = ""
    cause: Record | None = None


class OutboxTransaction(Generic[Tx_co]):
    """An open transaction, and the records that are published when it commits."""

    def __init__(
        self, tx: Tx_co, service: str, ids: Ids, partition_count: int, codec: Codec
    ) -> None:
        self.tx, self._service, self._ids, self._partition_count = tx, service, ids, partition_count
        self._codec = codec
        self._pending: list[PendingEntry] = []

    def new_id(self) -> UUID:
        """Return a new id with the time of this transaction."""
        return self._ids.new(self.tx.now)

    def publish(
        self,
        topic: str,
        event: Event,
        origin: Origin,
        case: UUID | None = None,
        occurred_at: datetime | None = None,
    ) -> Record:
        """Publish an event when the transaction commits. Return its record. `occurred_at` is the
        time of the transaction by default."""
        partition = partition_of(
            str(case) if topic in CASE_TOPICS else origin.tenant, self._partition_count
        )
        new, cause = self.new_id(), origin.cause
        record = Record(
            id=new,
            type=type_name(event),
            source=f"{self._service}/{partition}",
            tenant=origin.tenant,
            occurred_at=occurred_at or self.tx.now,
            recorded_at=self.tx.now,
            actor=origin.actor,
            channel=origin.channel,
            correlation=cause.correlation if cause else new,
            causation=cause.id if cause else None,
            definition=origin.definition,
            case=case,
            data=event,
        )
        value = self._codec.encode(record)
        headers = {"traceparent": origin.traceparent} if origin.traceparent else {}
        with root_span(f"{self._service} takes in {record.type}", headers) as traceparent:
            self._pending.append(PendingEntry(partition, topic, record, value, traceparent))
        return record

    async def write(self) -> None:
        """Append the records to the log of their partitions."""
        await self.tx.append(
            await assign_sequences(self.tx, self._pending, self._partition_count, self._codec)
        )


class Outbox(Generic[Tx_co]):
    """Opens transactions for entry points, on any replica.

    The replica that owns the partition of a record publishes it.
    """

    def __init__(
        self,
        service: str,
        log: Transactions[Tx_co],
        ids: Ids,
        partition_count: int,
        codec: Codec,
        on_commit: Callable[[], None],
    ) -> None:
        self._service, self._log, self._ids = service, log, ids
        self._partition_count, self._codec, self._on_commit = partition_count, codec, on_commit

    @asynccontextmanager
    async def open(self) -> AsyncIterator[OutboxTransaction[Tx_co]]:
        """Open a transaction. It commits when the block ends without an error, and rolls back
        otherwise.

        Raises `Unavailable` if the store cannot be reached; nothing may be acknowledged then.
        """
        async with self._log.transaction({}) as tx:
            transaction = OutboxTransaction(
                tx, self._service, self._ids, self._partition_count, self._codec
            )
            yield transaction
            await transaction.write()
        self._on_commit()
