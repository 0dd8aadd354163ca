"""The schemas of commands and their outcomes in the API."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.web.schemas import Chosen, Filled, Long, RequestModel, Seen, Short


class TransitionRequest(RequestModel):
    """Take a step, with the values that it requires."""

    comment: Long = ""
    fields: Filled = {}
    seen: Seen = 0


class AssignmentRequest(RequestModel):
    """Assign the case to a team, and to an agent of the team."""

    team: Short
    agent: Short = ""
    seen: Seen = 0


class Priority(RequestModel):
    """Set the priority directly, or by a choice on each axis of the matrix."""

    priority: Short = ""
    axes: Chosen = {}
    seen: Seen = 0


class Classification(RequestModel):
    """Give the case another type."""

    case_type: Short
    seen: Seen = 0


class Fields(RequestModel):
    """Fill in or change fields."""

    fields: Filled = Field(min_length=1)
    seen: Seen = 0


class CommandState(BaseModel):
    """The outcome of a command. `pending`: ask again at `href`."""

    command: UUID
    reference: str
    status: Literal["pending", "done", "unchanged", "refused"]
    href: str
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""
