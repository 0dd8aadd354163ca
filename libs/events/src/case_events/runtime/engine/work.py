"""One item to react to: a delivery, a timer that fell due, or an effect that was performed."""

from collections.abc import Collection, Container
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from case_events.contracts.base import Event, every_contract, type_name
from case_events.contracts.upcasting import read_as
from case_events.envelope import SYSTEM, Delivery, Record
from case_events.kernel import Cause, EffectDone, TimerDue
from case_events.runtime.clock import Ids
from case_events.runtime.effect_handlers import EffectResult
from case_events.runtime.ports import DueTimer, PendingEffect
from case_events.topics import TENANT_TOPICS
from case_events.wire.codec import Codec, UnreadableRecord, decode_cause, encode_opened
from case_events.wire.signing import Forged
from case_events.wire.versions import NEEDS, only_informs, unknown_needs

UPGRADE = "upgrade"
"""The `awaits` of a record that only a newer version of this service can read."""

NO_CASE = UUID("0190b9f0-0000-7000-8000-000000000000")
"""The namespace of the ids under which a service stores the state of a tenant, which is no case."""


class CompletedEffect(Struct, frozen=True):
    """An effect and its result."""

    pending: PendingEffect
    outcome: EffectResult


class Work(Struct, frozen=True, kw_only=True):
    """An item to react to: its `record`, or `error` if it cannot be read, or `forged` with the
    reason if its signature is invalid.

    `passes`: the record only informs, and cannot be read here. `ignored`: the reaction does not act
    on it, so it was not decoded. `awaits` names what unblocks the record. `case` is the id of the
    case, or stands for the tenant of a record without a case.
    """

    partition: int
    topic: str
    case: UUID
    record: Record | None = None
    delivery: Delivery | None = None
    error: str = ""
    awaits: str = ""
    forged: str = ""
    passes: bool = False
    ignored: bool = False
    traceparent: str = ""

    @property
    def tenant(self) -> str:
        """The tenant of the item. For an unreadable record it comes from the headers, or is
        empty."""
        if self.record is not None:
            return self.record.tenant
        return self.delivery.headers.get("ce_tenant", "") if self.delivery else ""


class Batch(Struct, kw_only=True):
    """The items of one transaction."""

    deliveries: list[Delivery] = []
    timers: list[DueTimer] = []
    effects: list[CompletedEffect] = []

    def __len__(self) -> int:
        return len(self.deliveries) + len(self.timers) + len(self.effects)

    def partitions(self) -> set[int]:
        """The partitions of the items."""
        return {
            *(delivery.partition for delivery in self.deliveries),
            *(timer.partition for timer in self.timers),
            *(effect.pending.partition for effect in self.effects),
        }

    def halves(self) -> tuple["Batch", "Batch"]:
        """Split the batch in two: deliveries first, in their order."""
        middle = len(self) // 2
        timers_from = max(0, middle - len(self.deliveries))
        effects_from = max(0, timers_from - len(self.timers))
        return (
            Batch(
                deliveries=self.deliveries[:middle],
                timers=self.timers[:timers_from],
                effects=self.effects[:effects_from],
            ),
            Batch(
                deliveries=self.deliveries[middle:],
                timers=self.timers[timers_from:],
                effects=self.effects[effects_from:],
            ),
        )


def ignored_types(reacts_to: Collection[type[Event]] | None) -> frozenset[str]:
    """Return the type names, of every version, of known events that the reaction does not
    act on."""
    if reacts_to is None:
        return frozenset()
    ignored = (known for known in every_contract() if known.event not in reacts_to)
    return frozenset(name for known in ignored for name in read_as(known.ce_type))


def read_delivery(
    delivery: Delivery, codec: Codec, ignored: Container[str] = (), *, genuine: bool = False
) -> Work:
    """Return a delivery as work; an unreadable one parks under its case. Records of the types in
    `ignored` are not decoded. A `genuine` one was verified before, or an operator vouches for it.
    """
    headers = delivery.headers
    # The first record makes a case known, and fields that a reader has to know are checked.
    may_be_ignored = headers.get("ce_version") != "1" and NEEDS not in headers
    is_ignored = may_be_ignored and headers.get("ce_type") in ignored
    record, error, passes, awaits = None, "", False, ""
    try:
        if not genuine:
            codec.check(delivery)
        record = None if is_ignored else codec.decode(delivery.value)
    except Forged as forged:
        return _forged(delivery, str(forged))
    except UnreadableRecord as unreadable:
        # Its service signed it, so a newer version wrote it, and will read it.
        error, awaits = f"cannot be read: {unreadable}", UPGRADE
        passes = only_informs(headers)
    else:
        needs = unknown_needs(headers, record.data) if record and NEEDS in headers else []
        if needs:
            error, awaits = f"waits for an upgrade: {', '.join(needs)} is not known here", UPGRADE
            record = None
    return Work(
        partition=delivery.partition,
        topic=delivery.topic,
        case=record.case
        if record is not None and record.case and delivery.topic not in TENANT_TOPICS
        else _case_of(delivery),
        record=record,
        delivery=delivery,
        error=error,
        awaits=awaits,
        passes=passes,
        ignored=is_ignored,
        traceparent=headers.get("traceparent", ""),
    )


def _forged(delivery: Delivery, why: str) -> Work:
    """Return a forged delivery as work. Nothing in it counts, not even its case."""
    return Work(
        partition=delivery.partition,
        topic=delivery.topic,
        case=NO_CASE,
        delivery=replace(delivery, source="", sequence=0),
        forged=why,
    )


def _case_of(delivery: Delivery) -> UUID:
    """Return the case in the key of a delivery, or the id that stands for a key without a case."""
    if delivery.topic in TENANT_TOPICS:
        # Its partition is that of the tenant. The state of the case that it names belongs to
        # another one.
        return uuid5(NO_CASE, delivery.key)
    try:
        return UUID(delivery.key)
    except ValueError:
        return uuid5(NO_CASE, delivery.key)


def as_delivery(item: Work, codec: Codec) -> Delivery:
    """Return the work as a delivery, so that it can be parked. A record of no topic has no
    offset."""
    if item.delivery is not None:
        return item.delivery
    if item.record is None:
        raise ValueError("work without a record is always a delivery")
    return Delivery(
        topic=item.topic,
        partition=item.partition,
        offset=-1,
        key=str(item.case),
        headers={},
        value=codec.encode(item.record),
        source="",
        sequence=0,
    )


def cause_of(record: Record) -> bytes:
    """Return the record that a timer or an effect stores as its cause: without its data."""
    return encode_opened(replace(record, type=type_name(Cause), data=Cause()))


def timer_work(timer: DueTimer, now: datetime, ids: Ids) -> Work:
    """Return a due timer as work that happens now, caused by the record that set it."""
    event = TimerDue(name=timer.name, due=timer.due)
    # It never fires before its due time, whatever the two clocks say about the last microsecond.
    return _own_work(timer.partition, timer.case, timer.cause, event, max(now, timer.due), ids)


def effect_work(completed: CompletedEffect, uncertain: bool, now: datetime, ids: Ids) -> Work:
    """Return a performed effect as work that happens now, caused by the record that asked for it.

    `uncertain`: the log knows of another attempt that may have succeeded too.
    """
    pending = completed.pending
    event = EffectDone(
        key=pending.effect.key,
        kind=pending.effect.kind,
        payload=pending.effect.payload,
        result=completed.outcome.result,
        attempts=pending.attempts,
        detail=completed.outcome.detail,
        uncertain=uncertain or completed.outcome.uncertain,
    )
    return _own_work(pending.partition, pending.case, pending.cause, event, now, ids)


def _own_work(
    partition: int, case: UUID, cause: bytes, event: Event, now: datetime, ids: Ids
) -> Work:
    caused_by = decode_cause(cause)
    record = Record(
        id=ids.new(now),
        type=type_name(event),
        source=caused_by.source,
        tenant=caused_by.tenant,
        occurred_at=now,
        recorded_at=now,
        actor=SYSTEM,
        channel="system",
        correlation=caused_by.correlation,
        causation=caused_by.id,
        definition=caused_by.definition,
        case=caused_by.case,
        data=event,
    )
    return Work(partition=partition, topic="", case=case, record=record)
