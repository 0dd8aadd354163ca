"""The pages that links in mails open: redeem, confirm, choose, forgot, reset.

Opening a page changes nothing, because mail programs open links before people do. A refused form
shows everything that was typed except passwords.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.access.service import AccessService
from case_portal.core.problem import Problem
from case_portal.web.dependencies import OWN_FORM, SiteHere, client_of, port
from case_portal.web.problems import STATUS
from case_portal.web.rendering import public_page
from case_portal.web.site import Site

router = APIRouter(prefix="/access", include_in_schema=False)

Text = Annotated[str, Form(max_length=500)]
DIFFERENT = Problem(
    kind="invalid",
    code="different",
    field="again",
    rule="different",
    reason="Both passwords have to be the same.",
)


class Visit:
    """A person who is not logged in, on one of these pages."""

    def __init__(self, request: Request, site: Site, access: AccessService) -> None:
        self.request, self.site, self.access = request, site, access
        self.client = client_of(request)

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
        if problem is not None and problem.retry_after:
            answer.headers["Retry-After"] = str(problem.retry_after)
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
    problem: Problem | None = DIFFERENT
    if password == again:
        problem = await visit.access.choose(code, user, password, visit.client)
    if problem is not None:
        return visit.form("account", problem, code=code, user=user)
    return RedirectResponse("/login?notice=account", 303)


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
    problem: Problem | None = DIFFERENT
    if password == again:
        problem = await visit.access.reset(code, password, visit.client)
    if problem is not None:
        return visit.form("reset", problem, code=code)
    return RedirectResponse("/login?notice=password_set", 303)
