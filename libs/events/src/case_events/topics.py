"""The topics: what they are called, how they are keyed, and which partition a key has."""

from functools import lru_cache
from typing import Final

from aiokafka.partitioner import murmur2

DEFINITIONS: Final = "definitions"
AGREEMENTS: Final = "agreements"
DIRECTORY: Final = "directory"
INTAKE: Final = "intake"
COMMANDS: Final = "commands"
CASES: Final = "cases"
SLA: Final = "sla"
NOTICES: Final = "notices"
MESSAGES: Final = "messages"
REFUSALS: Final = "refusals"

REFERENCE_TOPICS: Final = (DEFINITIONS, AGREEMENTS, DIRECTORY)
CASE_TOPICS: Final = (INTAKE, COMMANDS, CASES, SLA, NOTICES)
TENANT_TOPICS: Final = (MESSAGES, REFUSALS)


@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, as Kafka's own clients choose it (murmur2)."""
    hashed: int = murmur2(key.encode())
    return (hashed & 0x7FFFFFFF) % partitions
