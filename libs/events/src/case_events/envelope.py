"""The envelope of every record, whatever event it carries."""

from hashlib import sha256
from typing import Literal
from uuid import UUID

from msgspec import Struct

from case_events.contracts.base import Event
from case_events.contracts.parts import Instant


class Actor(Struct, frozen=True, omit_defaults=True):
    """The actor of a record, and the capacity in which the actor acted. The id is looked up in the
    directory; names are never part of a record."""

    kind: Literal["contact", "agent", "auditor", "operator", "system", "unknown"]
    id: str
    capacity: str = ""


SYSTEM = Actor(kind="system", id="casefold")


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record of one topic: an event or a command.

    Times are in UTC, with microseconds. `occurred_at` is the time in the world, and `recorded_at`
    the time at which the platform wrote the record. `version` and `previous` are set in the history
    of a case only: its position in the history, from 1, and the SHA-256 (hex) of the value before
    it.
    """

    id: UUID
    type: str
    source: str
    tenant: str
    occurred_at: Instant
    recorded_at: Instant
    actor: Actor
    channel: str
    correlation: UUID
    data: Event
    case: UUID | None = None
    causation: UUID | None = None
    definition: str = ""
    version: int = 0
    previous: str = ""

    @property
    def originator_id(self) -> UUID:
        """The id of the case, under the name that the `eventsourcing` library uses. Raises
        `ValueError` for a record without a case."""
        if self.case is None:
            raise ValueError(f"{self.type} {self.id} is of no case")
        return self.case

    @property
    def originator_version(self) -> int:
        """The position in the history of the case, under the name that the `eventsourcing` library
        uses."""
        return self.version


class StoredRecord(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A record as it is stored and published: `data` lacks the personal members.

    `sealed` holds these members as one encrypted JSON object (AES-SIV, with the bytes of the
    record's id as associated data). Its form is the id of the key, a full stop, and the ciphertext
    in base64. A required member is empty in `data`. Records from before the sealing have an empty
    `sealed`, and all members in `data`.
    """

    sealed: str = ""


class Delivery(Struct, frozen=True, kw_only=True):
    """A record as the broker delivers it.

    `source` names the log that the record comes from (service and partition), and `sequence` its
    position in that log. A consumer recognises duplicates by them. `offset` is the position in the
    topic, from which a consumer resumes.
    """

    topic: str
    partition: int
    offset: int
    key: str
    headers: dict[str, str]
    value: bytes
    source: str
    sequence: int


def digest(value: bytes) -> str:
    """Return the SHA-256 (hex) of a value, which the next event of the same case carries as
    `previous`."""
    return sha256(value).hexdigest()
