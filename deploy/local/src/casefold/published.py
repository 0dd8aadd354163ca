"""Finds documents that were published under a version: a published version never changes.

Decisions about a case are recomputed from the version under which they were made.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from case_events.contracts.base import Event
from case_events.contracts.reference import AgreementPublished, DefinitionPublished
from case_events.envelope import Delivery
from case_events.runtime import Unavailable
from case_events.runtime.kafka import KafkaCluster, ReferenceFeed
from case_events.topics import AGREEMENTS, DEFINITIONS
from case_events.wire.codec import Codec, UnreadableRecord
from case_events.wire.signing import Forged

ANSWER_WITHIN = 30.0
Versioned = DefinitionPublished | AgreementPublished


class Changed(msgspec.Struct, frozen=True):
    """A document that differs from the published one of its version, and the fields that differ."""

    key: str
    what: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.what} {self.key} was published before with another content (it differs in "
            f"{', '.join(self.fields)}). A published version never changes: raise its version"
        )


def key_of(event: Versioned) -> str:
    """The key of a version: the tenant, the id of an agreement, the number."""
    return event.definition if isinstance(event, DefinitionPublished) else event.agreement


def changed(
    events: Iterable[Event], before: Mapping[str, Mapping[str, Any]]
) -> tuple[set[str], list[Changed]]:
    """The keys of the events that were published before with the same content, and the events that
    differ. `before` has the published documents by their keys."""
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


async def published_before(cluster: KafkaCluster, codec: Codec) -> dict[str, dict[str, Any]]:
    """The published documents of all versions on a broker, by their keys. Raises `Unavailable`."""
    documents: dict[str, dict[str, Any]] = {}

    async def keep(one: Delivery) -> None:
        try:
            event = codec.receive(one).data
        except (Forged, UnreadableRecord):
            return  # services reject such a record too, and report it
        if isinstance(event, Versioned):
            documents[key_of(event)] = event.document

    feed = ReferenceFeed(cluster, "casefold", keep, (DEFINITIONS, AGREEMENTS))
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await feed.catch_up()
    except TimeoutError as error:
        raise Unavailable(f"not read within {ANSWER_WITHIN:.0f} s") from error
    finally:
        await feed.stop()
    return documents
