"""The report of fair use over the API, as JSON or CSV."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.core.zones import zone_of
from case_portal.fair_use.schemas import FairUseQuery, FairUseReport, UsedModel
from case_portal.fair_use.serializers import used_model
from case_portal.fair_use.service import fair_use
from case_portal.volumes.service import CaseCounts
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, port, reading_router
from case_portal.web.periods import period
from case_portal.web.tables import AS_CSV, csv_of, wants_csv

router = reading_router(400, 401, 404, 422, 503, prefix="/reports", tags=["reports"])


@router.get("/fair-use", responses=AS_CSV, response_model=FairUseReport)
async def read_fair_use(
    request: Request,
    site: SiteHere,
    counts: Annotated[PerPrincipal[CaseCounts], port("counts")],
    principal: CurrentPrincipal,
    query: Annotated[FairUseQuery, Query()],
) -> FairUseReport | Response:
    """The counted and allowed numbers, and what is left or exceeded. For agents and auditors."""
    definition = site.definition_of(principal)
    since, until = period(query.since, query.until, zone_of(definition), site.now())
    found = allowed(await fair_use(counts(principal), site.reference, principal, since, until))
    lines = [
        used_model(one, definition, principal.language)
        for one in found
        if not query.customer or one.customer in query.customer
    ]
    if wants_csv(request, query.format):
        names = list(UsedModel.model_fields)
        return csv_of(names, ([getattr(one, name) for name in names] for one in lines))
    return FairUseReport(since=since, until=until, lines=lines)
