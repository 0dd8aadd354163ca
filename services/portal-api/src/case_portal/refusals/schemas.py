"""The schemas of refusals in the API."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.web.schemas import ActorResponse, Author


class RefusalQuery(BaseModel):
    """The page of refusals, from 1."""

    page: int = Field(default=1, ge=1, le=10_000)


class RefusalModel(BaseModel):
    """An input, or a command to a case, that was refused.

    `command` is the type of the command; empty for input that made no case. `reference` is that of
    its case, `href` the link to the raw input; both are empty if there is none.
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
    """One page of refusals, latest first."""

    refusals: list[RefusalModel]
    page: int
    more: bool
