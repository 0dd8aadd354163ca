"""The web application: API and pages together, and how both report errors."""

from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from case_events.runtime import Unavailable
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from case_portal.access import account_pages, account_routes, session_pages
from case_portal.access import pages as access_pages
from case_portal.access import routes as access_routes
from case_portal.bounces import pages as bounce_pages
from case_portal.bounces import routes as bounce_routes
from case_portal.cases import pages as case_pages
from case_portal.cases import routes as case_routes
from case_portal.clocks import pages as clock_pages
from case_portal.clocks import routes as clock_routes
from case_portal.commands import pages as command_pages
from case_portal.commands import routes as command_routes
from case_portal.commands.forms import FormRefused
from case_portal.core.problem import Problem, ServiceUnavailable
from case_portal.fair_use import routes as fair_use_routes
from case_portal.knowledge import pages as article_pages
from case_portal.knowledge import routes as article_routes
from case_portal.links import pages as link_pages
from case_portal.links import routes as link_routes
from case_portal.migrations import routes as migration_routes
from case_portal.new_case import pages as new_case_pages
from case_portal.new_case import routes as new_case_routes
from case_portal.people import routes as people_routes
from case_portal.portal import Portal
from case_portal.progress import pages as rating_pages
from case_portal.progress import routes as progress_routes
from case_portal.refusals import pages as refusal_pages
from case_portal.refusals import routes as refusal_routes
from case_portal.reports import pages as report_pages
from case_portal.reports import routes as report_routes
from case_portal.security import pages as security_pages
from case_portal.security import routes as security_routes
from case_portal.tags import pages as tag_pages
from case_portal.tags import routes as tag_routes
from case_portal.topics import routes as topic_routes
from case_portal.volumes import routes as volume_routes
from case_portal.web import problems
from case_portal.web.dependencies import LoginNeeded, client_of
from case_portal.web.reading_log import ReadingLog
from case_portal.web.rendering import error_page, to_login
from case_portal.web.uploads import BodyLimit
from case_portal.work import pages as work_pages
from case_portal.work import routes as work_routes

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
WITHOUT_PEOPLE = ("/health/", "/metrics", "/operations/", "/static/")
"""The paths that answer before the reference data is loaded."""
STATIC = Path(__file__).parent / "web" / "static"
ROUTERS = (
    access_routes.router,
    account_routes.router,
    new_case_routes.router,
    case_routes.router,
    command_routes.reading,
    refusal_routes.router,
    command_routes.commands,
    clock_routes.reading,
    clock_routes.commands,
    migration_routes.router,
    link_routes.reading,
    link_routes.commands,
    people_routes.router,
    bounce_routes.router,
    progress_routes.reading,
    progress_routes.commands,
    tag_routes.router,
    work_routes.reading,
    work_routes.commands,
    report_routes.router,
    article_routes.router,
    topic_routes.router,
    volume_routes.router,
    fair_use_routes.router,
    security_routes.router,
    account_pages.router,
    access_pages.router,
    session_pages.router,
    article_pages.router,
    case_pages.router,
    clock_pages.router,
    command_pages.router,
    link_pages.router,
    new_case_pages.router,
    rating_pages.router,
    refusal_pages.router,
    report_pages.router,
    security_pages.router,
    tag_pages.router,
    bounce_pages.router,
    work_pages.router,
)
"""The routes of the API, in the order of its document, and the pages. The order does not decide
which route answers a request."""


def make_app(portal: Portal, routers: Sequence[APIRouter] = ROUTERS) -> FastAPI:
    """The app over these ports."""
    app = FastAPI(
        title="Casefold portal",
        version="1",
        description="Cases to read, and what may be asked of them.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.portal = portal
    app.router.routes.extend(_own_routes() if routers is ROUTERS else _included(routers))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit, limit=portal.max_upload)
    app.add_middleware(ReadingLog, client_of=client_of, lost=_unavailable)
    app.add_middleware(_WhenLoaded, loaded=portal.loaded)
    _handle_errors(app)
    _describe(app)
    return app


class _WhenLoaded:
    """ASGI middleware: answers 503 until the reference data is loaded.

    Before that, the portal would know no person, and would send people who are logged in to the
    log-in page, without the form that they sent.
    """

    def __init__(self, app: ASGIApp, loaded: Callable[[], bool]) -> None:
        self._app, self._loaded = app, loaded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        needs_people = scope["type"] == "http" and not scope["path"].startswith(WITHOUT_PEOPLE)
        if needs_people and not self._loaded():
            app = await _tell(Request(scope), problems.STARTING, 503)
        await app(scope, receive, send)


@cache
def _own_routes() -> list[BaseRoute]:
    """The routes of the portal, included once in a process, because FastAPI reads their signatures
    at the first request, which takes a third of a second."""
    return _included(ROUTERS)


def _included(routers: Sequence[APIRouter]) -> list[BaseRoute]:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for router in routers:
        app.include_router(router)
    return list(app.router.routes)


def _describe(app: FastAPI) -> None:
    """Add the schema of problems, to which responses refer, to the OpenAPI document. The document
    is made on its first request, because this takes a second, and no page should wait for it."""
    of_routes = app.openapi

    def openapi() -> dict[str, Any]:
        document = app.openapi_schema
        if document is None:
            document = of_routes()
            problem = problems.ProblemDetails.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            own = problem.pop("$defs") | {"ProblemDetails": problem}
            document["components"]["schemas"] |= own
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _handle_errors(app: FastAPI) -> None:
    async def stopped(request: Request, error: Exception) -> Response:
        if isinstance(error, problems.ProblemError):
            return await _tell(request, error.problem, error.status)
        return await _tell(request, problems.UNAVAILABLE, 503)

    async def invalid(request: Request, error: Exception) -> Response:
        if _is_api(request) and isinstance(error, RequestValidationError):
            return problems.invalid_response(error)
        reason = "The form is not as it was given out."
        return await _tell(request, Problem(kind="invalid", code="invalid", reason=reason), 422)

    async def http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        problem = Problem(kind="unknown", code=f"http_{error.status_code}", reason=error.detail)
        response = await _tell(request, problem, error.status_code)
        response.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(_methods(request))
        return response

    async def log_in_first(request: Request, error: Exception) -> Response:
        return to_login(request)

    app.add_exception_handler(problems.ProblemError, stopped)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(LoginNeeded, log_in_first)
    app.add_exception_handler(FormRefused, case_pages.form_refused)
    for away in (ServiceUnavailable, Unavailable):
        app.add_exception_handler(away, stopped)


def _methods(request: Request) -> list[str]:
    """All methods of this path; the router names only those of the first route."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _unavailable(request: Request) -> Response:
    return await _tell(request, problems.UNAVAILABLE, 503)


async def _tell(request: Request, problem: Problem, status: int) -> Response:
    headers = problems.retry_after(problem)
    if not _is_api(request):
        response = await error_page(request, problem, status)
        response.headers.update(headers)
        return response
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problems.problem_response(problem, status, headers)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
