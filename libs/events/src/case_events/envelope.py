"""What every record says about itself, whatever it carries."""

from hashlib import sha256
from typing import Literal
from uuid import UUID

from msgspec import Struct

from case_events.contracts.base import Event
from case_events.contracts.parts import Instant


class Actor(Struct, frozen=True, omit_defaults=True):
    """Who did it, and in which capacity. Names are looked up, never carried."""

    kind: Literal["contact", "agent", "auditor", "operator", "system", "unknown"]
    id: str
    capacity: str = ""


SYSTEM = Actor(kind="system", id="casefold")


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record of one topic: a fact or a command.

    Times are UTC with microseconds: `occurred_at` when it happened in the world,
    `recorded_at` when the platform wrote it. `version` and `previous` are set on the case
    history alone: the place in it, from 1, and the SHA-256 (hex) of the value before.
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
        """The case, as the `eventsourcing` library calls it. Raises `ValueError` without one."""
        if self.case is None:
            raise ValueError(f"{self.type} {self.id} is of no case")
        return self.case

    @property
    def originator_version(self) -> int:
        """The place in the history of the case, as the `eventsourcing` library calls it."""
        return self.version


class StoredRecord(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A record as it is stored and published: of `data` the personal members are left out.

    `sealed` holds them, as one JSON object that is encrypted (AES-SIV, the bytes of the id as
    associated data): the id of the key, a full stop, and the rest in base64. A member that is
    always there stands empty in `data`. Records of before have no `sealed`, and all in `data`.
    """

    sealed: str = ""


class Delivery(Struct, frozen=True, kw_only=True):
    """A record as a broker handed it over: where it lay, and its place in its source's log.

    `source` names the log that wrote it (service and partition), `sequence` its place there:
    what tells a consumer whether it had it. `offset` only says where to read on.
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
    """The hash that the next event of the same case carries as `previous`."""
    return sha256(value).hexdigest()
