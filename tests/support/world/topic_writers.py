"""Checks that only the declared services write to a topic; otherwise a reader would get undeclared
records."""

from collections.abc import Mapping
from typing import Any

from case_events.contracts.catalogue import TOPICS
from case_events.testing import SimulatedService


def check_topics(services: Mapping[str, SimulatedService[Any, Any]]) -> None:
    """AssertionError if a service wrote to a topic of which the catalogue does not name it as a
    writer."""
    writers = {topic.name: topic.written_by for topic in TOPICS}
    for name, service in services.items():
        for topic in {entry.topic for entry in service.log.entries()}:
            assert name in writers[topic], f"{name} writes to {topic}, unannounced"
