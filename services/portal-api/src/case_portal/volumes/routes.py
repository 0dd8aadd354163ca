"""Volumes, backlog and ratings over the API: as JSON or CSV."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.core.zones import zone_of
from case_portal.volumes import service as counting
from case_portal.volumes.schemas import (
    BacklogQuery,
    BacklogReport,
    RatingReport,
    VolumeQuery,
    VolumeReport,
)
from case_portal.volumes.serializers import BANDS, backlog_model, rated_model, volume_model
from case_portal.volumes.service import CaseCounts
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, port, reading_router
from case_portal.web.tables import AS_CSV, csv_of, wants_csv

router = reading_router(400, 401, 404, 422, 503, prefix="/reports", tags=["reports"])

CountsHere = Annotated[PerPrincipal[CaseCounts], port("counts")]


@router.get("/volumes", responses=AS_CSV, response_model=VolumeReport)
async def read_volumes(
    request: Request,
    site: SiteHere,
    counts: CountsHere,
    principal: CurrentPrincipal,
    query: Annotated[VolumeQuery, Query()],
) -> VolumeReport | Response:
    """How many cases came in, were solved, closed and reopened. For agents and auditors."""
    definition = site.definition_of(principal)
    selection = query.selection(principal.tenant, zone_of(definition), site.now())
    found = allowed(await counting.volumes(counts(principal), principal, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.came, one.solved, one.closed, one.reopened] for one in found]
        return csv_of((*selection.by, "came", "solved", "closed", "reopened"), rows)
    lines = [volume_model(one, selection) for one in found]
    return VolumeReport(since=selection.since, until=selection.until, lines=lines)


@router.get("/backlog", responses=AS_CSV, response_model=BacklogReport)
async def read_backlog(
    request: Request,
    site: SiteHere,
    counts: CountsHere,
    principal: CurrentPrincipal,
    query: Annotated[BacklogQuery, Query()],
) -> BacklogReport | Response:
    """The open cases by age, now or at a given time. For agents and auditors."""
    selection = query.selection(principal.tenant, site.now())
    definition = site.definition_of(principal)
    found = allowed(await counting.backlog(counts(principal), principal, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.total, *one.ages, one.oldest] for one in found]
        return csv_of((*selection.by, "total", *BANDS, "oldest"), rows)
    return BacklogReport(at=selection.at, lines=[backlog_model(one, selection) for one in found])


@router.get("/ratings", responses=AS_CSV, response_model=RatingReport)
async def read_ratings(
    request: Request,
    site: SiteHere,
    counts: CountsHere,
    principal: CurrentPrincipal,
    query: Annotated[VolumeQuery, Query()],
) -> RatingReport | Response:
    """How contacts rated their cases. For agents and auditors."""
    definition = site.definition_of(principal)
    selection = query.selection(principal.tenant, zone_of(definition), site.now())
    found = allowed(await counting.ratings(counts(principal), principal, selection, definition))
    if wants_csv(request, query.format):
        rows = [[*one.group, one.cases, one.stars, one.mean] for one in found]
        return csv_of((*selection.by, "cases", "stars", "mean"), rows)
    lines = [rated_model(one, selection) for one in found]
    return RatingReport(since=selection.since, until=selection.until, lines=lines)
