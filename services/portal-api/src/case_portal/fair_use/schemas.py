"""The schemas of the report of fair use in the API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from case_portal.web.periods import Moment, Text


class FairUseQuery(BaseModel):
    """The periods to report. Plain dates begin in the time zone of the tenant."""

    model_config = ConfigDict(extra="forbid")

    since: Moment = Field(
        None, description="A moment in the first period to tell; the first of this month."
    )
    until: Moment = Field(None, description="A moment in the last period to tell; now.")
    customer: Text = []
    format: Literal["json", "csv"] = "json"


class UsedModel(BaseModel):
    """The use of a customer of one allowance in one period (`2026-03`, `2026-Q1` or `2026`)."""

    customer: str
    name: str
    title: str
    period: str
    counted: int
    allowed: int
    left: int
    over: int


class FairUseReport(BaseModel):
    """Each allowance of each customer, in the periods with a counted case, and in the last
    period."""

    since: datetime
    until: datetime
    lines: list[UsedModel]
