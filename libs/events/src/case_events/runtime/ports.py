"""What the runtime needs of the world. Each port has one contract test, and an adapter in
memory that passes it beside the real one."""

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
"""Partition to epoch: the ownership that a transaction rests on."""


class Fenced(Exception):
    """Another owner has taken the partition over: nothing of this transaction was kept."""


class WriteRejected(Exception):
    """The database refused what was written, whatever the others in the batch were."""


class Unavailable(Exception):
    """The store or the broker could not be reached, and what was under way is uncertain."""


class Position(Struct, frozen=True):
    """How far a partition has read one topic: the last sequence of each source, and the next
    offset."""

    topic: str
    sequences: dict[str, int]
    next_offset: int


class PartitionClaim(Struct, frozen=True):
    """A partition that this replica owns from now on, at this epoch, and where it stands."""

    partition: int
    epoch: int
    positions: tuple[Position, ...]


class Snapshot(Struct, frozen=True):
    """What a service keeps of a case: state (JSON), the last version of its history seen or
    written, and the hash of that event."""

    state: bytes
    version: int
    digest: str = ""


class OutboxEntry(Struct, frozen=True, kw_only=True):
    """One record as it stands in a service's log, in its partition, at its sequence."""

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
    """Move one position: from what it was to what it becomes, or nothing is kept."""

    partition: int
    topic: str
    source: str
    was: int
    sequence: int
    next_offset: int


class DueTimer(Struct, frozen=True):
    """A timer of a case. Once it is taken, also the record that set it (without its data)."""

    partition: int
    case: UUID
    name: str
    due: datetime
    cause: bytes = b""


Place = tuple[datetime, UUID]
"""Where a reader of timers stands in their order: a due, and a case."""


class PendingEffect(Struct, frozen=True, kw_only=True):
    """An effect to perform, the record that asked for it, how often it was tried (this attempt
    counts) and since when."""

    partition: int
    case: UUID
    effect: Effect
    cause: bytes
    attempts: int
    first_attempt_at: datetime
    uncertain: bool


class ClaimedEffects(Struct, frozen=True):
    """Effects to perform now, or when the next one is due where there are none."""

    effects: list[PendingEffect]
    next_due: datetime | None = None


class Transaction(Protocol):
    """One commit: all that it was given, or nothing."""

    now: datetime

    async def load(self, cases: Sequence[UUID]) -> dict[UUID, Snapshot]:
        """What is remembered of these cases, where anything is."""

    async def take_timers(self, timers: Sequence[DueTimer]) -> list[DueTimer]:
        """Remove what has fallen due of these cases, up to the due of the timer given of it; in
        order of due. What was set to a later due since stays, and what was cleared is gone."""

    async def next_sequences(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Reserve so many places of the log of each partition; the first of each. Holds the log
        positions until commit."""

    async def append(self, entries: Sequence[OutboxEntry]) -> None:
        """Write records to the log, at the places reserved for them. Whoever listens is woken,
        unless this transaction rests on owning the partitions: their owner knows what it writes."""

    async def save(
        self, partition_by_case: Mapping[UUID, int], snapshots: Mapping[UUID, Snapshot]
    ) -> None:
        """Remember this of these cases from now on."""

    async def save_documents(self, documents: Mapping[UUID, Sequence[Document]]) -> None:
        """Write documents beside the memory of cases; the same key replaces."""

    async def set_timers(
        self, partition_by_case: Mapping[UUID, int], timers: Sequence[tuple[UUID, Timer, bytes]]
    ) -> None:
        """Set timers, or clear those without a due; the bytes are the record that caused it."""

    async def add_effects(
        self, partition_by_case: Mapping[UUID, int], effects: Sequence[tuple[UUID, Effect, bytes]]
    ) -> None:
        """Effects to perform once this is kept; a key that was there already is one."""

    async def finish_effects(self, keys: Sequence[str]) -> dict[str, bool]:
        """Finish those of these effects that are begun and not yet finished, and answer them:
        their outcome is kept with this transaction, and no other was. True where another
        attempt, begun before or meanwhile, may have worked too."""

    async def park(
        self, partition: int, case: UUID, delivery: Delivery, error: str, awaits: str = ""
    ) -> None:
        """Let a record wait behind what its case already waits for. See `Parked`."""

    async def unpark(self, places: Sequence[int]) -> None:
        """These records went through. Raises `Fenced` where one waits no more: it was discarded."""

    async def record_failure(self, place: int, error: str, awaits: str = "") -> None:
        """This record still cannot go on, for this reason; the retry is answered."""

    async def quarantine(self, delivery: Delivery, reason: str) -> None:
        """Hold a record that is not from whom it says; once, however often it is read."""

    async def admit(self, places: Sequence[int]) -> None:
        """These records were released from quarantine, and reacted to."""

    async def advance(self, moves: Sequence[PositionUpdate]) -> None:
        """Move positions by compare-and-set; `Fenced` where one was not where it was said."""


News = Literal["log", "retry"]
"""What happened to a log: records were added, or a retry of what is parked was asked."""

Wake = Callable[[News], None]


Tx = TypeVar("Tx", bound=Transaction)
Tx_co = TypeVar("Tx_co", bound=Transaction, covariant=True)


class Transactions(Protocol[Tx_co]):
    """Opens transactions of a service's own store, of one kind: with what its adapter adds."""

    def transaction(self, epochs: Epochs) -> AbstractAsyncContextManager[Tx_co]:
        """A transaction that is kept only while every partition is still at its epoch.

        Raises `Fenced` where one is not, `WriteRejected` where the store refuses what is written.
        """


class Log(ParkedRecords, Transactions[Transaction], Quarantine, Protocol):
    """A service's own store: what it published, remembers, has read, waits for and must do.

    Every method raises `Unavailable` when the store cannot be reached.
    """

    async def now(self) -> datetime:
        """The store's clock, which is the platform's."""

    async def claim(self, partitions: Sequence[int], owner: str) -> list[PartitionClaim]:
        """Own these partitions from now on: raises their epochs, which fences the owner before.

        Effects that were begun and not finished become uncertain.
        """

    async def resume(self, epochs: Epochs) -> list[PartitionClaim]:
        """Where the partitions stand that are still owned at these epochs."""

    async def unpublished(self, partitions: Sequence[int], limit: int) -> list[OutboxEntry]:
        """What stands in the log beyond the published mark, in order of sequence per partition."""

    async def mark_published(self, epochs: Epochs, last: Mapping[int, int]) -> None:
        """Everything up to these sequences was acknowledged by the broker."""

    async def timers(
        self, partitions: Sequence[int], after: Place, until: datetime, limit: int
    ) -> list[DueTimer]:
        """Timers that come after a place and are due by an instant, in order of due and case:
        `limit` of them, and what has the same place as the last."""

    async def dormant_timers(self, partitions: Sequence[int]) -> set[str]:
        """The names of the timers that stand by: those due `DORMANT`."""

    async def wake_dormant(self, epochs: Epochs, names: Sequence[str], per_second: int) -> int:
        """Give each timer that stands by under these names a due from now on, so many of them
        a second; how many there are."""

    async def claim_effects(self, epochs: Epochs, limit: int) -> ClaimedEffects:
        """Effects whose time has come, marked as begun: a crash leaves them uncertain."""

    async def postpone_effect(self, key: str, until: datetime, *, uncertain: bool) -> None:
        """Try this effect again, not before then. `uncertain`: this attempt may have worked."""

    def listen(self, wake: Wake) -> AbstractAsyncContextManager[None]:
        """Call `wake` whenever somebody, anywhere, has added to this log or asked a retry."""


class Inbox(Protocol):
    """The topics a service reads, as far as this replica owns their partitions."""

    async def start(self, listener: "RebalanceListener") -> None: ...
    async def stop(self) -> None: ...
    async def take(self, wait: float, limit: int) -> list[Delivery]:
        """What has come in, in order; [] after `wait` seconds, or when woken."""

    def wake(self) -> None: ...
    def seek(self, topic: str, partition: int, offset: int) -> None: ...
    async def first_offset(self, topic: str, partition: int) -> int: ...
    async def end_offsets(self, partition: int) -> dict[str, int]:
        """Per topic the offset after the last record that is there now."""

    async def commit_offsets(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """Tell the broker how far we are, for lag and autoscaling only."""


class RebalanceListener(Protocol):
    """Who hears that partitions come and go."""

    async def assigned(self, partitions: Sequence[int]) -> None: ...
    async def revoked(self, partitions: Sequence[int]) -> None: ...


class Publisher(Protocol):
    """Where the relay puts records: in order per partition, acknowledged, perhaps twice."""

    async def send(self, entries: Sequence[OutboxEntry]) -> None: ...


class BlobMissing(LookupError):
    """There is no such content for this tenant."""


class Blobs(Protocol):
    """The blob store: write once, read for ever. One tenant never reads another's."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store contents durably: a power cut after the answer loses nothing of them.

        Returns their SHA-256 (hex), in the same order. Raises `Unavailable` when it is not
        certain that all of them are stored.
        """

    async def get(self, tenant: str, sha256: str) -> bytes:
        """Return the contents. Raises `BlobMissing`."""
