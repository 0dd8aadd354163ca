"""Why the clocks of a case say what they say: minute by minute, for agents and auditors."""

from datetime import datetime
from functools import partial
from typing import Annotated

from case_clocks.wording import COLUMNS, Telling
from case_definition.calendar.instants import instant_of, utc
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from case_portal.cases.timeline import Teller
from case_portal.clocks.service import explained
from case_portal.core.problem import Problem
from case_portal.read_model.reading import open_case
from case_portal.reports.schemas import Written
from case_portal.web.portal import Portal, portal_of
from case_portal.web.problems import Stop
from case_portal.web.rendering import Reader, page, reader_of

router = APIRouter(include_in_schema=False)


@router.get("/cases/{reference}/why")
async def why_page(
    request: Request,
    reference: str,
    portal: Annotated[Portal, Depends(portal_of)],
    reader: Annotated[Reader, Depends(reader_of)],
    at: Annotated[Annotated[AwareDatetime, Written] | None, Query()] = None,
) -> Response:
    """Each target with its time, stretch by stretch."""
    case = await open_case(portal.cases, portal.reference, reader.principal, reference)
    if isinstance(case, Problem):
        raise Stop(case)
    instant = instant_of(at or portal.now())
    found = await explained(portal.cases, portal.reference, reader.principal, case, instant)
    if isinstance(found, Problem):
        raise Stop(found)
    teller = Teller(reader.words, case.definition, portal.reference)
    telling = Telling(reader.words.language, partial(_exact, reader), teller.named)
    return page(
        request, "why.html", reader, view=case.view, found=found, telling=telling, columns=COLUMNS
    )


def _exact(reader: Reader, at: int | None) -> str:
    """A moment with its seconds, where it has any."""
    if at is None:
        return "–"
    moment: datetime = utc(at).astimezone(reader.words.zone)
    rest = f"{moment:%S}.{moment.microsecond:06}".rstrip("0").rstrip(".")
    told = reader.words.exact(utc(at))
    return told if rest in ("00", "") else f"{told}:{rest}"
