"""The pages that links in mails open: redeem, confirm, choose, forgot, reset.

Opening a page changes nothing, because mail programs open links before people do. A refused form
shows everything that was typed except passwords.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.access.devices import LASTS, read_device
from case_portal.access.problems import DIFFERENT
from case_portal.access.service import AccessService
from case_portal.core.problem import Problem
from case_portal.web.dependencies import OWN_FORM, SiteHere, client_of, port
from case_portal.web.problems import STATUS, retry_after
from case_portal.web.rendering import public_page, set_cookie
from case_portal.web.site import DEVICE, Site

router = APIRouter(prefix="/access", include_in_schema=False)

Text = Annotated[str, Form(max_length=500)]


class Visit:
    """A person who is not logged in, on one of these pages."""

    def __init__(self, request: Request, site: Site, access: AccessService) -> None:
        self.request, self.site, self.access = request, site, access
        self.client = client_of(request)
        self.device = read_device(site.secret, request.cookies.get(DEVICE, ""), site.now())

    def form(
        self, step: str, problem: Problem | None = None, code: str = "", user: str = ""
    ) -> Response:
        """The form of a step; with a `problem`, also the values that were typed before."""
        answer = public_page(
            self.request,
            self.site,
            "access.html",
            STATUS[problem.kind] if problem else 200,
            step=step,
            problem=problem,
            code=code,
            user=user,
        )
        answer.headers.update(retry_after(problem))
        return answer

    def to_log_in(self, notice: str, device: str) -> Response:
        """The log-in page, in a browser that is known from now on."""
        answer = RedirectResponse(f"/login?notice={notice}", 303)
        set_cookie(answer, self.site, DEVICE, device, LASTS)
        return answer

    def notice(self, notice: str) -> Response:
        """A page that says what happens next."""
        return public_page(self.request, self.site, "access_notice.html", notice=notice)


async def visit_of(
    request: Request, site: SiteHere, access: Annotated[AccessService, port("access")]
) -> Visit:
    """The visit of this request."""
    return Visit(request, site, access)


VisitHere = Annotated[Visit, Depends(visit_of)]


@router.get("/redeem")
async def redeem_page(visit: VisitHere) -> Response:
    """The page on which a person types the personal code of an invitation."""
    return visit.form("redeem")


@router.post("/redeem", dependencies=OWN_FORM)
async def redeem(visit: VisitHere, code: Text = "") -> Response:
    """Redeem the code, which sends the second mail."""
    problem = await visit.access.redeem(code, visit.client)
    if problem is not None:
        return visit.form("redeem", problem, code=code)
    return visit.notice("redeemed")


@router.get("/confirm")
async def confirm_page(visit: VisitHere, code: str = "") -> Response:
    """The page that the link of the second mail opens."""
    return visit.form("confirm", code=code[:100])


@router.post("/confirm", dependencies=OWN_FORM)
async def confirm(visit: VisitHere, code: Text = "") -> Response:
    """Confirm the address, and continue to the choice of a user name and password."""
    choice = await visit.access.confirm(code, visit.client)
    if isinstance(choice, Problem):
        return visit.form("confirm", choice, code=code)
    return visit.form("account", code=choice)


@router.post("/account", dependencies=OWN_FORM)
async def choose(
    visit: VisitHere,
    code: Text = "",
    user: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Make the account."""
    made: str | Problem = DIFFERENT
    if password == again:
        made = await visit.access.choose(code, user, password, visit.client, visit.device)
    if isinstance(made, Problem):
        return visit.form("account", made, code=code, user=user)
    return visit.to_log_in("account", made)


@router.get("/forgot")
async def forgot_page(visit: VisitHere) -> Response:
    """The page on which a person reports a forgotten password."""
    return visit.form("forgot")


@router.post("/forgot", dependencies=OWN_FORM)
async def forgot(visit: VisitHere, user: Text = "") -> Response:
    """The same answer for every user name."""
    problem = await visit.access.ask_reset(user, visit.client)
    if problem is not None:
        return visit.form("forgot", problem, user=user)
    return visit.notice("asked")


@router.get("/reset")
async def reset_page(visit: VisitHere, code: str = "") -> Response:
    """The page that a link to set a password opens."""
    return visit.form("reset", code=code[:100])


@router.post("/reset", dependencies=OWN_FORM)
async def reset(
    visit: VisitHere,
    code: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Set the password."""
    done: str | Problem = DIFFERENT
    if password == again:
        done = await visit.access.reset(code, password, visit.client, visit.device)
    if isinstance(done, Problem):
        return visit.form("reset", done, code=code)
    return visit.to_log_in("password_set", done)
