"""What the API takes and gives about other cases."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from case_portal.web.schemas import Long, RequestModel, Seen, Short


class LinkModel(BaseModel):
    """Another case. `to`: this one points to it, as a report does to its problem, a duplicate and
    a merged case to the one that goes on, a follow-up and a part to the one they come from."""

    kind: Literal["problem", "duplicate", "merge", "follow_up", "split"]
    direction: Literal["to", "from"]
    reference: str
    at: datetime


class LinkList(BaseModel):
    """The cases that one has to do with. `weight` is that of a problem: how many reported it."""

    links: list[LinkModel]
    weight: int = 0


class Another(RequestModel):
    """Another case, by its reference."""

    reference: Short
    seen: Seen = 0


class LinkTo(Another):
    """Say that the case reports a problem, or is a duplicate of another."""

    kind: Literal["problem", "duplicate"]


class PartOfCase(RequestModel):
    """A case to make of a part of this one. `comments` are the ids of public comments of it, which
    the new case begins with; without a type it has the same one."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    comments: list[Short] = Field(default=[], max_length=50)


class Split(RequestModel):
    """The cases to make. This one stays what it is."""

    parts: list[PartOfCase] = Field(min_length=1, max_length=20)
    seen: Seen = 0


class Undo(RequestModel):
    """What was looked at."""

    seen: Seen = 0


class NewProblem(RequestModel):
    """A problem that this case is the first report of."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    seen: Seen = 0
