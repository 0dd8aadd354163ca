"""The clocks of a case over the API, with the explanation of their values."""

from functools import partial
from typing import Annotated, Any

from case_clocks.wording import ExplanationFormatter, InstantFormatter, as_document
from case_definition.calendar.instants import instant_of
from case_events.contracts.commands import RequestAssessment
from case_events.contracts.parts import WrittenContent
from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from case_portal.clocks.service import explained
from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.web.dependencies import (
    CurrentPrincipal,
    SiteHere,
    allowed,
    reading_router,
    visible_case,
)
from case_portal.web.periods import Written
from case_portal.web.schemas import Long

reading = reading_router(400, 401, 404, 422, 503)
commands = command_router(400, 401, 404, 422, 503)


class Explained(BaseModel):
    """Each cycle of each target: a sentence, the counted time interval by interval, the people who
    had the case, the recorded events, and whether these agree with the result of the history.
    `sentence`, `length` and `clocks` are in the reader's language; everything else is the same in
    each language."""

    reference: str
    clocks: list[dict[str, Any]]


class Doubt(BaseModel):
    """The reason why the priority should change."""

    text: Long = Field(min_length=1)
    seen: int = Field(0, ge=0, le=2**53)


@reading.get("/cases/{reference}/clocks", tags=["cases"])
async def read_clocks(
    reference: str,
    request: Request,
    site: SiteHere,
    principal: CurrentPrincipal,
    at: Annotated[
        Annotated[AwareDatetime, Written] | None,
        Query(description="As it was known then; as it is known now."),
    ] = None,
) -> Explained:
    """Why each target was met or missed, or will be, in your language. For agents and auditors."""
    case = await visible_case(request, principal, reference)
    instant = instant_of(at or site.now())
    found = allowed(
        await explained(site.cases(principal), site.reference, principal, case, instant)
    )
    named = partial(case.definition.name_of, language=principal.language)
    clocks = [
        as_document(
            one,
            ExplanationFormatter(
                principal.language, InstantFormatter(one.zone, principal.language), named
            ),
        )
        for one in found
    ]
    return Explained(reference=case.view.reference, clocks=clocks)


@commands.post("/cases/{reference}/assessment-requests", tags=["commands"], responses=ASKED)
async def request_assessment(ask: Ask, form: Doubt) -> CommandState:
    """Request a new assessment of the priority, if the definition allows you to."""
    return await ask.ask(RequestAssessment(personal=WrittenContent(text=form.text), seen=form.seen))
