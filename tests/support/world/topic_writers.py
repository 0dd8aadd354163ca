"""Checks that only the declared services write to a topic; otherwise a reader would get undeclared
records."""

from collections.abc import Mapping

from case_events.contracts.catalogue import TOPICS

from tests.support.world.platform import Process


def check_topics(processes: Mapping[str, Process]) -> None:
    """AssertionError if a service wrote to a topic of which the catalogue does not name it as a
    writer."""
    writers = {topic.name: topic.written_by for topic in TOPICS}
    for name, process in processes.items():
        for topic in {entry.topic for entry in process.log.entries()}:
            assert name in writers[topic], f"{name} writes to {topic}, unannounced"
