"""One thing to react to: a delivery, a timer that fell due, an effect that was done."""

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
"""What a record awaits that only a newer version of this service can read."""

NO_CASE = UUID("0190b9f0-0000-7000-8000-000000000000")
"""Name space of the keys under which a service remembers what belongs to no case."""


class CompletedEffect(Struct, frozen=True):
    """An effect and what came of it."""

    pending: PendingEffect
    outcome: EffectResult


class Work(Struct, frozen=True, kw_only=True):
    """What to react to: `record`, or `error` where it cannot be read, or `forged` where it is not
    from whom it says: why. What `passes` only informs, and cannot be read here. `ignored`: nobody
    here reacts to it, so that it was not read. `awaits` names what it waits for, where it goes on
    by itself.

    `case` is the case it belongs to, or stands for the tenant where there is none.
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
        """Whose it is; what cannot be read says so in its headers, or not at all."""
        if self.record is not None:
            return self.record.tenant
        return self.delivery.headers.get("ce_tenant", "") if self.delivery else ""


class Batch(Struct, kw_only=True):
    """What there is to do in one transaction."""

    deliveries: list[Delivery] = []
    timers: list[DueTimer] = []
    effects: list[CompletedEffect] = []

    def __len__(self) -> int:
        return len(self.deliveries) + len(self.timers) + len(self.effects)

    def partitions(self) -> set[int]:
        """The partitions that it touches."""
        return {
            *(delivery.partition for delivery in self.deliveries),
            *(timer.partition for timer in self.timers),
            *(effect.pending.partition for effect in self.effects),
        }

    def halves(self) -> tuple["Batch", "Batch"]:
        """Two batches that make this one: deliveries first, in their order."""
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
    """The type names, of every version, of the events known here to which nobody reacts."""
    if reacts_to is None:
        return frozenset()
    ignored = (known for known in every_contract() if known.event not in reacts_to)
    return frozenset(name for known in ignored for name in read_as(known.ce_type))


def read_delivery(delivery: Delivery, codec: Codec, ignored: Container[str] = ()) -> Work:
    """A delivery as work; what cannot be read still has a case, to park it under.

    Records of the types in `ignored` are not read.
    """
    try:
        codec.check(delivery)
    except Forged as error:
        return _forged(delivery, str(error))
    return read_genuine(delivery, codec, ignored)


def read_genuine(delivery: Delivery, codec: Codec, ignored: Container[str] = ()) -> Work:
    """A delivery whose origin was checked before, or vouched for by an operator, as work."""
    headers = delivery.headers
    # The first record of a case is read, for the case to be known from then on; and a field that
    # has to be known is looked for, whatever the event.
    may_be_ignored = headers.get("ce_version") != "1" and NEEDS not in headers
    is_ignored = may_be_ignored and headers.get("ce_type") in ignored
    record, error, passes, awaits = None, "", False, ""
    try:
        record = None if is_ignored else codec.decode(delivery.value)
    except UnreadableRecord as unreadable:
        # It is as its service signed it: a newer version wrote it, and will read it.
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
    """What is not from whom it says: nothing that it says of itself counts, its case neither."""
    return Work(
        partition=delivery.partition,
        topic=delivery.topic,
        case=NO_CASE,
        delivery=replace(delivery, source="", sequence=0),
        forged=why,
    )


def _case_of(delivery: Delivery) -> UUID:
    """The case that a delivery has by its key, which may be no case's: then what stands for it."""
    if delivery.topic in TENANT_TOPICS:
        # Its partition is the tenant's: the state of the case it names belongs to another one.
        return uuid5(NO_CASE, delivery.key)
    try:
        return UUID(delivery.key)
    except ValueError:
        return uuid5(NO_CASE, delivery.key)


def as_delivery(item: Work, codec: Codec) -> Delivery:
    """The work as a delivery, so that it can wait: what came by no topic has no offset."""
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
    """What a timer or effect keeps of the record that asked for it: all but its data."""
    return encode_opened(replace(record, type=type_name(Cause), data=Cause()))


def timer_work(timer: DueTimer, now: datetime, ids: Ids) -> Work:
    """A timer that fell due, as work that happens now, caused by the record that set it."""
    event = TimerDue(name=timer.name, due=timer.due)
    # Never before it is due, whatever the two clocks make of the last microsecond.
    return _own_work(timer.partition, timer.case, timer.cause, event, max(now, timer.due), ids)


def effect_work(completed: CompletedEffect, uncertain: bool, now: datetime, ids: Ids) -> Work:
    """An effect that was done, as work that happens now, caused by who asked for it.

    `uncertain`: the log knows of another attempt that may have worked too.
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
