"""The tables of a log in memory. Only a commit changes them."""

from collections import defaultdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from case_events.kernel import Effect
from case_events.runtime.parked import Discarded, Parked
from case_events.runtime.ports import DueTimer, OutboxEntry, Snapshot
from case_events.runtime.quarantine import Quarantined


class StoredEffect(Struct, kw_only=True):
    """An effect with its state."""

    partition: int
    case: UUID
    effect: Effect
    cause: bytes
    due: datetime
    state: Literal["waiting", "claimed", "done"] = "waiting"
    attempts: int = 0
    first_attempt_at: datetime | None = None
    uncertain: bool = False


class Tracking(Struct, frozen=True):
    """The last processed sequence of a source, and the offset after it."""

    sequence: int
    next_offset: int


class State:
    """The tables of a service's log. `entries[partition]` is in order of sequence, from 1."""

    def __init__(self) -> None:
        self.epochs: dict[int, int] = {}
        self.owners: dict[int, str] = {}
        self.entries: defaultdict[int, list[OutboxEntry]] = defaultdict(list)
        self.published: defaultdict[int, int] = defaultdict(int)
        self.history: set[tuple[UUID | None, int]] = set()
        self.tracking: dict[tuple[int, str, str], Tracking] = {}
        self.snapshots: dict[UUID, Snapshot] = {}
        self.documents: dict[tuple[UUID, str], bytes] = {}
        self.timers: dict[tuple[UUID, str], DueTimer] = {}
        self.effects: dict[str, StoredEffect] = {}
        self.parked: dict[int, Parked] = {}
        self.discarded: list[Discarded] = []
        self.places = 0
        self.quarantine: dict[tuple[str, int, int], Quarantined] = {}
