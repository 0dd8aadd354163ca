"""The schemas of the report of topics in the API."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from case_portal.topics.service import TopicDimension, TopicQuestion
from case_portal.web.periods import Moment, Text, period


class TopicQuery(BaseModel):
    """Which cases to count by topic, and by which other groups. Dates begin in the tenant's time
    zone."""

    model_config = ConfigDict(extra="forbid")

    since: Moment = Field(None, description="From when on cases came in; the first of this month.")
    until: Moment = Field(None, description="Before when they came in, a date not included; now.")
    by: list[TopicDimension] = Field([], max_length=5)
    customer: Text = []
    case_type: Text = []
    format: Literal["json", "csv"] = "json"

    def question(self, tenant: str, field: str, zone: ZoneInfo, now: datetime) -> TopicQuestion:
        """The question for the topics of a tenant."""
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


class TopicModel(BaseModel):
    """A topic within a group: its cases, the contacts who sent them, and the articles on it.

    `topic` is empty for cases without a topic.
    """

    topic: str
    name: str
    group: dict[str, str]
    cases: int
    contacts: int
    articles: int


class TopicReport(BaseModel):
    """The topics of the cases of a period, most reported first."""

    since: datetime
    until: datetime
    lines: list[TopicModel]
