"""The port from which the security log is read."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from case_portal.read_model.view import ActorView

EventType = Literal["log_in_attempted", "access_changed", "data_accessed"]
Outcome = Literal["done", "refused"]


class SecurityView(Struct, frozen=True, kw_only=True):
    """One event of the security log, whole. See `contracts.security` for its members."""

    id: UUID
    tenant: str
    at: datetime
    type: EventType
    who: ActorView
    channel: str
    outcome: Outcome
    reason: str = ""
    change: str = ""
    person_kind: str = ""
    person: str = ""
    name: str = ""
    what: str = ""
    reference: str = ""
    address: str = ""
    program: str = ""


class SecurityListing(Struct, frozen=True, kw_only=True):
    """Which events to list. `page` counts from 1."""

    type: EventType | None = None
    outcome: Outcome | None = None
    page: int = 1
    size: int = 50


class SecurityPage(Struct, frozen=True):
    """One page of events, and whether there is a next page."""

    events: list[SecurityView]
    more: bool = False


class SecurityEvents(Protocol):
    """The security log of one tenant. Other tenants' events are not found."""

    async def listed(self, tenant: str, listing: SecurityListing) -> SecurityPage:
        """A page of events, latest first."""
