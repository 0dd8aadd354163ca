"""The schemas of reports, for the API and the page."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from case_portal.reports.service import Dimension, Question
from case_portal.web.periods import Moment, Text, Written, left_out, period

MOST_BREACHES = 1000


class ReportQuery(BaseModel):
    """Which cycles to count, and by which groups. Plain dates begin in the time zone of the
    tenant."""

    model_config = ConfigDict(extra="forbid")

    since: Moment = Field(
        None, description="From when on something was decided; the first of this month."
    )
    until: Moment = Field(None, description="Before when it was decided, a date not included; now.")
    as_of: Annotated[AwareDatetime, Written] | None = Field(
        None, description="What was known then; what is known now."
    )
    by: list[Dimension] = Field(["target"], min_length=1, max_length=5)
    target: Text = []
    customer: Text = []
    agreement: Text = []
    case_type: Text = []
    priority: Text = []
    team: Text = []
    agent: Text = []
    month: Text = []
    week: Text = []
    day: Text = []
    promised: list[float] = Field([], description="Only lines of this promised share.")
    format: Literal["json", "csv"] = "json"

    def question(self, tenant: str, zone: ZoneInfo, now: datetime) -> Question:
        """The question for the reports of a tenant."""
        since, until = period(self.since, self.until, zone, now)
        names: tuple[Dimension, ...] = (
            "target", "customer", "agreement", "case_type", "priority", "team", "agent",
            "month", "week", "day",
        )  # fmt: skip
        return Question(
            tenant=tenant,
            since=since,
            until=until,
            as_of=self.as_of or now,
            by=tuple(dict.fromkeys(self.by)),
            only={name: tuple(getattr(self, name)) for name in names if getattr(self, name)},
            zone=zone.key,
        )


class ReportForm(ReportQuery):
    """The same query, as the form of the page sends it."""

    since: Annotated[Moment, BeforeValidator(left_out)] = None
    until: Annotated[Moment, BeforeValidator(left_out)] = None


class AttainedModel(BaseModel):
    """One group. `kept` of `total` is its share; `promised` is the share to compare it with."""

    group: dict[str, str]
    promised: float
    kept: int
    missed: int
    unanswered: int
    total: int
    share: str
    is_kept: bool


class AttainmentReport(BaseModel):
    """The attainment in a period, as it was known at a time."""

    since: datetime
    until: datetime
    as_of: datetime
    lines: list[AttainedModel]


class HeldModel(BaseModel):
    """Counted time, in microseconds, in one status and with one person or team."""

    hands: str
    status: str
    counted: int


class BreachModel(BaseModel):
    """A missed target: the cause, the division of its time, and the time of a late answer."""

    reference: str
    target: str
    cycle: int
    due: datetime
    answered_at: datetime | None
    late: int | None
    cause: str
    held: list[HeldModel]
    customer: str
    agreement: str
    case_type: str
    priority: str
    team: str
    agent: str


class BreachReport(BaseModel):
    """The breaches of a period, earliest first. `more` is true if there are more than these."""

    since: datetime
    until: datetime
    as_of: datetime
    breaches: list[BreachModel]
    more: bool
