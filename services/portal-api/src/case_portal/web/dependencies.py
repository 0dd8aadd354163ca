"""The dependencies of routes and pages: the site, its ports, the current principal, and the
case."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.read_model.reading import OpenCase, open_case
from case_portal.web.problems import LOG_IN, WRONG_FORM, ProblemError, documented
from case_portal.web.reader import Reader
from case_portal.web.site import COOKIE, SEED, Site

T = TypeVar("T")
API = "/api/v1"

bearer = Depends(
    HTTPBearer(auto_error=False, description="Of a session, or of `casefold portal token`.")
)
cookie = Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="For reading only."))
SEEN = documented(401, 404)


def site_of(connection: HTTPConnection) -> Site:
    """The site of this app."""
    site: Site = connection.app.state.portal
    return site


def port(name: str) -> Any:
    """A dependency on one of the portal's ports, by its name there."""

    async def provided(request: Request) -> Any:
        return getattr(request.app.state.portal, name)

    return Depends(provided)


async def _site(request: Request) -> Site:
    return site_of(request)


SiteHere = Annotated[Site, Depends(_site)]


def bearer_of(request: Request) -> str:
    """The token of the Authorization header; empty without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def client_of(connection: HTTPConnection) -> str:
    """The network address of a request, by which attempts are counted."""
    return connection.client.host if connection.client else ""


async def current_principal(request: Request, site: SiteHere) -> Principal:
    """The principal of the token; for reading, a page's cookie is accepted too."""
    token = bearer_of(request)
    if not token and request.method in ("GET", "HEAD"):
        token = request.cookies.get(COOKIE, "")
    principal = await site.principal(token)
    if principal is None:
        raise ProblemError(LOG_IN, 401)
    return principal


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


class LoginNeeded(Exception):
    """Nobody is logged in. The person logs in first, and then comes back."""


async def reader_of(request: Request, site: SiteHere) -> Reader:
    """The reader of the session of this browser. Raises `LoginNeeded`."""
    principal = await site.principal(request.cookies.get(COOKIE, ""))
    definition = site.reference.newest(principal.tenant) if principal else None
    if principal is None or definition is None:
        raise LoginNeeded
    return Reader(principal, definition, site.now())


ReaderHere = Annotated[Reader, Depends(reader_of)]


async def own_form(request: Request, site: SiteHere) -> None:
    """Check that the form was issued to this browser. Raises `ProblemError` otherwise."""
    form = await request.form()
    token = form.get("form_token")
    seed = request.cookies.get(COOKIE) or request.cookies.get(SEED, "")
    if not isinstance(token, str) or not site.is_form_token(seed, token):
        raise ProblemError(WRONG_FORM, 403)


OWN_FORM = [Depends(own_form)]


def reading_router(*statuses: int, prefix: str = "", tags: list[str] | None = None) -> APIRouter:
    """A router of the API for reading, with a token or a page's cookie. `statuses` are the problems
    that each of its routes may answer."""
    return APIRouter(
        prefix=f"{API}{prefix}",
        tags=list(tags or ()),
        responses=documented(*statuses),
        dependencies=[bearer, cookie],
    )


def allowed(found: T | Problem) -> T:
    """The value, or the end of the request with its problem."""
    if isinstance(found, Problem):
        raise ProblemError(found)
    return found


async def visible_case(site: Site, principal: Principal, reference: str) -> OpenCase:
    """The case of this reference, or the end of the request with a problem."""
    return allowed(await open_case(site.cases(principal), site.reference, principal, reference))
