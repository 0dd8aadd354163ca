"""The schemas of the reports that count cases in the API."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from case_portal.volumes.service import (
    ALWAYS,
    CASE_DIMENSIONS,
    FIELD,
    OPEN_DIMENSIONS,
    OpenSelection,
    Selection,
)
from case_portal.web.periods import Moment, Text, Written, period

NARROWED = ALWAYS
OR_A_FIELD = f"or {FIELD}<name>, a choice that agents see"
FIELD_NAME = r"fields\.[A-Za-z][A-Za-z0-9_]*"
CaseGroup = Annotated[str, Field(pattern=f"^({'|'.join(CASE_DIMENSIONS)}|{FIELD_NAME})$")]
OpenGroup = Annotated[str, Field(pattern=f"^({'|'.join(OPEN_DIMENSIONS)}|{FIELD_NAME})$")]
OF_CASES = f"{', '.join(CASE_DIMENSIONS)}, {OR_A_FIELD}."
OF_OPEN = f"{', '.join(OPEN_DIMENSIONS)}, {OR_A_FIELD}."
"""The groups of a report, for people. The choice fields of a tenant are looked up for each
request."""


class Narrowed(BaseModel):
    """Filters: only cases with one of the named values."""

    model_config = ConfigDict(extra="forbid")

    customer: Text = []
    case_type: Text = []
    priority: Text = []
    channel: Text = []
    team: Text = []
    agent: Text = []
    format: Literal["json", "csv"] = "json"

    def only(self) -> dict[str, tuple[str, ...]]:
        """The named values, by dimension."""
        named = {name: tuple(getattr(self, name)) for name in NARROWED}
        return {name: values for name, values in named.items() if values}


class VolumeQuery(Narrowed):
    """The period to count. Plain dates begin in the time zone of the tenant."""

    since: Moment = Field(None, description="From when on it happened; the first of this month.")
    until: Moment = Field(None, description="Before when it happened, a date not included; now.")
    by: list[CaseGroup] = Field([], max_length=5, description=OF_CASES)

    def selection(self, tenant: str, zone: ZoneInfo, now: datetime) -> Selection:
        """The cases of a tenant to count."""
        since, until = period(self.since, self.until, zone, now)
        return Selection(
            tenant=tenant,
            since=since,
            until=until,
            by=tuple(dict.fromkeys(self.by)),
            only=self.only(),
            zone=zone.key,
        )


class BacklogQuery(Narrowed):
    """The time of the backlog; now by default."""

    at: Annotated[AwareDatetime, Written] | None = Field(
        None, description="What was open then; what is open now. Statuses are those of now."
    )
    by: list[OpenGroup] = Field(["status"], max_length=5, description=OF_OPEN)

    def selection(self, tenant: str, now: datetime) -> OpenSelection:
        """The open cases of a tenant to count."""
        return OpenSelection(
            tenant=tenant,
            at=self.at or now,
            by=tuple(dict.fromkeys(self.by)),
            only=self.only(),
        )


class VolumeModel(BaseModel):
    """How often cases of a group came in, were solved, closed and reopened."""

    group: dict[str, str]
    came: int
    solved: int
    closed: int
    reopened: int


class VolumeReport(BaseModel):
    """The volumes of a period."""

    since: datetime
    until: datetime
    lines: list[VolumeModel]


class BacklogModel(BaseModel):
    """The open cases of a group, by age; `oldest` is the time at which the oldest of them came
    in."""

    group: dict[str, str]
    total: int
    ages: dict[str, int]
    oldest: datetime


class BacklogReport(BaseModel):
    """The open cases at a time, the groups with the oldest cases first."""

    at: datetime
    lines: list[BacklogModel]


class RatedModel(BaseModel):
    """The ratings of a group. The mean is exactly `stars` divided by `cases`; `mean` has two
    decimals, never rounded up."""

    group: dict[str, str]
    cases: int
    stars: int
    mean: str


class RatingReport(BaseModel):
    """The last ratings of cases, of the ratings that were given in a period."""

    since: datetime
    until: datetime
    lines: list[RatedModel]
