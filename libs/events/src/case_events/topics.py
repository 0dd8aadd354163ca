"""The names of the topics, and the partition of a key."""

from functools import lru_cache
from struct import unpack_from
from typing import Final

DEFINITIONS: Final = "definitions"
AGREEMENTS: Final = "agreements"
DIRECTORY: Final = "directory"
SUBMISSIONS: Final = "submissions"
INTAKE: Final = "intake"
COMMANDS: Final = "commands"
CASES: Final = "cases"
SLA: Final = "sla"
NOTICES: Final = "notices"
MESSAGES: Final = "messages"
REFUSALS: Final = "refusals"
SECURITY: Final = "security"

REFERENCE_TOPICS: Final = (DEFINITIONS, AGREEMENTS, DIRECTORY)
CASE_TOPICS: Final = (SUBMISSIONS, INTAKE, COMMANDS, CASES, SLA, NOTICES)
TENANT_TOPICS: Final = (MESSAGES, REFUSALS, SECURITY)


_MIX, _WORD = 0x5BD1E995, 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key, as Kafka's own clients choose it (murmur2)."""
    return (_murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def _murmur2(key: bytes) -> int:
    """Return the hash that Kafka's clients use. It is computed a word at a time, because every new
    case needs it."""
    words, over = divmod(len(key), 4)
    hashed = 0x9747B28C ^ len(key)
    for word in unpack_from(f"<{words}I", key):
        mixed = word * _MIX & _WORD
        hashed = (hashed * _MIX & _WORD) ^ ((mixed ^ mixed >> 24) * _MIX & _WORD)
    if over:
        hashed = (hashed ^ int.from_bytes(key[-over:], "little")) * _MIX & _WORD
    hashed = (hashed ^ hashed >> 13) * _MIX & _WORD
    return hashed ^ hashed >> 15
