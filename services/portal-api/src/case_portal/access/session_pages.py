"""The pages for logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from case_portal.access import problems
from case_portal.access.devices import LASTS
from case_portal.access.log_ins import LogInForm, LogInService
from case_portal.core.problem import Problem
from case_portal.web.dependencies import OWN_FORM, SiteHere, client_of, port
from case_portal.web.problems import retry_after
from case_portal.web.rendering import public_page, set_cookie
from case_portal.web.site import COOKIE, DEVICE, Site

router = APIRouter(include_in_schema=False)

LogInsHere = Annotated[LogInService, port("log_ins")]

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
    log_ins: LogInsHere,
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session in place of that of this browser, and continue to the page that was requested
    before."""
    form = LogInForm(
        user=user,
        password=password,
        device=request.cookies.get(DEVICE, ""),
        session=request.cookies.get(COOKIE, ""),
    )
    found = await log_ins.log_in(form, client_of(request))
    if isinstance(found, Problem) and found.retry_after:
        answer = _login(request, site, back, user, "login.attempts", 429)
        answer.headers.update(retry_after(found))
        return answer
    if isinstance(found, Problem):
        gone = found.code == problems.GONE.code
        return _login(request, site, back, user, problem="login.gone" if gone else "login.wrong")
    answer = RedirectResponse(_own_path(back), 303)
    set_cookie(answer, site, COOKIE, found.session.token)
    set_cookie(answer, site, DEVICE, found.device, LASTS)
    return answer


@router.post("/logout", dependencies=OWN_FORM)
async def log_out(request: Request, log_ins: LogInsHere) -> Response:
    """End the session."""
    await log_ins.log_out(request.cookies.get(COOKIE, ""), client_of(request))
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
