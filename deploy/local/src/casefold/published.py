"""What stands under a version once it was published: nothing else may ever stand there.

What was decided under a version is worked out from it again and again.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from case_events.codec import Codec, UnreadableRecord, delivery
from case_events.contracts.base import Event
from case_events.contracts.reference import AgreementPublished, DefinitionPublished
from case_events.envelope import Delivery
from case_events.runtime.ports import Interrupted
from case_events.signing import Forged
from case_events.topics import AGREEMENTS, DEFINITIONS

ANSWER_WITHIN = 30.0
Versioned = DefinitionPublished | AgreementPublished


class Changed(msgspec.Struct, frozen=True):
    """A document that differs from what was published under its version, and in which fields."""

    key: str
    what: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.what} {self.key} was published before with another content (it differs in "
            f"{', '.join(self.fields)}). A published version never changes: raise its version"
        )


def key_of(event: Versioned) -> str:
    """The name of a version: tenant, id of an agreement, number."""
    return event.definition if isinstance(event, DefinitionPublished) else event.agreement


def changed(
    events: Iterable[Event], before: Mapping[str, Mapping[str, Any]]
) -> tuple[set[str], list[Changed]]:
    """Of these events the versions that stand already, as they are, and those that differ."""
    same: set[str] = set()
    differing: list[Changed] = []
    for event in events:
        if not isinstance(event, Versioned) or (key := key_of(event)) not in before:
            continue
        now, then = msgspec.json.decode(msgspec.json.encode(event.document)), before[key]
        fields = tuple(
            sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
        )
        if fields:
            what = "definition" if isinstance(event, DefinitionPublished) else "agreement"
            differing.append(Changed(key, what, fields))
        else:
            same.add(key)
    return same, differing


async def published_before(bootstrap: str, codec: Codec) -> dict[str, dict[str, Any]]:
    """The documents of every version that stands on a broker, by its name. Raises Interrupted."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        await consumer.start()
        async with asyncio.timeout(ANSWER_WITHIN):
            return _documents(await _read(consumer), codec)
    except (KafkaError, TimeoutError) as error:
        raise Interrupted(repr(error)) from error
    finally:
        await consumer.stop()


async def _read(consumer: AIOKafkaConsumer) -> list[Delivery]:
    """All that is in the topics of versions now."""
    places = [
        TopicPartition(topic, part)
        for topic in (DEFINITIONS, AGREEMENTS)
        for part in await _partitions(consumer, topic)
    ]
    consumer.assign(places)
    ends = await consumer.end_offsets(places)
    found: list[Delivery] = []
    while [p for p in places if await consumer.position(p) < ends[p]]:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            found += [
                delivery(
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    key=record.key,
                    attributes=record.headers,
                    value=record.value,
                )
                for record in records
                if record.value is not None
            ]
    return found


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    """The partitions of a topic, once the broker tells of it."""
    while True:
        found = (await consumer._client.fetch_all_metadata()).partitions_for_topic(topic)
        if found:
            return sorted(found)
        await asyncio.sleep(0.2)


def _documents(found: Sequence[Delivery], codec: Codec) -> dict[str, dict[str, Any]]:
    documents: dict[str, dict[str, Any]] = {}
    for one in found:
        try:
            event = codec.receive(one).data
        except (Forged, UnreadableRecord):
            continue  # services do not go by it either, and say so
        if isinstance(event, Versioned):
            documents[key_of(event)] = event.document
    return documents
