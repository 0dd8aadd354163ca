"""The quarantine: records with an invalid signature, until an operator decides."""

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from case_events.envelope import Delivery

Verdict = Literal["released", "discarded"]
State = Literal["waiting", "released", "admitted", "discarded"]
"""The state of a record. `released`: an operator vouches for it. `admitted`: it was processed after
its release."""


class Quarantined(Struct, frozen=True, kw_only=True):
    """A record in quarantine. `reason` is why it is there, and `why` the operator's reason for the
    verdict.

    `place` is its number in the quarantine of its service.
    """

    place: int
    delivery: Delivery
    reason: str
    state: State
    at: datetime
    why: str = ""


class Quarantine(Protocol):
    """The part of a service's store that holds quarantined records.

    Every method raises `Unavailable` if the store cannot be reached.
    """

    async def quarantine(self, delivery: Delivery, reason: str) -> State:
        """Quarantine a record, in a transaction of its own. Return its state, if it was quarantined
        before."""

    async def quarantined(self, state: State) -> list[Quarantined]:
        """Return all records in this state, in the order in which they came."""

    async def decide(self, place: int, verdict: Verdict, why: str) -> bool:
        """Decide on a waiting record. Return False if none waits at this place.

        Listeners of the store are notified of a retry.
        """
