"""The problem with a request, as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Response
from msgspec import json
from pydantic import BaseModel, ConfigDict

from case_intake.domain.inbound import clean
from case_intake.domain.routing_result import Mistake

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50


class FieldError(BaseModel):
    """One mistake: its place, the broken rule, and a sentence for people."""

    model_config = ConfigDict(extra="forbid")

    field: str
    rule: str
    detail: str


class ProblemResponse(BaseModel):
    """Problem details (RFC 9457), with every mistake in `errors`."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class RequestRefused(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: int,
        *mistakes: Mistake,
        detail: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.mistakes = status, mistakes
        self.detail = detail or " ".join(mistake.reason for mistake in mistakes)
        self.headers = headers or {}


def problem(refusal: RequestRefused) -> Response:
    """The answer for a refused request."""
    title = HTTPStatus(refusal.status).phrase
    body = {
        "type": "about:blank",
        "title": title,
        "status": refusal.status,
        "detail": refusal.detail or title,
        "errors": [
            {"field": one.field, "rule": one.rule, "detail": one.reason}
            for one in refusal.mistakes[:MAX_ERRORS]
        ],
    }
    return Response(
        json.encode(body),
        status_code=refusal.status,
        media_type=MEDIA_TYPE,
        headers=dict(refusal.headers),
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers as OpenAPI describes them."""
    return {status: _described(status) for status in statuses}


def mistakes_of(errors: Sequence[Mapping[str, Any]]) -> tuple[Mistake, ...]:
    """The errors of pydantic, as mistakes."""
    return tuple(
        Mistake(
            field=clean(".".join(str(part) for part in error["loc"])) or "body",
            rule=str(error["type"]),
            reason=clean(str(error["msg"])),
        )
        for error in errors
    )


def _described(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemResponse"}
    described: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    header = {401: "WWW-Authenticate", 503: "Retry-After"}.get(status)
    if header:
        described["headers"] = {header: {"required": True, "schema": {"type": "string"}}}
    return described
