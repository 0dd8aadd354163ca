"""The web application: API and pages together, and how both say what went wrong."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from case_events.runtime.ports import Interrupted
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.staticfiles import StaticFiles

from case_portal.access import pages as getting_in
from case_portal.cases import pages
from case_portal.cases import routes as api
from case_portal.clocks import pages as why_page
from case_portal.clocks import routes as clocks
from case_portal.commands import pages as acts
from case_portal.core.problem import Problem
from case_portal.fair_use import routes as fair_use
from case_portal.knowledge import pages as article_pages
from case_portal.knowledge import routes as articles
from case_portal.links import pages as links_page
from case_portal.links import routes as links
from case_portal.migrations import routes as migrations
from case_portal.new_case import pages as new_case
from case_portal.people import routes as people
from case_portal.progress import pages as rating_page
from case_portal.progress import routes as progress
from case_portal.read_model.ports import OutOfReach
from case_portal.refusals import pages as refused
from case_portal.reports import pages as report_pages
from case_portal.reports import routes as reports
from case_portal.topics import routes as topics
from case_portal.volumes import routes as counting
from case_portal.web import problems
from case_portal.web.portal import Portal
from case_portal.web.rendering import LoginNeeded, error_page, to_login
from case_portal.web.uploads import BodyLimit
from case_portal.work import pages as work_acts
from case_portal.work import routes as work

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
STATIC = Path(__file__).parent / "web" / "static"


def make_app(portal: Portal) -> FastAPI:
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
    app.include_router(api.router)
    app.include_router(article_pages.router)
    app.include_router(new_case.router)  # before pages: no case is called "new"
    app.include_router(pages.router)
    app.include_router(acts.router)
    app.include_router(getting_in.router)
    app.include_router(refused.router)
    app.include_router(why_page.router)
    app.include_router(clocks.router)
    app.include_router(migrations.router)
    app.include_router(links.router)
    app.include_router(links_page.router)
    app.include_router(people.router)
    app.include_router(progress.router)
    app.include_router(rating_page.router)
    app.include_router(work.router)
    app.include_router(work_acts.router)
    app.include_router(reports.router)
    app.include_router(articles.router)
    app.include_router(topics.router)
    app.include_router(counting.router)
    app.include_router(fair_use.router)
    app.include_router(report_pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit, limit=portal.max_upload)
    _handle_errors(app)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Give the OpenAPI the schema of problems, which its responses refer to. It is made when it is
    first asked for: that takes a second, for which no page waits."""
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
        if isinstance(error, problems.Stop):
            return await _tell(request, error.problem, error.status)
        return await _tell(request, problems.AWAY, 503)

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

    app.add_exception_handler(problems.Stop, stopped)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(LoginNeeded, log_in_first)
    for away in (OutOfReach, Interrupted, OperationalError, PoolTimeout):
        app.add_exception_handler(away, stopped)


def _methods(request: Request) -> list[str]:
    """What this path takes: the router names the methods of the first route alone."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _tell(request: Request, problem: Problem, status: int) -> Response:
    if not _is_api(request):
        return await error_page(request, problem, status)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if problem.retry_after:
        headers["Retry-After"] = str(problem.retry_after)
    return problems.problem_response(problem, status, headers)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
