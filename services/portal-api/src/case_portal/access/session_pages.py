"""The pages for logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.access.service import AccessService
from case_portal.core.principal import principal_of
from case_portal.core.problem import Problem
from case_portal.web.dependencies import OWN_FORM, SiteHere, client_of, port
from case_portal.web.rendering import public_page, set_cookie
from case_portal.web.site import COOKIE, Site

router = APIRouter(include_in_schema=False)

NOTICES = ("account", "password_set")
"""Messages that the log-in page shows after an account or a password was made."""


@router.get("/login")
async def log_in_page(request: Request, site: SiteHere, next: str = "/") -> Response:
    """The log-in page."""
    return _login(request, site, next)


@router.post("/login", dependencies=OWN_FORM)
async def log_in(
    request: Request,
    site: SiteHere,
    access: Annotated[AccessService, port("access")],
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session, and continue to the page that was requested before."""
    session = await access.log_in(user, password, None, client_of(request))
    if isinstance(session, Problem) and session.retry_after:
        answer = _login(request, site, back, user, "login.attempts", 429)
        answer.headers["Retry-After"] = str(session.retry_after)
        return answer
    if isinstance(session, Problem):
        return _login(request, site, back, user, problem="login.wrong")
    if principal_of(session.account, site.reference) is None:
        return _login(request, site, back, user, problem="login.gone")
    answer = RedirectResponse(_own_path(back), 303)
    set_cookie(answer, site, COOKIE, session.token)
    return answer


@router.post("/logout", dependencies=OWN_FORM)
async def log_out(request: Request, site: SiteHere) -> Response:
    """End the session."""
    await site.accounts.log_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _login(
    request: Request,
    site: Site,
    back: str,
    user: str = "",
    problem: str = "",
    status: int = 401,
) -> Response:
    notice = request.query_params.get("notice", "")
    return public_page(
        request,
        site,
        "login.html",
        status if problem else 200,
        back=_own_path(back),
        user=user,
        problem=problem,
        notice=notice if notice in NOTICES and not problem else "",
    )


def _own_path(path: str) -> str:
    """A path of this site; the start page for any other text."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if own and path.isprintable() else "/"
