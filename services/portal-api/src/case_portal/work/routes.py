"""Approvals and work over the API: requested, granted or declined, booked, corrected, and read."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.parts import WrittenContent
from case_events.contracts.work import CorrectWork, LogWork
from fastapi import Depends, File, Form, Path, Query, Request, UploadFile
from pydantic import AwareDatetime

from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, reading_router, visible_case
from case_portal.web.forms import plain
from case_portal.web.periods import Written
from case_portal.web.schemas import Long, Short
from case_portal.web.uploads import received
from case_portal.work import schemas as models
from case_portal.work.serializers import WorkAccountSerializer
from case_portal.work.service import account_of

reading = reading_router(400, 401, 404, 422, 503)
commands = command_router(400, 401, 404, 422, 503)
Number = Annotated[int, Path(ge=1, le=1_000_000)]


@reading.get("/cases/{reference}/work", tags=["work"])
async def read_work(
    reference: str,
    request: Request,
    site: SiteHere,
    principal: CurrentPrincipal,
    as_of: Annotated[
        Annotated[AwareDatetime, Written] | None,
        Query(description="As it was known then; as it is known now."),
    ] = None,
) -> models.WorkAccountResponse:
    """The account: what was approved, of which estimate, used and left; each entry of work with its
    cost and the reason; and how work would count now."""
    case = await visible_case(request, principal, reference)
    at = as_of or site.now()
    entries = await site.cases(principal).entries(case.case.id, True)
    account = account_of(entries, site.reference, case, at)
    return WorkAccountSerializer(case, account, site.reference, principal.language).response(at)


async def approval_request(
    approval: Annotated[Short, Form(min_length=1)],
    minutes: Annotated[models.Minutes, Form()],
    estimate: Annotated[models.Minutes, Form(description="Of the whole work; 0: not said.")] = 0,
    text: Annotated[Long, Form()] = "",
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
) -> RequestApproval:
    """The request for approval in a form; its amounts are in minutes."""
    return RequestApproval(
        approval=approval,
        minutes=minutes,
        estimate=estimate,
        seen=seen,
        personal=WrittenContent(text=plain(text)),
    )


Wanted = Annotated[RequestApproval, Depends(approval_request)]


@commands.post("/cases/{reference}/approvals", tags=["work"], responses=ASKED)
async def request_approval(
    ask: Ask,
    wanted: Wanted,
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Ask the contact to approve work, with an estimate and its documents."""
    return await ask.ask(wanted, await received(files))


@commands.post("/cases/{reference}/approvals/{request}/grant", tags=["work"], responses=ASKED)
async def grant(ask: Ask, request: Number, form: models.ApprovalGrant) -> CommandState:
    """Grant a request. For contacts."""
    return await ask.ask(
        GrantApproval(
            request=request,
            minutes=form.minutes,
            seen=form.seen,
            personal=WrittenContent(text=form.text),
        )
    )


@commands.post("/cases/{reference}/approvals/{request}/decline", tags=["work"], responses=ASKED)
async def decline(ask: Ask, request: Number, form: models.ApprovalDecline) -> CommandState:
    """Decline a request. For contacts."""
    words = WrittenContent(text=form.text)
    return await ask.ask(DeclineApproval(request=request, seen=form.seen, personal=words))


@commands.post("/cases/{reference}/work", tags=["work"], responses=ASKED)
async def log_work(ask: Ask, form: models.WorkLogRequest) -> CommandState:
    """Book work. Work beyond the approval is refused, and the refusal says by how much."""
    return await ask.ask(
        LogWork(
            minutes=form.minutes,
            kind=form.kind,
            began=form.began,
            seen=form.seen,
            personal=WrittenContent(text=form.text),
        )
    )


@commands.post("/cases/{reference}/work/{entry}/correction", tags=["work"], responses=ASKED)
async def correct_work(ask: Ask, entry: Number, form: models.WorkCorrectionRequest) -> CommandState:
    """Correct an entry of work, with the reason. The current rules say how it counts."""
    return await ask.ask(
        CorrectWork(
            entry=entry,
            minutes=form.minutes,
            kind=form.kind,
            began=form.began,
            seen=form.seen,
            personal=WrittenContent(text=form.text),
        )
    )
