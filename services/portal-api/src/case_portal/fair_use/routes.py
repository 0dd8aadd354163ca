"""What customers used of what their agreement allows, over the API: as JSON or CSV."""

from datetime import datetime
from typing import Annotated, Literal

from case_definition.lookup import Definition
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from case_portal.cases.routes import PortalHere, Reader, allowed, bearer, cookie
from case_portal.core.zones import zone_of
from case_portal.fair_use.service import Used, fair_use
from case_portal.reports.routes import AS_CSV, csv_of, wants_csv
from case_portal.reports.schemas import Moment, Text, period
from case_portal.web.problems import documented

router = APIRouter(
    prefix="/api/v1/reports",
    tags=["reports"],
    responses=documented(400, 401, 404, 422, 503),
    dependencies=[Depends(bearer), Depends(cookie)],
)


class FairUseQuery(BaseModel):
    """Which periods to tell. Plain dates begin in the zone of the tenant."""

    model_config = ConfigDict(extra="forbid")

    since: Moment = Field(
        None, description="A moment in the first period to tell; the first of this month."
    )
    until: Moment = Field(None, description="A moment in the last period to tell; now.")
    customer: Text = []
    format: Literal["json", "csv"] = "json"


class UsedModel(BaseModel):
    """What a customer used of one allowance in one period (`2026-03`, `2026-Q1` or `2026`)."""

    customer: str
    name: str
    title: str
    period: str
    counted: int
    allowed: int
    left: int
    over: int


class FairUseReport(BaseModel):
    """Each allowance of each customer, in the periods in which something counted and the last."""

    since: datetime
    until: datetime
    lines: list[UsedModel]


@router.get("/fair-use", responses=AS_CSV, response_model=FairUseReport)
async def read_fair_use(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[FairUseQuery, Query()]
) -> FairUseReport | Response:
    """What was counted, allowed, is left or went past it, for agents and auditors."""
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    since, until = period(query.since, query.until, zone_of(definition), portal.now())
    found = allowed(await fair_use(portal.counts, portal.reference, reader, since, until))
    lines = [
        used_model(one, definition, reader.language)
        for one in found
        if not query.customer or one.customer in query.customer
    ]
    if wants_csv(request, query.format):
        names = list(UsedModel.model_fields)
        return csv_of(names, ([getattr(one, name) for name in names] for one in lines))
    return FairUseReport(since=since, until=until, lines=lines)


def used_model(one: Used, definition: Definition, language: str) -> UsedModel:
    """A line as the API tells it."""
    return UsedModel(
        customer=one.customer,
        name=one.name,
        title=definition.name_of("fair_use", one.name, language),
        period=one.period,
        counted=one.counted,
        allowed=one.allowed,
        left=one.left,
        over=one.over,
    )
