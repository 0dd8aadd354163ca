"""Parked records, which wait because their case cannot go on, and discarded ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct

from case_events.envelope import Delivery


class Unprocessable(Exception):
    """This case cannot process this record, so the record parks. `awaits` names what unblocks it,
    if it is known."""

    def __init__(self, reason: str, awaits: str = "") -> None:
        super().__init__(reason)
        self.awaits = awaits


class ToPark(NamedTuple):
    """A record to park, as the argument of `Transaction.park`."""

    partition: int
    case: UUID
    delivery: Delivery
    error: str
    awaits: str


def why(error: Exception) -> tuple[str, str]:
    """Return the error as text, and what the record awaits."""
    if isinstance(error, Unprocessable):
        return str(error), error.awaits
    return f"{type(error).__name__}: {error}", ""


class Parked(Struct, frozen=True, kw_only=True):
    """A record that waits because its case cannot go on. `place` orders the records.

    `error` is the reason. `awaits` names what unblocks it (a definition, or an upgrade of this
    service) and is empty if only an operator can. `retry`: an operator has requested a retry.
    """

    place: int
    partition: int
    case: UUID
    delivery: Delivery
    error: str
    awaits: str = ""
    retry: bool = False


class Discarded(Struct, frozen=True, kw_only=True):
    """A parked record that an operator discarded, with the reason, the operator and the time."""

    parked: Parked
    reason: str
    by: str
    at: datetime


class NotDiscardable(Exception):
    """The record is part of the history of a case, which every service has to process
    completely."""


class ParkedRecords(Protocol):
    """The part of a service's store that holds parked records.

    Every method raises `Unavailable` if the store cannot be reached.
    """

    async def parked(self, partitions: Sequence[int]) -> list[Parked]:
        """Return all parked records of these partitions, in the order in which they were parked."""

    async def request_retry(self, case: UUID) -> int:
        """Request a retry of the parked records of a case. Return how many there are."""

    async def discard(self, case: UUID, reason: str, by: str) -> Parked | None:
        """Discard the first parked record of a case, and request a retry of the others. Return the
        record, or None if there is none. Raises `NotDiscardable` for a record of `cases`."""

    async def discarded(self, partitions: Sequence[int]) -> list[Discarded]:
        """Return all discarded records of these partitions, in the order in which they were
        discarded."""
