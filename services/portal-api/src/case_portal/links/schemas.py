"""The schemas of links between cases in the API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from case_portal.web.schemas import Long, RequestModel, Seen, Short


class LinkModel(BaseModel):
    """Another case. `to`: this case points to the other one. A report points to its problem, a
    duplicate or merged case to the case that continues, and a follow-up or part to the case that it
    comes from."""

    kind: Literal["problem", "duplicate", "merge", "follow_up", "split"]
    direction: Literal["to", "from"]
    reference: str
    at: datetime


class LinkList(BaseModel):
    """The cases that are linked to a case. `weight` is the number of reporters of a problem."""

    links: list[LinkModel]
    weight: int = 0


class Another(RequestModel):
    """Another case, by its reference."""

    reference: Short
    seen: Seen = 0


class LinkTo(Another):
    """State that the case reports a problem, or is a duplicate of another case."""

    kind: Literal["problem", "duplicate"]


class PartOfCase(RequestModel):
    """A case to make from a part of this one. `comments` are the ids of public comments of this
    case with which the new case begins. Without a type, the new case has the type of this one."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    comments: list[Short] = Field(default=[], max_length=50)


class Split(RequestModel):
    """The cases to make. This case does not change."""

    parts: list[PartOfCase] = Field(min_length=1, max_length=20)
    seen: Seen = 0


class Undo(RequestModel):
    """The version of the case that the sender looked at."""

    seen: Seen = 0


class NewProblem(RequestModel):
    """A problem. This case is its first report."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    seen: Seen = 0
