"""The page of reports: attainment compared with the promise, as a table and a plot."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from case_clocks.wording import span_text
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.reports.schemas import ReportForm, ReportQuery
from case_portal.reports.service import (
    DIMENSIONS,
    Attained,
    Question,
    Reports,
    attainment,
    breaches,
)
from case_portal.web.dependencies import ReaderHere, SiteHere, allowed, port
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.site import Site

router = APIRouter(prefix="/reports", include_in_schema=False)

ReportsHere = Annotated[PerPrincipal[Reports], port("reports")]
SHOWN = 200
SECTIONS = {"target": "metrics", "priority": "priorities", "case_type": "case_types",
            "team": "teams"}  # fmt: skip
BAR, GAP, WIDTH, LABEL = 18, 8, 480, 200
"""The plot, in pixels: height of a bar, space between bars, width of 100 %, room for names."""


@router.get("")
async def reports_page(
    request: Request,
    site: SiteHere,
    reports: ReportsHere,
    reader: ReaderHere,
    query: Annotated[ReportForm, Query()],
) -> Response:
    """Attainment by group."""
    question = _question(site, reader, query)
    found = allowed(await attainment(reports(reader.principal), reader.principal, question))
    lines = [line for line in found if not query.promised or line.promised in query.promised]
    rows = [_row(line, question, query, reader) for line in lines[:SHOWN]]
    return page(
        request, "reports.html", reader, question=question, rows=rows, more=len(lines) > SHOWN,
        dimensions=DIMENSIONS, bars=_bars(rows), bar=BAR, gap=GAP, width=WIDTH, label=LABEL,
        csv=f"/api/v1/reports/attainment?{_asked(question, query, format='csv')}",
        until=_last_day(question),
    )  # fmt: skip


@router.get("/breaches")
async def breaches_page(
    request: Request,
    site: SiteHere,
    reports: ReportsHere,
    reader: ReaderHere,
    query: Annotated[ReportForm, Query()],
) -> Response:
    """The cases behind a number."""
    question = _question(site, reader, query)
    found = allowed(
        await breaches(reports(reader.principal), reader.principal, question, SHOWN + 1)
    )
    return page(
        request, "breaches.html", reader, question=question, found=found[:SHOWN],
        more=len(found) > SHOWN, named=reader.named, until=_last_day(question),
        span=partial(span_text, language=reader.words.language),
        csv=f"/api/v1/reports/breaches?{_asked(question, query, format='csv')}",
    )  # fmt: skip


def _question(site: Site, reader: Reader, query: ReportQuery) -> Question:
    return query.question(reader.principal.tenant, reader.words.zone, site.now())


def _row(line: Attained, question: Question, query: ReportQuery, reader: Reader) -> dict[str, Any]:
    names = [
        reader.named(SECTIONS[by], value) if by in SECTIONS else value or "–"
        for by, value in zip(question.by, line.group, strict=True)
    ]
    only = dict(zip(question.by, line.group, strict=True))
    return {
        "names": names,
        "line": line,
        "href": f"/reports/breaches?{_asked(question, query, **only)}",
    }


def _asked(question: Question, query: ReportQuery, **more: str) -> str:
    """The query of this report, with further filters."""
    asked: dict[str, Any] = {"since": question.since.isoformat(), "by": list(question.by)}
    asked["until"] = question.until.isoformat()
    if query.as_of:
        asked["as_of"] = query.as_of.isoformat()
    asked |= {name: list(values) for name, values in question.only.items()}
    return urlencode(asked | more, doseq=True)


def _bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each group as a bar, with a mark at the promise."""
    return [
        {
            "y": place * (BAR + GAP),
            "name": " · ".join(row["names"]),
            "length": row["line"].kept * WIDTH / row["line"].total,
            "promised": row["line"].promised * WIDTH,
            "kept": row["line"].is_kept,
            "share": row["line"].share,
        }
        for place, row in enumerate(row for row in rows if row["line"].total)
    ]


def _last_day(question: Question) -> datetime:
    """The last time that is counted."""
    return question.until - timedelta(microseconds=1)
