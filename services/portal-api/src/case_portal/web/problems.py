"""Problem details (RFC 9457): how the API reports a problem, with field and rule."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import JSONResponse

from case_portal.core.problem import Kind, Problem

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[Kind, int] = {
    "invalid": 422,
    "forbidden": 403,
    "unknown": 404,
    "refused": 409,
    "too_large": 413,
    "limited": 429,
    "unavailable": 503,
}

LOG_IN = Problem(kind="forbidden", code="not_logged_in", reason="Log in, or send a valid token.")
READS_ONLY = Problem(
    kind="forbidden",
    code="token_reads_only",
    rule="reach",
    reason="This API token may only read. Make one that may write.",
)
ONLY_SESSIONS = Problem(
    kind="forbidden",
    code="session_needed",
    rule="session",
    reason="Log in for this: an API token may not look after an account.",
)
UNAVAILABLE = Problem(
    kind="unavailable",
    code="unavailable",
    reason="A part of the platform cannot be reached. Nothing was kept; try again.",
)
STARTING = Problem(
    kind="unavailable",
    code="starting",
    reason="The portal is starting. Nothing was kept; try again.",
    retry_after=5,
)
WRONG_FORM = Problem(
    kind="invalid", code="wrong_form", field="form_token", rule="form", reason="Reload the page."
)


class FieldFault(BaseModel):
    """One of several problems of a request."""

    field: str
    rule: str
    detail: str


class ProblemDetails(BaseModel):
    """A problem, for machines and people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    field: str = ""
    rule: str = ""
    errors: list[FieldFault] = []


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem, status: int = 0) -> None:
        super().__init__(problem.reason)
        self.problem, self.status = problem, status or STATUS[problem.kind]


def retry_after(problem: Problem | None) -> dict[str, str]:
    """The header that says when waiting helps; none if it does not."""
    return {"Retry-After": str(problem.retry_after)} if problem and problem.retry_after else {}


def problem_response(
    problem: Problem, status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem as its response."""
    details = ProblemDetails(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=problem.reason,
        code=problem.code,
        field=problem.field,
        rule=problem.rule,
        errors=[
            FieldFault(field=one.field, rule=one.rule, detail=one.reason) for one in problem.faults
        ],
    )
    return _answer(details, headers)


def invalid_response(error: RequestValidationError) -> JSONResponse:
    """The problems of a request that does not fit the API's own schemas, field by field."""
    faults = [_fault(item) for item in error.errors()]
    first = faults[0] if faults else FieldFault(field="", rule="", detail=str(error))
    return _answer(
        ProblemDetails(
            title=HTTPStatus(422).phrase,
            status=422,
            detail=first.detail,
            code="invalid",
            field=first.field,
            rule=first.rule,
            errors=faults,
        )
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The responses of an operation that are problems, for its OpenAPI document."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def _answer(details: ProblemDetails, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        details.model_dump(), details.status, headers=headers, media_type=MEDIA_TYPE
    )


def _fault(item: Any) -> FieldFault:
    place = [str(part) for part in item["loc"]]
    return FieldFault(
        field=".".join(place[1:]) or place[0], rule=str(item["type"]), detail=str(item["msg"])
    )
