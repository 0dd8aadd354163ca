"""The schemas of the security log in the API."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.security.ports import EventType, Outcome, SecurityListing
from case_portal.web.schemas import ActorResponse


class SecurityQuery(BaseModel):
    """Which events, and the page of them, from 1."""

    type: EventType | None = None
    outcome: Outcome | None = None
    page: int = Field(default=1, ge=1, le=10_000)

    @property
    def listing(self) -> SecurityListing:
        """The same, as the port takes it."""
        return SecurityListing(type=self.type, outcome=self.outcome, page=self.page)


class SecurityModel(BaseModel):
    """One event: who did what, from where, and with what outcome.

    `person_kind` and `person` name the account that was tried or changed, `name` an API token,
    `what` the request of an access, and `reference` its case. `reason` is the code of the problem
    if it was refused. `address` and `program` are those of the request.
    """

    id: UUID
    at: datetime
    type: EventType
    who: ActorResponse
    channel: str
    outcome: Outcome
    reason: str
    change: str
    person_kind: str
    person: str
    name: str
    what: str
    reference: str
    address: str
    program: str


class SecurityEventList(BaseModel):
    """One page of the security log, latest first."""

    events: list[SecurityModel]
    page: int
    more: bool
