"""What the API takes and gives of phases, decisions, releases and ratings."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from case_portal.web.schemas import Long, RequestModel, Seen, Short

Week = Annotated[str, StringConstraints(max_length=8, pattern=r"^(\d{4}-W\d{2})?$")]
ReleaseId = Annotated[str, StringConstraints(max_length=7, pattern=r"^(\d{4}-\d{2})?$")]


class PhaseModel(BaseModel):
    """A phase that may be entered now, and the status that goes with it (empty: as it is)."""

    name: str
    title: str
    status: str
    requires_comment: bool
    requires_fields: list[str]


class ReleaseModel(BaseModel):
    """The release that the case is planned for, and the week (ISO 8601) in which it is expected."""

    release: str
    week: str
    slipped: int
    released_at: datetime | None


class RatingModel(BaseModel):
    """When the contact was asked to rate, and the last rating; its words are in the history."""

    asked_at: datetime | None
    stars: int | None
    rated_at: datetime | None


class DecisionModel(BaseModel):
    """A decision on the case: asked, or its outcome."""

    decision: str
    title: str
    state: Literal["asked", "yes", "no"]
    asked_at: datetime | None
    decided_at: datetime | None


class Progress(BaseModel):
    """How far the work on the case has come."""

    phase: str = ""
    phases: list[PhaseModel] = []
    release: ReleaseModel | None = None
    rating: RatingModel | None = None
    may_rate: bool = False
    decisions: list[DecisionModel] = []


class ReasonModel(BaseModel):
    """What one criterion gave: `value` is the answer, or how many units were counted."""

    criterion: str
    title: str
    value: str
    points: float


class WaitingModel(BaseModel):
    """A case that waits for a decision, with what it weighs and why."""

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
    """What waits for one decision, the most points first."""

    decision: str
    title: str
    role: str
    cases: list[WaitingModel]


class DecisionQuery(BaseModel):
    """Which decision."""

    decision: Short


class NewDecision(RequestModel):
    """Ask for a decision, and say why."""

    decision: Short
    reason: Long = ""
    seen: Seen = 0


class Verdict(RequestModel):
    """Yes or no; why, for colleagues; what the contact reads; and, with a yes, when."""

    outcome: Literal["yes", "no"]
    reason: Long = Field(min_length=1)
    answer: Long = ""
    release: ReleaseId = ""
    week: Week = ""
    seen: Seen = 0


class PhaseChange(RequestModel):
    """Enter a phase, with what it wants filled in."""

    phase: Short
    comment: Long = ""
    fields: dict[Short, Long] = {}
    seen: Seen = 0


class Plan(RequestModel):
    """Plan for a release; the current one where none is named."""

    release: ReleaseId = ""
    week: Week = ""
    seen: Seen = 0


class Slip(RequestModel):
    """Move to a later release, the next one where none is named; the contact reads why."""

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
    """A release that can be planned for: from its first day to its last, and that one's week."""

    release: str
    starts: date
    ends: date
    week: str


class ComingReleases(BaseModel):
    """The releases to come, the current one first."""

    releases: list[ComingRelease]
