"""Whoever reaches Kafka is nobody: what they publish is held, and shown to operators alone."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer
from case_events.contracts.base import Event as EventData
from case_events.contracts.base import type_name
from case_events.contracts.cases import CommentAdded
from case_events.contracts.commands import AddComment
from case_events.contracts.parts import WrittenContent
from case_events.contracts.reference import EntryChanged
from case_events.envelope import SYSTEM, Actor, Record
from case_events.topics import CASES, COMMANDS, DIRECTORY, partition_of
from case_events.wire.codec import Codec
from case_events.wire.keys import Keys
from case_events.wire.signing import Destination
from casefold.samples import read_sample

from tests.integration.guarantee.test_observed import measured
from tests.integration.guarantee.test_parked_cases import answered, opened
from tests.support.faults.history_counts import count
from tests.support.faults.mail_counts import contacts, conversation
from tests.support.real.platform import PARTITIONS, SERVICES, RunningPlatform, eventually
from tests.support.wire import KEYS, SIGNING

pytestmark = pytest.mark.real
GUESSED = {service: {"test": b"a guess at the key of" * 2} for service in SIGNING}
FORGER = Codec(Keys(sealing=KEYS.sealing, signing=GUESSED))
READ_BY = {COMMANDS: ("workflow",), CASES: ("intake", "sla", "notify", "portal")}


def test_what_somebody_else_publishes_changes_nothing(platform: RunningPlatform) -> None:
    """A comment by an agent who did not write it, asked of workflow, and told as if it had been."""
    talk = conversation(contacts()[0], "and nothing was waived", 1)
    case, first = opened(platform, talk)
    words = WrittenContent(text="Your invoice is waived.")
    event = CommentAdded("forged", "agent", public=True, personal=words)
    forge(platform, COMMANDS, "portal", first.record, AddComment(public=True, personal=words))
    forge(platform, CASES, "workflow", first.record, event)
    for topic, readers in READ_BY.items():
        for reader in readers:
            eventually(partial(held, platform, reader, topic), 20, f"{reader} holds it")
    answered(platform, talk)
    counted = count(platform, talk.mails)
    assert (counted.cases, counted.comments) == (1, 1)
    assert not [mail for mail in platform.mails() if "waived." in str(mail)]
    for service in ("workflow", "portal"):
        assert not platform.query(service, "SELECT FROM parked WHERE case_id = %s", case)
        name = COMMANDS if service == "workflow" else CASES
        metric = f'casefold_quarantined_total{{topic="{name}"}}'
        assert measured(platform, service)[metric] == 1
        assert '"record quarantined"' in platform.log(service)

    shown = platform.command("quarantine", "list")
    assert "it was not signed by portal, or was altered since" in shown
    assert "5 records wait" in shown
    assert "waived" not in shown
    [(place,)] = platform.query("workflow", "SELECT place FROM quarantine WHERE state = 'waiting'")
    why = ("--reason", "somebody tried")
    done = platform.command("quarantine", "discard", "workflow", str(place), *why)
    assert done == f"workflow: record {place} is discarded\n"
    kept = platform.query("workflow", "SELECT state, why FROM quarantine")
    assert kept == [("discarded", "somebody tried")]
    assert "4 records wait" in platform.command("quarantine", "list")


def test_reference_data_of_somebody_else_is_held_and_counted(platform: RunningPlatform) -> None:
    """An agent whom nobody appointed: every service tells of it, again after its next start."""
    now, tenant = datetime.now(UTC), read_sample().logins[0].account.tenant
    intruder = EntryChanged("agent", "intruder", {"tenant": tenant, "id": "intruder"})
    record = Record(
        id=uuid4(), type=type_name(intruder), source="casefold/0", tenant=tenant,
        occurred_at=now, recorded_at=now, actor=SYSTEM, channel="command",
        correlation=UUID(int=1), data=intruder,
    )  # fmt: skip
    publish_forged(platform, record, Destination(DIRECTORY, 0, f"{tenant}/agent/intruder"))
    metric = f'casefold_quarantined_total{{topic="{DIRECTORY}"}}'

    def counted(service: str) -> bool:
        return measured(platform, service).get(metric) == 1

    for service in SERVICES:
        eventually(partial(counted, service), 20, f"{service} counts it")
        assert held(platform, service, DIRECTORY)
    platform.kill("notify")
    platform.begin("notify")
    platform.wait_until_ready("notify")
    eventually(partial(counted, "notify"), 20, "notify counts it again")
    for service in SERVICES:
        held_at = "SELECT place FROM quarantine WHERE topic = %s AND state = 'waiting'"
        [(place,)] = platform.query(service, held_at, DIRECTORY)
        platform.command("quarantine", "discard", service, str(place), "--reason", "tried")


def forge(
    platform: RunningPlatform, topic: str, service: str, near: Record, event: EventData
) -> None:
    """Publish a record as whoever reaches Kafka can: all of it right, but for the key."""
    now, key = datetime.now(UTC), str(near.case)
    partition = partition_of(key, PARTITIONS)
    record = Record(
        id=uuid4(), type=type_name(event), source=f"{service}/{partition}", tenant=near.tenant,
        occurred_at=now, recorded_at=now, actor=Actor(kind="agent", id="sanne"), channel="portal",
        correlation=UUID(int=1), definition=near.definition, case=near.case,
        version=9 if topic == CASES else 0, data=event,
    )  # fmt: skip
    publish_forged(platform, record, Destination(topic, partition, key))


def publish_forged(platform: RunningPlatform, record: Record, to: Destination) -> None:
    """Publish a record that the forger signed."""
    value = FORGER.encode(record)
    headers = FORGER.headers(record, value, 10**9, to)

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=platform.kafka.bootstrap) as producer:
            await producer.send_and_wait(
                to.topic,
                value,
                key=to.key.encode(),
                partition=to.partition,
                headers=[(name, text.encode()) for name, text in headers.items()],
            )

    asyncio.run(send())


def held(platform: RunningPlatform, service: str, topic: str) -> bool:
    """Whether a service holds a record of a topic in quarantine."""
    return bool(platform.query(service, "SELECT FROM quarantine WHERE topic = %s", topic))
