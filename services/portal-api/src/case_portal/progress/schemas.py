"""The schemas of phases, decisions, releases and ratings in the API."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from case_portal.web.schemas import Long, RequestModel, Seen, Short

Week = Annotated[str, StringConstraints(max_length=8, pattern=r"^(\d{4}-W\d{2})?$")]
ReleaseId = Annotated[str, StringConstraints(max_length=7, pattern=r"^(\d{4}-\d{2})?$")]


class PhaseModel(BaseModel):
    """A phase that may be entered now, and the status that goes with it (empty: unchanged)."""

    name: str
    title: str
    status: str
    requires_comment: bool
    requires_fields: list[str]


class ReleaseModel(BaseModel):
    """The release for which the case is planned, and the week (ISO 8601) in which it is
    expected."""

    release: str
    week: str
    slipped: int
    released_at: datetime | None


class RatingModel(BaseModel):
    """The time at which the contact was asked to rate, and the last rating. Its text is in the
    history."""

    asked_at: datetime | None
    stars: int | None
    rated_at: datetime | None


class DecisionModel(BaseModel):
    """A decision about the case: requested, or its outcome."""

    decision: str
    title: str
    state: Literal["asked", "yes", "no"]
    asked_at: datetime | None
    decided_at: datetime | None


class Progress(BaseModel):
    """The progress of the case."""

    phase: str = ""
    phases: list[PhaseModel] = []
    release: ReleaseModel | None = None
    rating: RatingModel | None = None
    may_rate: bool = False
    decisions: list[DecisionModel] = []


class ReasonModel(BaseModel):
    """The points of one criterion. `value` is the answer, or the number of counted units."""

    criterion: str
    title: str
    value: str
    points: float


class WaitingModel(BaseModel):
    """A case that waits for a decision, with its points and their reasons."""

    reference: str
    title: str
    priority: str
    customer: str
    status: str
    asked_at: datetime | None
    yours: bool
    points: float
    reasons: list[ReasonModel]


class WaitingList(BaseModel):
    """The cases that wait for one decision, most points first."""

    decision: str
    title: str
    role: str
    cases: list[WaitingModel]


class DecisionQuery(BaseModel):
    """The decision to list."""

    decision: Short


class NewDecision(RequestModel):
    """Ask for a decision, with the reason."""

    decision: Short
    reason: Long = ""
    seen: Seen = 0


class Verdict(RequestModel):
    """Decide yes or no: the reason for colleagues, the text for the contact, and, with a yes, the
    release."""

    outcome: Literal["yes", "no"]
    reason: Long = Field(min_length=1)
    answer: Long = ""
    release: ReleaseId = ""
    week: Week = ""
    seen: Seen = 0


class PhaseChange(RequestModel):
    """Enter a phase, with the values that it requires."""

    phase: Short
    comment: Long = ""
    fields: dict[Short, Long] = {}
    seen: Seen = 0


class Plan(RequestModel):
    """Plan the case for a release; without a name, for the current one."""

    release: ReleaseId = ""
    week: Week = ""
    seen: Seen = 0


class Slip(RequestModel):
    """Move the case to a later release; without a name, to the next one. The contact reads the
    reason."""

    reason: Long = Field(min_length=1)
    release: ReleaseId = ""
    week: Week = ""
    seen: Seen = 0


class Stars(RequestModel):
    """Rate how the case was handled."""

    stars: int = Field(ge=0, le=100)
    text: Long = ""
    seen: Seen = 0


class ComingRelease(BaseModel):
    """A release for planning: its first day, its last day, and the week of the last day."""

    release: str
    starts: date
    ends: date
    week: str


class ComingReleases(BaseModel):
    """The coming releases, the current one first."""

    releases: list[ComingRelease]
