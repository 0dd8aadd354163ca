"""Many new cases as intake publishes them, for workflow to process."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from case_definition.lookup.reference import Reference
from case_events.contracts.base import type_name
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import SubmittedContent
from case_events.envelope import Actor, Record
from case_events.runtime import Ids, OutboxEntry
from case_events.runtime.kafka import KafkaCluster, KafkaPublisher
from case_events.topics import INTAKE, partition_of
from case_events.wire.codec import Codec
from case_events.wire.signing import Destination
from casefold.project import PROJECT
from casefold.samples import read_sample

from tests.support.real.platform import PARTITIONS
from tests.support.wire import codec
from tests.support.world.reference_data import reference_of

AT_ONCE = 1000
SOURCE = "intake/benchmarks"
TEXT = "The scanner at door four reads no labels since this morning. " * 6


def sample_tenant() -> tuple[str, Reference]:
    """The tenant of the sample, and its reference data."""
    tenant = read_sample().logins[0].account.tenant
    return tenant, reference_of(PROJECT / "deploy" / "tenants" / tenant)


def new_cases(count: int) -> list[Record]:
    """Records of cases that came by mail, equal except for their time."""
    tenant, reference = sample_tenant()
    definition = reference.newest(tenant)
    sender = reference.contact_by_address(tenant, read_sample().mail_from)
    assert definition is not None
    assert sender is not None
    ids, now = Ids(Random(7)), datetime.now(UTC)
    case_type = definition.channels["mail"].case_type
    assert case_type

    def record(number: int) -> Record:
        case, new = ids.new(now), ids.new(now)
        event = CaseCreated(
            reference=definition.reference(2000, number + 1),
            case_type=case_type,
            customer=sender.customer,
            contact=sender.id,
            language=sender.language,
            message_id=f"{new}@benchmarks.example",
            raw="0" * 64,
            personal=SubmittedContent(title=f"Benchmark {number}", text=TEXT),
        )
        return Record(
            id=new,
            type=type_name(event),
            source=f"{SOURCE}-{partition_by_case(case)}",
            tenant=tenant,
            occurred_at=now,
            recorded_at=now,
            actor=Actor(kind="contact", id=sender.id),
            channel="mail",
            correlation=new,
            definition=definition.key,
            case=case,
            data=event,
        )

    return [record(number) for number in range(count)]


def partition_by_case(case: UUID) -> int:
    """The partition of a case."""
    return partition_of(str(case), PARTITIONS)


def entries(records: list[Record], codec: Codec = codec) -> list[OutboxEntry]:
    """The records at their places: sequences rise by source and partition, from 1."""
    last: Counter[int] = Counter()
    placed = []
    for record in records:
        assert record.case is not None
        partition = partition_by_case(record.case)
        last[partition] += 1
        key, value = str(record.case), codec.encode(record)
        placed.append(
            OutboxEntry(
                partition=partition,
                sequence=last[partition],
                topic=INTAKE,
                target_partition=partition,
                key=key,
                case=record.case,
                version=0,
                type=record.type,
                headers=codec.headers(
                    record, value, last[partition], Destination(INTAKE, partition, key)
                ),
                value=value,
            )
        )
    return placed


async def publish(bootstrap: str, placed: list[OutboxEntry]) -> None:
    """Fill the topic `intake`."""
    async with KafkaPublisher(KafkaCluster(bootstrap), "benchmarks") as publisher:
        for start in range(0, len(placed), AT_ONCE):
            await publisher.send(placed[start : start + AT_ONCE])
