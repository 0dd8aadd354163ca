"""The door: how a service takes in what comes from outside Kafka, in one transaction."""

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
    """Who brings something in, and how. `traceparent` joins the caller's trace; `cause` is the
    record that it comes from, where it comes from one."""

    tenant: str
    actor: Actor
    channel: str
    definition: str = ""
    traceparent: str = ""
    cause: Record | None = None


class OutboxTransaction(Generic[Tx_co]):
    """An open transaction, and the records that it will publish when it is kept."""

    def __init__(
        self, tx: Tx_co, service: str, ids: Ids, partition_count: int, codec: Codec
    ) -> None:
        self.tx, self._service, self._ids, self._partition_count = tx, service, ids, partition_count
        self._codec = codec
        self._pending: list[PendingEntry] = []

    def new_id(self) -> UUID:
        """A new id, of the time of this transaction."""
        return self._ids.new(self.tx.now)

    def publish(
        self,
        topic: str,
        event: Event,
        origin: Origin,
        case: UUID | None = None,
        occurred_at: datetime | None = None,
    ) -> Record:
        """Publish an event, of this moment unless another is given, when the transaction is kept;
        its record."""
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
        """Give every record its place in the log of its partition."""
        await self.tx.append(
            await assign_sequences(self.tx, self._pending, self._partition_count, self._codec)
        )


class Outbox(Generic[Tx_co]):
    """Opens a transaction for what comes in by HTTP or SMTP, on any replica.

    The records go out by the relay of whoever owns their partition.
    """

    def __init__(
        self,
        service: str,
        log: Transactions[Tx_co],
        ids: Ids,
        partition_count: int,
        codec: Codec,
        kept: Callable[[], None],
    ) -> None:
        self._service, self._log, self._ids = service, log, ids
        self._partition_count, self._codec, self._kept = partition_count, codec, kept

    @asynccontextmanager
    async def open(self) -> AsyncIterator[OutboxTransaction[Tx_co]]:
        """Everything done inside is kept together when the block ends well, else nothing.

        Raises `Unavailable` where the store cannot be reached: nothing was promised then.
        """
        async with self._log.transaction({}) as tx:
            admission = OutboxTransaction(
                tx, self._service, self._ids, self._partition_count, self._codec
            )
            yield admission
            await admission.write()
        self._kept()
