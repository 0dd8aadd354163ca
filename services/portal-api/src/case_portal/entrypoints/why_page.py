"""Why the clocks of a case say what they say: minute by minute, for agents and auditors."""

import re
from datetime import datetime
from typing import Annotated

from case_clocks.explanation import Explanation
from case_clocks.wording import length_text, span_text
from case_definition.calendar.instants import instant_of, utc
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from case_portal.application.explaining import explained
from case_portal.application.problem import Problem
from case_portal.application.reading import open_case
from case_portal.entrypoints.lines import Teller
from case_portal.entrypoints.portal import Portal, portal_of
from case_portal.entrypoints.problems import Stop
from case_portal.entrypoints.rendering import Reader, page, reader_of
from case_portal.entrypoints.report_query import Written

router = APIRouter(include_in_schema=False)

_BY = re.compile(r"(paused|resolved) by (\w+) \((version \d+)\)")


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
    return page(
        request, "why.html", reader, view=case.view, found=found, named=teller.named,
        span=span_text, length=length_text, reason=lambda why: _reason(reader, teller, why),
        exact=lambda at: _exact(reader, at), said=lambda one: _said(reader, one),
    )  # fmt: skip


def _exact(reader: Reader, at: int) -> str:
    """A moment with its seconds, where it has any."""
    moment: datetime = utc(at).astimezone(reader.words.zone)
    rest = f"{moment:%S}.{moment.microsecond:06}".rstrip("0").rstrip(".")
    told = reader.words.exact(utc(at))
    return told if rest in ("00", "") else f"{told}:{rest}"


def _said(reader: Reader, one: Explanation) -> str:
    """How a cycle stands, in one sentence."""
    words, left = reader.words, span_text(abs(one.left))
    if one.missed is not None:
        key = "why.answered" if one.end is not None else "why.missed"
        return words.text(key, due=_exact(reader, one.missed), late=left)
    if one.state == "excluded":
        return words.text("why.excluded")
    if one.end is not None:
        return words.text("why.met", at=_exact(reader, one.end), left=left)
    if one.due is None:
        return words.text("why.rests", left=left)
    return words.text("why.runs", due=_exact(reader, one.due), left=left)


def _reason(reader: Reader, teller: Teller, why: str) -> str:
    """Why a stretch counts or does not, in the reader's words; holidays and pauses by name."""
    found = _BY.fullmatch(why)
    if found:
        status = teller.named("statuses", found[2])
        return reader.words.text(f"why.{found[1]}", status=status, version=found[3].split()[1])
    if why.startswith("holiday "):
        return reader.words.text("why.holiday", name=why.removeprefix("holiday "))
    key = f"why.{why.partition(' ')[0].rstrip(',')}"
    return reader.words.text(key) if reader.words.has(key) else why
