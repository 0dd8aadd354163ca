"""Kafka's topics as deploy/kafka/topics.yaml describes them, made true on a broker."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code
from case_events.runtime.kafka import KafkaSettings

DURABLE = "min.insync.replicas"
TOPIC_ALREADY_EXISTS = 36


class TopicError(Exception):
    """The broker's topics cannot be made what the file says."""


@dataclass(frozen=True)
class TopicSettings:
    """One topic: its name, how many partitions and copies, its settings in Kafka's words."""

    name: str
    partitions: int
    replication: int
    settings: Mapping[str, str]


def read_topics(
    file: Path, partitions: int | None = None, replication: int | None = None
) -> list[TopicSettings]:
    """The topics of the file, with another default count of partitions or copies if given.

    A topic that names its own count keeps it.
    """
    document = yaml.safe_load(file.read_text())
    default_partitions = partitions or document["partitions"]
    copies = replication or document["replication"]
    return [
        TopicSettings(
            name=name,
            partitions=described.get("partitions", default_partitions),
            replication=copies,
            settings=_settings(document["settings"] | described.get("settings", {}), copies),
        )
        for name, described in document["topics"].items()
    ]


def counts_from_environment() -> tuple[int | None, int | None]:
    """CASEFOLD_PARTITIONS and CASEFOLD_REPLICATION, where they are set."""
    partitions = os.environ.get("CASEFOLD_PARTITIONS")
    replication = os.environ.get("CASEFOLD_REPLICATION")
    return int(partitions) if partitions else None, int(replication) if replication else None


async def apply_topics(bootstrap: str, topics: Sequence[TopicSettings]) -> list[str]:
    """Create the topics that are missing and set the settings of the others.

    Returns the names of the created ones. Raises TopicError, before anything is changed, if
    a topic has another count of partitions: changing it would move cases between partitions.
    """
    cluster = KafkaSettings(kafka=bootstrap).cluster()
    admin: Any = AIOKafkaAdminClient(**cluster.options())  # it has few types
    await admin.start()
    try:
        present = {
            described["topic"]: len(described["partitions"])
            for described in await admin.describe_topics()
        }
        _refuse_other_counts(topics, present)
        missing = [topic for topic in topics if topic.name not in present]
        kept = [topic for topic in topics if topic.name in present]
        if missing:
            _raise_failures((await admin.create_topics(list(map(_new, missing)))).topic_errors)
        if kept:
            for response in await admin.alter_configs(list(map(_resource, kept))):
                _raise_failures((name, *error) for *error, _, name in response.resources)
        return [topic.name for topic in missing]
    finally:
        await admin.close()


def _settings(described: Mapping[str, Any], copies: int) -> dict[str, str]:
    settings = {name: str(value) for name, value in described.items()}
    # With fewer copies than the file asks to be written, nothing could be written at all.
    settings[DURABLE] = str(min(copies, int(settings[DURABLE])))
    return settings


def _refuse_other_counts(topics: Sequence[TopicSettings], present: Mapping[str, int]) -> None:
    different = [
        f"{topic.name} has {present[topic.name]} partitions, not {topic.partitions}"
        for topic in topics
        if present.get(topic.name, topic.partitions) != topic.partitions
    ]
    if different:
        raise TopicError(
            "; ".join(different)
            + ". A partition count is set once: set CASEFOLD_PARTITIONS back, or begin anew"
        )


def _raise_failures(results: Any) -> None:
    for name, code, *message in results:
        if code not in {0, TOPIC_ALREADY_EXISTS}:
            reason = message[0] if message and message[0] else for_code(code).__name__
            raise TopicError(f"topic {name}: {reason}")


def _new(topic: TopicSettings) -> NewTopic:
    return NewTopic(
        topic.name, topic.partitions, topic.replication, topic_configs=dict(topic.settings)
    )


def _resource(topic: TopicSettings) -> ConfigResource:
    settings = dict(topic.settings)
    return ConfigResource(ConfigResourceType.TOPIC, topic.name, settings)
