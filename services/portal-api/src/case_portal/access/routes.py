"""Access over the API: sessions and invitations."""

from typing import Annotated

from fastapi import APIRouter, Request

from case_portal.access.schemas import InvitationRequest, InvitationResponse, LoggedIn, LogIn
from case_portal.access.service import AccessService
from case_portal.core.problem import Problem
from case_portal.web.dependencies import (
    API,
    CurrentPrincipal,
    SiteHere,
    allowed,
    bearer,
    bearer_of,
    client_of,
    port,
)
from case_portal.web.problems import ProblemError, documented

router = APIRouter(prefix=API, responses=documented(400, 422, 503))

AccessHere = Annotated[AccessService, port("access")]


@router.post("/session", tags=["session"], responses=documented(401, 429))
async def log_in(request: Request, form: LogIn, access: AccessHere) -> LoggedIn:
    """Log in. Send the token as `Authorization: Bearer`. Attempts are counted, by user name and by
    network address."""
    session = await access.log_in(form.user, form.password, form.tenant, client_of(request))
    if isinstance(session, Problem):
        raise ProblemError(session, 401 if session.kind == "forbidden" else 0)
    return LoggedIn(token=session.token, expires_at=session.expires_at)


@router.delete(
    "/session/current",
    tags=["session"],
    status_code=204,
    responses=documented(401),
    dependencies=[bearer],
)
async def log_out(request: Request, site: SiteHere, principal: CurrentPrincipal) -> None:
    """End the session of this token."""
    await site.accounts.log_out(bearer_of(request))


@router.post(
    "/invitations",
    tags=["access"],
    status_code=201,
    responses=documented(401, 403, 404, 409),
    dependencies=[bearer],
)
async def invite(
    form: InvitationRequest, access: AccessHere, principal: CurrentPrincipal
) -> InvitationResponse:
    """Invite a contact of the directory. The contact gets a mail with a link and a personal
    code."""
    invited = allowed(await access.invite(principal, form.contact))
    return InvitationResponse(contact=invited.contact, expires_at=invited.expires_at)
