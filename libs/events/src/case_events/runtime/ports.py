"""The ports of the runtime. The real adapters and those in memory pass the same contract tests."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from case_events.envelope import Delivery
from case_events.kernel import Document, Effect, Timer
from case_events.runtime.parked import ParkedRecords
from case_events.runtime.quarantine import Quarantine

Epochs = Mapping[int, int]
"""Partition to epoch: the ownership that a transaction depends on."""


class Fenced(Exception):
    """Another replica owns the partition now. Nothing of this transaction was stored."""


class WriteRejected(Exception):
    """The database rejected the data, independent of the other records in the batch."""


class Unavailable(Exception):
    """The store or the broker could not be reached. The outcome of the operation is uncertain."""


class Position(Struct, frozen=True):
    """The position of a partition in one topic: the last sequence of each source, and the next
    offset."""

    topic: str
    sequences: dict[str, int]
    next_offset: int


class PartitionClaim(Struct, frozen=True):
    """A partition that this replica owns from now on, with its epoch and its positions."""

    partition: int
    epoch: int
    positions: tuple[Position, ...]


class Snapshot(Struct, frozen=True):
    """The stored state of a case: the state (JSON), the last version of its history that was read
    or written, and the hash of that event."""

    state: bytes
    version: int
    digest: str = ""


class OutboxEntry(Struct, frozen=True, kw_only=True):
    """One record in a service's log, at its partition and sequence."""

    partition: int
    sequence: int
    topic: str
    target_partition: int
    key: str
    case: UUID | None
    version: int
    type: str
    headers: dict[str, str]
    value: bytes


class PositionUpdate(Struct, frozen=True):
    """The change of one position. The transaction fails if the position is not at `was`."""

    partition: int
    topic: str
    source: str
    was: int
    sequence: int
    next_offset: int


class DueTimer(Struct, frozen=True):
    """A timer of a case. A timer that was taken also has the record that set it, without
    its data."""

    partition: int
    case: UUID
    name: str
    due: datetime
    cause: bytes = b""


Place = tuple[datetime, UUID]
"""A position in the order of timers: a due time, and a case."""


class PendingEffect(Struct, frozen=True, kw_only=True):
    """An effect to perform, the record that caused it, the number of attempts including this one,
    and the time of the first."""

    partition: int
    case: UUID
    effect: Effect
    cause: bytes
    attempts: int
    first_attempt_at: datetime
    uncertain: bool


class ClaimedEffects(Struct, frozen=True):
    """Effects to perform now. If there are none, `next_due` is the time of the next one."""

    effects: list[PendingEffect]
    next_due: datetime | None = None


class Transaction(Protocol):
    """One transaction: it stores everything that it was given, or nothing."""

    now: datetime

    async def load(self, cases: Sequence[UUID]) -> dict[UUID, Snapshot]:
        """Return the snapshots of those of these cases that have one."""

    async def take_timers(self, timers: Sequence[DueTimer]) -> list[DueTimer]:
        """Remove and return, in order of due time, the timers of these cases that have fallen due
        up to the given timer. A timer that was set to a later time meanwhile stays."""

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Reserve so many sequences in the log of each partition. Return the first of each. The log
        positions stay locked until the commit."""

    async def append(self, entries: Sequence[OutboxEntry]) -> None:
        """Append records to the log, at their reserved sequences. Notify listeners, except in a
        transaction with epochs, which the owner of the partitions opened itself."""

    async def save(
        self, partition_by_case: Mapping[UUID, int], snapshots: Mapping[UUID, Snapshot]
    ) -> None:
        """Store the snapshots of these cases."""

    async def save_documents(self, documents: Mapping[UUID, Sequence[Document]]) -> None:
        """Store documents of cases. A document replaces the one with the same key."""

    async def set_timers(
        self, partition_by_case: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        """Set timers, and clear those without a due time. The bytes are the record that caused
        each."""

    async def add_effects(
        self, partition_by_case: Mapping[UUID, int], effects: Sequence[tuple[UUID, Effect, bytes]]
    ) -> None:
        """Store effects, which are performed after the commit. An effect with a known key is
        ignored."""

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        """Mark those of these effects as done that are claimed, and return them. The result in this
        transaction is then the only one of the effect. The value is true if another attempt,
        earlier or concurrent, may have succeeded too."""

    async def park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        """Park records, behind the parked records of their cases. See `Parked`."""

    async def unpark(self, places: Sequence[int]) -> None:
        """Remove parked records that were processed. Raises `Fenced` if one of them was discarded
        meanwhile."""

    async def record_failure(self, place: int, error: str, awaits: str = "") -> None:
        """Store the new reason of a record that is still parked, and clear its retry."""

    async def quarantine(self, delivery: Delivery, reason: str) -> None:
        """Quarantine a record. A record that is read again is stored once."""

    async def admit(self, places: Sequence[int]) -> None:
        """Mark records that were released from quarantine as processed."""

    async def advance(self, moves: Sequence[PositionUpdate]) -> None:
        """Change positions by compare-and-set. Raises `Fenced` if one of them was changed by
        another."""


News = Literal["log", "retry"]
"""The kind of change in a log: records were added, or a retry was requested."""

Wake = Callable[[News], None]


Tx = TypeVar("Tx", bound=Transaction)
Tx_co = TypeVar("Tx_co", bound=Transaction, covariant=True)


class Transactions(Protocol[Tx_co]):
    """Opens transactions of one service's store, of the type that its adapter provides."""

    def transaction(self, epochs: Epochs) -> AbstractAsyncContextManager[Tx_co]:
        """Open a transaction that commits only if every partition is still at its epoch.

        Raises `Fenced` if one is not, and `WriteRejected` if the store rejects the data.
        """


class Log(ParkedRecords, Transactions[Transaction], Quarantine, Protocol):
    """A service's own store: log, snapshots, positions, timers and effects.

    Every method raises `Unavailable` if the store cannot be reached.
    """

    async def now(self) -> datetime:
        """Return the time of the store, which is the time of the platform."""

    async def claim(self, partitions: Sequence[int], owner: str) -> list[PartitionClaim]:
        """Take ownership of these partitions: raise their epochs, which fences the previous owner.

        Effects that were claimed and not done become uncertain.
        """

    async def resume(self, epochs: Epochs) -> list[PartitionClaim]:
        """Return the claims of those partitions that are still owned at these epochs."""

    async def unpublished(self, partitions: Sequence[int], limit: int) -> list[OutboxEntry]:
        """Return the unpublished records of the log, in order of sequence per partition."""

    async def mark_published(self, epochs: Epochs, last: Mapping[int, int]) -> None:
        """Mark all records up to these sequences as published: the broker acknowledged them."""

    async def timers(
        self, partitions: Sequence[int], after: Place, until: datetime, limit: int
    ) -> list[DueTimer]:
        """Return timers after a position and due by `until`, in order of due time and case: `limit`
        of them, and those at the same position as the last."""

    async def dormant_timers(self, partitions: Sequence[int]) -> set[str]:
        """Return the names of the dormant timers: those with the due time `DORMANT`."""

    async def wake_dormant(self, epochs: Epochs, names: Sequence[str], per_second: int) -> int:
        """Give each dormant timer of these names a due time from now on, so many a second. Return
        how many there are."""

    async def claim_effects(self, epochs: Epochs, limit: int) -> ClaimedEffects:
        """Claim effects that are due. A crash leaves claimed effects uncertain."""

    async def postpone_effect(self, key: str, until: datetime, *, uncertain: bool) -> None:
        """Schedule another attempt at this effect. `uncertain`: this attempt may have succeeded."""

    def listen(self, wake: Wake) -> AbstractAsyncContextManager[None]:
        """Call `wake` whenever any process adds to this log or requests a retry."""


class Inbox(Protocol):
    """The topics that a service reads, in the partitions that this replica owns."""

    async def start(self, listener: "RebalanceListener") -> None: ...
    async def stop(self) -> None: ...
    async def take(self, wait: float, limit: int) -> list[Delivery]:
        """Return new records, in order per partition; [] after `wait` seconds or a wake."""

    def wake(self) -> None: ...
    def seek(self, topic: str, partition: int, offset: int) -> None: ...
    async def first_offset(self, topic: str, partition: int) -> int: ...
    async def end_offsets(self, partition: int) -> dict[str, int]:
        """Return for each topic the offset after its last record."""

    async def commit_offsets(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Commit offsets to the broker, which uses them for lag and autoscaling only."""


class RebalanceListener(Protocol):
    """Listener for changes of the assignment of partitions."""

    async def assigned(self, partitions: Sequence[int]) -> None: ...
    async def revoked(self, partitions: Sequence[int]) -> None: ...


class Publisher(Protocol):
    """Publishes records in order per partition. A record may be published twice."""

    async def send(self, entries: Sequence[OutboxEntry]) -> None: ...


class BlobMissing(LookupError):
    """There is no such content for this tenant."""


class Blobs(Protocol):
    """The blob store. Contents never change, and a tenant reads only its own."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store contents durably: a power cut after the return loses nothing.

        Return their SHA-256 (hex), in the same order. Raises `Unavailable` if not all of them are
        certainly stored.
        """

    async def get(self, tenant: str, sha256: str) -> bytes:
        """Return the content. Raises `BlobMissing`."""
