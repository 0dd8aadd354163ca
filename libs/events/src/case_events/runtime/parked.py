"""Records that wait because their case cannot go on, and those that an operator gave up."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct

from case_events.envelope import Delivery


class Unprocessable(Exception):
    """This case cannot take this record; it parks. `awaits`: what it needs, to go on by itself."""

    def __init__(self, reason: str, awaits: str = "") -> None:
        super().__init__(reason)
        self.awaits = awaits


class ToPark(NamedTuple):
    """A record that has to wait, as `Transaction.park` takes it."""

    partition: int
    case: UUID
    delivery: Delivery
    error: str
    awaits: str


def why(error: Exception) -> tuple[str, str]:
    """The error in words, and what the record awaits."""
    if isinstance(error, Unprocessable):
        return str(error), error.awaits
    return f"{type(error).__name__}: {error}", ""


class Parked(Struct, frozen=True, kw_only=True):
    """A record that waits because its case cannot go on, and why. `place` orders them.

    `awaits` names what it waits for, a definition say, or an upgrade of this service: then it goes
    on by itself. It is empty where it waits for an operator. `retry`: an operator has asked to try
    it again.
    """

    place: int
    partition: int
    case: UUID
    delivery: Delivery
    error: str
    awaits: str = ""
    retry: bool = False


class Discarded(Struct, frozen=True, kw_only=True):
    """A parked record that an operator gave up: why, who and when."""

    parked: Parked
    reason: str
    by: str
    at: datetime


class NotDiscardable(Exception):
    """The record is of the history of a case, which every service has to see whole."""


class ParkedRecords(Protocol):
    """The part of a service's store that holds what is parked.

    Every method raises `Unavailable` when the store cannot be reached.
    """

    async def parked(self, partitions: Sequence[int]) -> list[Parked]:
        """All records that wait, in the order in which they came."""

    async def request_retry(self, case: UUID) -> int:
        """Ask that what is parked of a case is tried again; how many records wait."""

    async def discard(self, case: UUID, reason: str, by: str) -> Parked | None:
        """Give up the first record that waits for a case, and ask that the rest is tried again;
        the record, or None where none waits. Raises `NotDiscardable` for a record of `cases`."""

    async def discarded(self, partitions: Sequence[int]) -> list[Discarded]:
        """All records that were given up, in the order in which they were."""
