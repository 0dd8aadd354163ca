"""Volumes, backlog and ratings over the API: as JSON or CSV."""

from datetime import datetime
from typing import Annotated

from case_definition.lookup import Definition
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from case_portal.cases.routes import PortalHere, Reader, allowed, bearer, cookie
from case_portal.core.principal import Principal
from case_portal.core.zones import zone_of
from case_portal.reports.routes import AS_CSV, csv_of, wants_csv
from case_portal.volumes import service as counting
from case_portal.volumes.schemas import BacklogQuery, CaseQuery
from case_portal.volumes.service import AGES, OpenSelection, Selection
from case_portal.web.portal import Portal
from case_portal.web.problems import documented

router = APIRouter(
    prefix="/api/v1/reports",
    tags=["reports"],
    responses=documented(400, 401, 404, 422, 503),
    dependencies=[Depends(bearer), Depends(cookie)],
)
BANDS = (*(f"under_{days}_days" for days in AGES), f"{AGES[-1]}_days_and_more")
"""How the bands of age are called; each begins where the one before ends."""


class VolumeModel(BaseModel):
    """How often cases of a group came in, were solved, closed and opened again."""

    group: dict[str, str]
    came: int
    solved: int
    closed: int
    reopened: int


class VolumeReport(BaseModel):
    """What happened to cases in a period."""

    since: datetime
    until: datetime
    lines: list[VolumeModel]


class BacklogModel(BaseModel):
    """The open cases of a group, by age; `oldest` is when the oldest of them came in."""

    group: dict[str, str]
    total: int
    ages: dict[str, int]
    oldest: datetime


class BacklogReport(BaseModel):
    """What is open at a moment, the groups with the oldest cases first."""

    at: datetime
    lines: list[BacklogModel]


class RatedModel(BaseModel):
    """The ratings of a group: the mean is exactly `stars` divided by `cases`, and `mean` that to
    two places, never rounded up."""

    group: dict[str, str]
    cases: int
    stars: int
    mean: str


class RatingReport(BaseModel):
    """The last ratings of cases, of those that were given in a period."""

    since: datetime
    until: datetime
    lines: list[RatedModel]


@router.get("/volumes", responses=AS_CSV, response_model=VolumeReport)
async def read_volumes(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[CaseQuery, Query()]
) -> VolumeReport | Response:
    """How many cases came in, were solved, closed and opened again, for agents and auditors."""
    definition = _definition(portal, reader)
    selection = query.selection(reader.tenant, zone_of(definition), portal.now())
    found = allowed(await counting.volumes(portal.counts, reader, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.came, one.solved, one.closed, one.reopened] for one in found]
        return csv_of((*selection.by, "came", "solved", "closed", "reopened"), rows)
    lines = [volume_model(one, selection) for one in found]
    return VolumeReport(since=selection.since, until=selection.until, lines=lines)


@router.get("/backlog", responses=AS_CSV, response_model=BacklogReport)
async def read_backlog(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[BacklogQuery, Query()]
) -> BacklogReport | Response:
    """What is open, or was at a moment, by age, for agents and auditors."""
    selection = query.selection(reader.tenant, portal.now())
    definition = _definition(portal, reader)
    found = allowed(await counting.backlog(portal.counts, reader, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.total, *one.ages, one.oldest] for one in found]
        return csv_of((*selection.by, "total", *BANDS, "oldest"), rows)
    return BacklogReport(at=selection.at, lines=[backlog_model(one, selection) for one in found])


@router.get("/ratings", responses=AS_CSV, response_model=RatingReport)
async def read_ratings(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[CaseQuery, Query()]
) -> RatingReport | Response:
    """How contacts rated their cases, for agents and auditors."""
    definition = _definition(portal, reader)
    selection = query.selection(reader.tenant, zone_of(definition), portal.now())
    found = allowed(await counting.ratings(portal.counts, reader, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.cases, one.stars, one.mean] for one in found]
        return csv_of((*selection.by, "cases", "stars", "mean"), rows)
    lines = [rated_model(one, selection) for one in found]
    return RatingReport(since=selection.since, until=selection.until, lines=lines)


def volume_model(line: counting.Volume, selection: Selection) -> VolumeModel:
    """A line as the API tells it."""
    return VolumeModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        came=line.came,
        solved=line.solved,
        closed=line.closed,
        reopened=line.reopened,
    )


def backlog_model(line: counting.Backlog, selection: OpenSelection) -> BacklogModel:
    """A line as the API tells it."""
    return BacklogModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        total=line.total,
        ages=dict(zip(BANDS, line.ages, strict=True)),
        oldest=line.oldest,
    )


def rated_model(line: counting.Rated, selection: Selection) -> RatedModel:
    """A line as the API tells it."""
    return RatedModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        cases=line.cases,
        stars=line.stars,
        mean=line.mean,
    )


def _definition(portal: Portal, reader: Principal) -> Definition:
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    return definition
