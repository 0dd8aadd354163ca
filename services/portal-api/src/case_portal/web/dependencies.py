"""The dependencies of routes and pages: the site, its ports, the current principal, and the
case."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from case_portal.core.audit import API as CHANNEL_OF_API
from case_portal.core.audit import MOST_OF_PROGRAM, PORTAL, Client
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session
from case_portal.read_model.reading import OpenCase, is_own, open_case
from case_portal.web.problems import (
    LOG_IN,
    ONLY_SESSIONS,
    READS_ONLY,
    WRONG_FORM,
    ProblemError,
    documented,
)
from case_portal.web.reader import Reader
from case_portal.web.reading_log import seen
from case_portal.web.site import COOKIE, SEED, SignedIn, Site

T = TypeVar("T")
API = "/api/v1"

bearer = Depends(
    HTTPBearer(auto_error=False, description="Of a session, or of `casefold portal tokens make`.")
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


def client_of(connection: HTTPConnection) -> Client:
    """From where a request comes."""
    return Client(
        address=connection.client.host if connection.client else "",
        program=connection.headers.get("user-agent", "")[:MOST_OF_PROGRAM],
        channel=CHANNEL_OF_API if connection.url.path.startswith(API) else PORTAL,
    )


async def signed_in(request: Request, site: SiteHere) -> SignedIn:
    """The session or API token of a request; for reading, a page's cookie is accepted too. A token
    that may only read sends no command."""
    token, reads = bearer_of(request), request.method in ("GET", "HEAD")
    if token:
        found = await site.signed_in(token)
    else:
        found = await in_browser(request, site) if reads else None
    if found is None:
        raise ProblemError(LOG_IN, 401)
    seen(request, found.principal)
    if found.session.reach == "read" and not reads:
        raise ProblemError(READS_ONLY)
    return found


SignedInHere = Annotated[SignedIn, Depends(signed_in)]


async def current_principal(found: SignedInHere) -> Principal:
    """The principal of the token or cookie."""
    return found.principal


async def own_session(found: SignedInHere) -> Session:
    """The session of a request. An API token is refused."""
    if found.session.reach != "session":
        raise ProblemError(ONLY_SESSIONS)
    return found.session


OwnSession = Annotated[Session, Depends(own_session)]


async def in_browser(request: Request, site: SiteHere) -> SignedIn | None:
    """The session of this browser. An API token in a cookie is none."""
    found = await site.signed_in(request.cookies.get(COOKIE, ""))
    return found if found and found.session.reach == "session" else None


InBrowser = Annotated[SignedIn | None, Depends(in_browser)]


async def session_of_page(found: InBrowser) -> Session:
    """The session of this browser. Raises `LoginNeeded`."""
    if found is None:
        raise LoginNeeded
    return found.session


SessionOfPage = Annotated[Session, Depends(session_of_page)]


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


class LoginNeeded(Exception):
    """Nobody is logged in. The person logs in first, and then comes back."""


async def reader_of(request: Request, site: SiteHere, found: InBrowser) -> Reader:
    """The reader of the session of this browser. Raises `LoginNeeded`."""
    definition = site.reference.newest(found.principal.tenant) if found else None
    if found is None or definition is None:
        raise LoginNeeded
    seen(request, found.principal)
    return Reader(found.principal, definition, site.now())


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


async def visible_case(request: Request, principal: Principal, reference: str) -> OpenCase:
    """The case of this reference, or the end of the request with a problem. That somebody reads a
    case that is not their own is recorded."""
    site = site_of(request)
    case = allowed(await open_case(site.cases(principal), site.reference, principal, reference))
    if not is_own(principal, case.view, site.reference):
        seen(request, principal, case.view.reference)
    return case
