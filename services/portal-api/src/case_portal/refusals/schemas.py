"""What the API takes and gives about refusals."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.web.schemas import ActorResponse, Author


class RefusalQuery(BaseModel):
    """Which page of refusals, from 1."""

    page: int = Field(default=1, ge=1, le=10_000)


class RefusalModel(BaseModel):
    """What came in, or was asked of a case, and was refused.

    `command` is the type of what was asked; empty for what made no case. `reference` is of the
    case that it concerns, `href` where to get what arrived; both empty where there is none.
    """

    id: UUID
    at: datetime
    who: ActorResponse
    channel: str
    code: str
    field: str
    rule: str
    reason: str
    command: str
    reference: str
    title: str
    text: str
    author: Author
    href: str


class RefusalList(BaseModel):
    """One page of refusals, the last first."""

    refusals: list[RefusalModel]
    page: int
    more: bool
