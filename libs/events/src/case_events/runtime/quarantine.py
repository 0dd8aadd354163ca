"""Records that do not come from whom they name: apart, whole, until an operator decides."""

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from case_events.envelope import Delivery

Verdict = Literal["released", "discarded"]
State = Literal["waiting", "released", "admitted", "discarded"]
"""Released: an operator vouches for it. Admitted: it was reacted to after that."""


class Quarantined(Struct, frozen=True, kw_only=True):
    """A record in quarantine: `reason` is why it is there, `why` the operator's for the verdict.

    `place` is its number in the quarantine of its service.
    """

    place: int
    delivery: Delivery
    reason: str
    state: State
    at: datetime
    why: str = ""


class Quarantine(Protocol):
    """The part of a service's store that holds what is quarantined.

    Every method raises `Unavailable` when the store cannot be reached.
    """

    async def quarantine(self, delivery: Delivery, reason: str) -> State:
        """Hold a record, in a transaction of its own; its state, where it was held before."""

    async def quarantined(self, state: State) -> list[Quarantined]:
        """All records in this state, in the order in which they came."""

    async def decide(self, place: int, verdict: Verdict, why: str) -> bool:
        """Give a verdict on a record that waits; False where none waits at this place.

        Whoever listens to the store is woken for a retry.
        """
