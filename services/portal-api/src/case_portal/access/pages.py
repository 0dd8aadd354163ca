"""The pages that the links in mails lead to: redeem, confirm, choose, forgot, reset.

To open one changes nothing: mail programs look at links before people do. Whoever is refused
keeps what they typed, but for passwords.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.core.problem import Problem
from case_portal.web.portal import Portal, client_of, portal_of
from case_portal.web.problems import STATUS
from case_portal.web.rendering import own_form, public_page

router = APIRouter(prefix="/access", include_in_schema=False)

PortalHere = Annotated[Portal, Depends(portal_of)]
OWN_FORM = [Depends(own_form)]
Text = Annotated[str, Form(max_length=500)]
DIFFERENT = Problem(
    kind="invalid",
    code="different",
    field="again",
    rule="different",
    reason="Both passwords have to be the same.",
)


@router.get("/redeem")
async def redeem_page(request: Request, portal: PortalHere) -> Response:
    """Where the personal code of an invitation is typed."""
    return _form(request, portal, "redeem")


@router.post("/redeem", dependencies=OWN_FORM)
async def redeem(request: Request, portal: PortalHere, code: Text = "") -> Response:
    """Redeem the code: the second mail is on its way."""
    problem = await portal.access.redeem(code, client_of(request))
    if problem is not None:
        return _form(request, portal, "redeem", problem, code=code)
    return _said(request, portal, "redeemed")


@router.get("/confirm")
async def confirm_page(request: Request, portal: PortalHere, code: str = "") -> Response:
    """Where the link of the second mail leads."""
    return _form(request, portal, "confirm", code=code[:100])


@router.post("/confirm", dependencies=OWN_FORM)
async def confirm(request: Request, portal: PortalHere, code: Text = "") -> Response:
    """Confirm the address, and go on to choose a user name and password."""
    choice = await portal.access.confirm(code, client_of(request))
    if isinstance(choice, Problem):
        return _form(request, portal, "confirm", choice, code=code)
    return _form(request, portal, "account", code=choice)


@router.post("/account", dependencies=OWN_FORM)
async def choose(
    request: Request,
    portal: PortalHere,
    code: Text = "",
    user: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Make the account."""
    problem: Problem | None = DIFFERENT
    if password == again:
        problem = await portal.access.choose(code, user, password, client_of(request))
    if problem is not None:
        return _form(request, portal, "account", problem, code=code, user=user)
    return RedirectResponse("/login?said=account", 303)


@router.get("/forgot")
async def forgot_page(request: Request, portal: PortalHere) -> Response:
    """Where somebody says that they forgot their password."""
    return _form(request, portal, "forgot")


@router.post("/forgot", dependencies=OWN_FORM)
async def forgot(request: Request, portal: PortalHere, user: Text = "") -> Response:
    """The same answer for every user name."""
    problem = await portal.access.ask_reset(user, client_of(request))
    if problem is not None:
        return _form(request, portal, "forgot", problem, user=user)
    return _said(request, portal, "asked")


@router.get("/reset")
async def reset_page(request: Request, portal: PortalHere, code: str = "") -> Response:
    """Where the link leads that sets a password."""
    return _form(request, portal, "reset", code=code[:100])


@router.post("/reset", dependencies=OWN_FORM)
async def reset(
    request: Request, portal: PortalHere, code: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Set the password."""
    problem: Problem | None = DIFFERENT
    if password == again:
        problem = await portal.access.reset(code, password, client_of(request))
    if problem is not None:
        return _form(request, portal, "reset", problem, code=code)
    return RedirectResponse("/login?said=password_set", 303)


def _form(
    request: Request,
    portal: Portal,
    step: str,
    problem: Problem | None = None,
    code: str = "",
    user: str = "",
) -> Response:
    answer = public_page(
        request,
        portal,
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


def _said(request: Request, portal: Portal, said: str) -> Response:
    return public_page(request, portal, "access_said.html", said=said)
