"""Access over the API: sessions and invitations."""

from typing import Annotated

from fastapi import APIRouter, Request

from case_portal.access.log_ins import LogInForm, LogInService
from case_portal.access.schemas import InvitationRequest, InvitationResponse, LoggedIn, LogIn
from case_portal.access.service import AccessService
from case_portal.core.problem import Problem
from case_portal.web.dependencies import (
    API,
    CurrentPrincipal,
    OwnSession,
    allowed,
    bearer,
    bearer_of,
    client_of,
    port,
)
from case_portal.web.problems import ProblemError, documented
from case_portal.web.site import DEVICE

router = APIRouter(prefix=API, responses=documented(400, 422, 503))

LogInsHere = Annotated[LogInService, port("log_ins")]
AccessHere = Annotated[AccessService, port("access")]


@router.post("/session", tags=["session"], responses=documented(401, 429))
async def log_in(request: Request, form: LogIn, log_ins: LogInsHere) -> LoggedIn:
    """Log in. Send the token as `Authorization: Bearer`. Attempts are counted, by account and by
    network address."""
    asked = LogInForm(
        user=form.user,
        password=form.password,
        tenant=form.tenant,
        device=request.cookies.get(DEVICE, ""),
    )
    found = await log_ins.log_in(asked, client_of(request))
    if isinstance(found, Problem):
        raise ProblemError(found, 401 if found.kind == "forbidden" else 0)
    return LoggedIn(token=found.session.token, expires_at=found.session.expires_at)


@router.delete(
    "/session/current",
    tags=["session"],
    status_code=204,
    responses=documented(401),
    dependencies=[bearer],
)
async def log_out(request: Request, log_ins: LogInsHere, session: OwnSession) -> None:
    """End the session of this token."""
    await log_ins.log_out(bearer_of(request), client_of(request))


@router.post(
    "/invitations",
    tags=["access"],
    status_code=201,
    responses=documented(401, 403, 404, 409),
    dependencies=[bearer],
)
async def invite(
    request: Request, form: InvitationRequest, access: AccessHere, principal: CurrentPrincipal
) -> InvitationResponse:
    """Invite a contact of the directory. The contact gets a mail with a link and a personal
    code."""
    invited = allowed(await access.invite(principal, form.contact, client_of(request)))
    return InvitationResponse(contact=invited.contact, expires_at=invited.expires_at)
