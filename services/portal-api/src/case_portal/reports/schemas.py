"""What somebody asks of a report: the same for the API and the page."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from case_portal.reports.service import Dimension, Question
from case_portal.topics.service import TopicDimension, TopicQuestion

Text = list[str]


def _left_out(given: object) -> object:
    """A field of a form that was left empty was not filled in."""
    return None if given == "" else given


_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:.*)?", re.ASCII)


def _written(given: object) -> object:
    """A date or an instant as ISO 8601 writes it; no number stands for one."""
    if isinstance(given, str) and not _WRITTEN.fullmatch(given):
        raise ValueError("write a date, 2026-03-01, or an instant, 2026-03-01T09:00:00Z")
    return given


Written = BeforeValidator(_written)
Moment = Annotated[date | AwareDatetime, Written] | None
MOST_BREACHES = 1000


class ReportQuery(BaseModel):
    """Which cycles to count, and by what. Plain dates begin in the zone of the tenant."""

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
        """The question that a tenant's reports are asked."""
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
    """The same, as the form of the page sends it."""

    since: Annotated[Moment, BeforeValidator(_left_out)] = None
    until: Annotated[Moment, BeforeValidator(_left_out)] = None


class TopicQuery(BaseModel):
    """Which cases to count by topic, and by what else. Dates begin in the zone of the tenant."""

    model_config = ConfigDict(extra="forbid")

    since: Moment = Field(None, description="From when on cases came in; the first of this month.")
    until: Moment = Field(None, description="Before when they came in, a date not included; now.")
    by: list[TopicDimension] = Field([], max_length=5)
    customer: Text = []
    case_type: Text = []
    format: Literal["json", "csv"] = "json"

    def question(self, tenant: str, field: str, zone: ZoneInfo, now: datetime) -> TopicQuestion:
        """The question that the topics of a tenant are asked."""
        since, until = period(self.since, self.until, zone, now)
        only = {"customer": tuple(self.customer), "case_type": tuple(self.case_type)}
        return TopicQuestion(
            tenant=tenant,
            field=field,
            since=since,
            until=until,
            by=tuple(dict.fromkeys(self.by)),
            only={name: values for name, values in only.items() if values},
            zone=zone.key,
        )


def period(
    since: date | datetime | None, until: date | datetime | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime]:
    first = now.astimezone(zone).date().replace(day=1)
    return _instant(since or first, zone), _instant(until, zone) if until else now


def _instant(given: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(given, datetime):
        return given
    return datetime.combine(given, time(), zone)
