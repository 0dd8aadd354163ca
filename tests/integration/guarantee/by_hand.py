"""Records that a test puts on `intake` by hand."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from case_events.contracts.base import type_name
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.parts import WrittenContent
from case_events.envelope import Actor, Record
from case_events.topics import INTAKE, partition_of
from case_events.wire.signing import Destination

from tests.support.faults.history_counts import Event
from tests.support.real.platform import PARTITIONS, RunningPlatform
from tests.support.wire import codec


def reply(first: Event) -> Record:
    """A reply to a case, as intake would publish it."""
    now = datetime.now(UTC)
    event = ReplyReceived(
        found_by="token", participant=True, personal=WrittenContent(text="by hand", title="by hand")
    )
    new = uuid4()
    return Record(
        id=new,
        type=type_name(event),
        source="",
        tenant=first.record.tenant,
        occurred_at=now,
        recorded_at=now,
        actor=Actor(kind="contact", id="somebody"),
        channel="mail",
        correlation=new,
        definition=first.record.definition,
        case=first.record.case,
        data=event,
    )


def publish(platform: RunningPlatform, key: str, tenant: str, *values: bytes) -> None:
    """Put values on `intake`, under the key of a case, as a log of intake's own would."""
    to, source = Destination(INTAKE, partition_of(key, PARTITIONS), key), f"intake/{uuid4()}"

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=platform.kafka.bootstrap) as producer:
            for sequence, value in enumerate(values, 1):
                named = {"ce_tenant": tenant, "ce_source": source, "ce_sequence": str(sequence)}
                headers = codec.signed(named, value, to)
                await producer.send_and_wait(
                    INTAKE,
                    value,
                    key=key.encode(),
                    partition=to.partition,
                    headers=[(name, text.encode()) for name, text in headers.items()],
                )

    asyncio.run(send())
