"""The page of one's own account: password, sessions, API tokens."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.access.devices import LASTS, read_device
from case_portal.access.own_account import OwnAccountService
from case_portal.access.ports import TokenReach
from case_portal.access.problems import DIFFERENT
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session
from case_portal.web.dependencies import (
    OWN_FORM,
    ReaderHere,
    SessionOfPage,
    SiteHere,
    client_of,
    port,
)
from case_portal.web.problems import STATUS, retry_after
from case_portal.web.reader import Reader
from case_portal.web.rendering import page, set_cookie
from case_portal.web.site import COOKIE, DEVICE, Site

router = APIRouter(prefix="/account", include_in_schema=False)

Text = Annotated[str, Form(max_length=500)]
NOTICES = ("password_changed", "session_ended", "others_ended", "token_revoked")


class AccountVisit:
    """A person on the page of their account."""

    def __init__(
        self,
        request: Request,
        site: Site,
        reader: Reader,
        session: Session,
        account: OwnAccountService,
    ) -> None:
        self.request, self.site, self.reader = request, site, reader
        self.session, self.account = session, account
        self.client = client_of(request)

    async def page(self, problem: Problem | None = None, made: str = "") -> Response:
        """The page; with a problem of a form, or the secret of a token that was just made."""
        notice = self.request.query_params.get("notice", "")
        answer = page(
            self.request,
            "account.html",
            self.reader,
            STATUS[problem.kind] if problem else 200,
            sessions=await self.account.sessions(self.session),
            tokens=await self.account.tokens(self.session),
            present=self.session,
            problem=problem,
            made=made,
            notice=notice if notice in NOTICES and not problem and not made else "",
        )
        answer.headers.update(retry_after(problem))
        return answer

    async def done(self, problem: Problem | None, notice: str) -> Response:
        """The page again, with a notice or a problem."""
        if problem is not None:
            return await self.page(problem)
        return RedirectResponse(f"/account?notice={notice}", 303)


async def visit_of(
    request: Request,
    site: SiteHere,
    reader: ReaderHere,
    session: SessionOfPage,
    account: Annotated[OwnAccountService, port("own_account")],
) -> AccountVisit:
    """The visit of this request."""
    return AccountVisit(request, site, reader, session, account)


AccountVisitHere = Annotated[AccountVisit, Depends(visit_of)]


@router.get("")
async def account_page(visit: AccountVisitHere) -> Response:
    """The account of the reader."""
    return await visit.page()


@router.post("/password", dependencies=OWN_FORM)
async def change_password(
    visit: AccountVisitHere, old: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Change the password. This browser stays logged in, with a new session."""
    if password != again:
        return await visit.page(DIFFERENT)
    cookie = visit.request.cookies.get(DEVICE, "")
    device = read_device(visit.site.secret, cookie, visit.site.now())
    done = await visit.account.change_password(visit.session, old, password, visit.client, device)
    if isinstance(done, Problem):
        return await visit.page(done)
    opened, known = done
    answer = RedirectResponse("/account?notice=password_changed", 303)
    set_cookie(answer, visit.site, COOKIE, opened.token)
    set_cookie(answer, visit.site, DEVICE, known, LASTS)
    return answer


@router.post("/sessions/end-others", dependencies=OWN_FORM)
async def end_others(visit: AccountVisitHere) -> Response:
    """End all sessions but this one."""
    await visit.account.end_others(visit.session, visit.client)
    return await visit.done(None, "others_ended")


@router.post("/sessions/{session_id}/end", dependencies=OWN_FORM)
async def end_session(session_id: UUID, visit: AccountVisitHere) -> Response:
    """End one session."""
    problem = await visit.account.end_session(visit.session, session_id, visit.client)
    return await visit.done(problem, "session_ended")


@router.post("/tokens", dependencies=OWN_FORM)
async def issue_token(
    visit: AccountVisitHere,
    name: Text = "",
    reach: Annotated[TokenReach, Form()] = "read",
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Make an API token, and show its secret this once."""
    made = await visit.account.issue_token(visit.session, name, reach, days, visit.client)
    if isinstance(made, Problem):
        return await visit.page(made)
    return await visit.page(made=made[1])


@router.post("/tokens/{token_id}/revoke", dependencies=OWN_FORM)
async def revoke_token(token_id: UUID, visit: AccountVisitHere) -> Response:
    """Revoke an API token."""
    problem = await visit.account.revoke_token(visit.session, token_id, visit.client)
    return await visit.done(problem, "token_revoked")
