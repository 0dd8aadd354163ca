"""Creates the topics that deploy/kafka/topics.yaml describes, and updates their settings."""

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
    """The topics of the broker cannot be changed to what the file describes."""


@dataclass(frozen=True)
class TopicSettings:
    """One topic: its name, its numbers of partitions and copies, and its settings by their names in
    Kafka."""

    name: str
    partitions: int
    replication: int
    settings: Mapping[str, str]


def read_topics(
    file: Path, partitions: int | None = None, replication: int | None = None
) -> list[TopicSettings]:
    """The topics of the file. `partitions` and `replication` replace the defaults of the file.

    A topic with its own number of partitions keeps it.
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


async def apply_topics(bootstrap: str, topics: Sequence[TopicSettings]) -> list[str]:
    """Create the missing topics, and update the settings of the other topics.

    Returns the names of the created topics. Raises `TopicError`, before it changes anything, if a
    topic has another number of partitions: a change would move cases between partitions.
    """
    cluster = KafkaSettings(kafka=bootstrap).cluster()
    admin: Any = AIOKafkaAdminClient(**cluster.options())  # the library declares few types
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
    # With fewer copies than `min.insync.replicas`, Kafka would refuse every record.
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
