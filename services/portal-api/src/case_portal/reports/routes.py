"""Reports over the API: attainment and breaches, as JSON or CSV."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.core.zones import zone_of
from case_portal.reports.schemas import (
    MOST_BREACHES,
    AttainmentReport,
    BreachModel,
    BreachReport,
    ReportQuery,
)
from case_portal.reports.serializers import attained_cells, attained_model, breach_model
from case_portal.reports.service import Reports, attainment, breaches
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, port, reading_router
from case_portal.web.tables import AS_CSV, csv_of, wants_csv

router = reading_router(400, 401, 404, 422, 503, prefix="/reports", tags=["reports"])

ReportsHere = Annotated[PerPrincipal[Reports], port("reports")]


@router.get("/attainment", responses=AS_CSV, response_model=AttainmentReport)
async def read_attainment(
    request: Request,
    site: SiteHere,
    reports: ReportsHere,
    principal: CurrentPrincipal,
    query: Annotated[ReportQuery, Query()],
) -> AttainmentReport | Response:
    """How many promises were kept: exact counts by group. For agents and auditors."""
    definition = site.definition_of(principal)
    question = query.question(principal.tenant, zone_of(definition), site.now())
    found = allowed(await attainment(reports(principal), principal, question))
    lines = [line for line in found if not query.promised or line.promised in query.promised]
    if wants_csv(request, query.format):
        return csv_of(
            (*question.by, "promised", "kept", "missed", "total", "unanswered", "share", "is_kept"),
            (attained_cells(line) for line in lines),
        )
    return AttainmentReport(
        since=question.since,
        until=question.until,
        as_of=question.as_of,
        lines=[attained_model(line, question.by) for line in lines],
    )


@router.get("/breaches", responses=AS_CSV, response_model=BreachReport)
async def read_breaches(
    request: Request,
    site: SiteHere,
    reports: ReportsHere,
    principal: CurrentPrincipal,
    query: Annotated[ReportQuery, Query()],
) -> BreachReport | Response:
    """The missed targets, with their causes: which time was lost, and who had the case."""
    definition = site.definition_of(principal)
    question = query.question(principal.tenant, zone_of(definition), site.now())
    found = allowed(await breaches(reports(principal), principal, question, MOST_BREACHES + 1))
    shown = [breach_model(breach) for breach in found[:MOST_BREACHES]]
    if wants_csv(request, query.format):
        names = [name for name in BreachModel.model_fields if name != "held"]
        return csv_of(
            (*names, "held_most_by", "held_most_in"),
            (
                [*(getattr(one, name) for name in names),
                 one.held[0].hands if one.held else "", one.held[0].status if one.held else ""]
                for one in shown
            ),
        )  # fmt: skip
    return BreachReport(
        since=question.since,
        until=question.until,
        as_of=question.as_of,
        breaches=shown,
        more=len(found) > MOST_BREACHES,
    )
