"""Who writes to which topic: as the catalogue says, or somebody reads what nobody announced."""

from collections.abc import Mapping

from case_events.contracts.catalogue import TOPICS

from tests.support.world.platform import Process


def check_topics(processes: Mapping[str, Process]) -> None:
    """AssertionError where a service wrote to a topic that it is not said to write to."""
    writers = {topic.name: topic.written_by for topic in TOPICS}
    for name, process in processes.items():
        for topic in {entry.topic for entry in process.log.entries()}:
            assert name in writers[topic], f"{name} writes to {topic}, unannounced"
