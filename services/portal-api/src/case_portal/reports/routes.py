"""Reports over the API: attainment and breaches, as JSON or CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from case_portal.cases.routes import PortalHere, Reader, allowed, bearer, cookie
from case_portal.core.zones import zone_of
from case_portal.reports.schemas import MOST_BREACHES, ReportQuery
from case_portal.reports.service import Attained, Breach, attainment, breaches
from case_portal.web.problems import documented

router = APIRouter(
    prefix="/api/v1/reports",
    tags=["reports"],
    responses=documented(400, 401, 404, 422, 503),
    dependencies=[Depends(bearer), Depends(cookie)],
)
CSV = "text/csv; charset=utf-8"
RISKY = ("=", "+", "-", "@", "\t", "\r")
AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "JSON, or CSV where that is asked for."}
}


class AttainedModel(BaseModel):
    """One group: `kept` of `total` is its share, and `promised` what it is held against."""

    group: dict[str, str]
    promised: float
    kept: int
    missed: int
    unanswered: int
    total: int
    share: str
    is_kept: bool


class AttainmentReport(BaseModel):
    """Attainment of what was decided in a period, as it was known at a moment."""

    since: datetime
    until: datetime
    as_of: datetime
    lines: list[AttainedModel]


class HeldModel(BaseModel):
    """Counted time, in microseconds, while the case was in one status, in somebody's hands."""

    hands: str
    status: str
    counted: int


class BreachModel(BaseModel):
    """A target that was missed: why, where its time went, and when it was answered after all."""

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
    """The breaches of a period, the first first; `more` where there are more than these."""

    since: datetime
    until: datetime
    as_of: datetime
    breaches: list[BreachModel]
    more: bool


@router.get("/attainment", responses=AS_CSV, response_model=AttainmentReport)
async def read_attainment(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[ReportQuery, Query()]
) -> AttainmentReport | Response:
    """How much of what was promised was kept: exact counts by group, for agents and auditors."""
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    question = query.question(reader.tenant, zone_of(definition), portal.now())
    found = allowed(await attainment(portal.reports, reader, question))
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
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[ReportQuery, Query()]
) -> BreachReport | Response:
    """What was missed, with its cause: which stretch of time, in whose hands."""
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    question = query.question(reader.tenant, zone_of(definition), portal.now())
    found = allowed(await breaches(portal.reports, reader, question, MOST_BREACHES + 1))
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


def attained_model(line: Attained, by: Sequence[str]) -> AttainedModel:
    """A line as the API tells it."""
    return AttainedModel(
        group=dict(zip(by, line.group, strict=True)),
        promised=line.promised,
        kept=line.kept,
        missed=line.missed,
        unanswered=line.unanswered,
        total=line.total,
        share=line.share,
        is_kept=line.is_kept,
    )


def breach_model(breach: Breach) -> BreachModel:
    """A breach as the API tells it."""
    reading = breach.reading
    return BreachModel(
        reference=reading.reference,
        target=reading.target,
        cycle=reading.cycle,
        due=reading.at,
        answered_at=breach.answered_at,
        late=breach.late,
        cause=reading.cause,
        held=[HeldModel(hands=h.hands, status=h.status, counted=h.counted) for h in reading.held],
        customer=reading.customer,
        agreement=reading.agreement,
        case_type=reading.case_type,
        priority=reading.priority,
        team=reading.team,
        agent=reading.agent,
    )


def attained_cells(line: Attained) -> list[object]:
    """A line as cells."""
    return [
        *line.group, line.promised, line.kept, line.missed, line.total, line.unanswered,
        line.share, line.is_kept,
    ]  # fmt: skip


def wants_csv(request: Request, asked: str) -> bool:
    """Whether CSV was asked for, by the parameter or by what is accepted."""
    accepted = request.headers.get("accept", "")
    return asked == "csv" or accepted.split(",")[0].strip().startswith("text/csv")


def csv_of(names: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """A table as CSV (RFC 4180); what a spreadsheet would take for a formula is quoted."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return Response(written.getvalue(), media_type=CSV)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return "" if value is None else value
