"""Who writes to which topic: as the catalogue says, or somebody reads what nobody announced."""

from collections.abc import Mapping
from typing import Any

from case_events.contracts.catalogue import TOPICS
from case_events.testing import SimulatedService


def check_topics(services: Mapping[str, SimulatedService[Any, Any]]) -> None:
    """AssertionError where a service wrote to a topic that it is not said to write to."""
    writers = {topic.name: topic.written_by for topic in TOPICS}
    for name, service in services.items():
        for topic in {entry.topic for entry in service.log.entries()}:
            assert name in writers[topic], f"{name} writes to {topic}, unannounced"
