"""What the API takes as commands, and what it gives of what became of them."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.web.schemas import Chosen, Filled, Long, RequestModel, Seen, Short


class TransitionRequest(RequestModel):
    """Take a step, with what it wants filled in."""

    comment: Long = ""
    fields: Filled = {}
    seen: Seen = 0


class AssignmentRequest(RequestModel):
    """Hand the case to a team, and to an agent of it."""

    team: Short
    agent: Short = ""
    seen: Seen = 0


class Priority(RequestModel):
    """Set the priority outright, or by what is chosen on each axis of the matrix, by its name."""

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
    """What became of a command. `pending`: look again at `href`."""

    command: UUID
    reference: str
    status: Literal["pending", "done", "unchanged", "refused"]
    href: str
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""
