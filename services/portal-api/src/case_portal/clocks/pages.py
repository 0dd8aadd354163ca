"""The page that explains the clocks of a case, minute by minute, for agents and auditors."""

from datetime import datetime
from functools import partial
from typing import Annotated

from case_clocks.wording import COLUMNS, ExplanationFormatter
from case_definition.calendar.instants import instant_of, utc
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from case_portal.clocks.service import explained
from case_portal.web.dependencies import ReaderHere, SiteHere, allowed, visible_case
from case_portal.web.periods import Written
from case_portal.web.reader import Reader
from case_portal.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/cases/{reference}/why")
async def why_page(
    request: Request,
    reference: str,
    site: SiteHere,
    reader: ReaderHere,
    at: Annotated[Annotated[AwareDatetime, Written] | None, Query()] = None,
) -> Response:
    """Each target with its counted time, interval by interval."""
    principal = reader.principal
    case = await visible_case(request, principal, reference)
    instant = instant_of(at or site.now())
    found = allowed(
        await explained(
            site.cases(reader.principal), site.reference, reader.principal, case, instant
        )
    )
    named = partial(case.definition.name_of, language=reader.words.language)
    telling = ExplanationFormatter(reader.words.language, partial(_exact, reader), named)
    return page(
        request, "why.html", reader, view=case.view, found=found, telling=telling, columns=COLUMNS
    )


def _exact(reader: Reader, at: int | None) -> str:
    """A time with its seconds, if it has any."""
    if at is None:
        return "–"
    moment: datetime = utc(at).astimezone(reader.words.zone)
    rest = f"{moment:%S}.{moment.microsecond:06}".rstrip("0").rstrip(".")
    text = reader.words.exact(utc(at))
    return text if rest in ("00", "") else f"{text}:{rest}"
