"""Intake's HTTP API: new cases by form, phone or program, and the available forms."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from case_events.runtime import Unavailable, WriteRejected
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from msgspec import json, to_builtins
from starlette.exceptions import HTTPException

from case_intake.application.accept_form import accept_form
from case_intake.application.ports import IntakePorts
from case_intake.application.record_inbound import UnknownTenant, definition_of
from case_intake.domain import forms
from case_intake.domain.inbound import FormSubmission, clean
from case_intake.entrypoints.answers import (
    CREATED,
    NEW_CASE,
    Created,
    Forms,
    FormsQuery,
    describe,
)
from case_intake.entrypoints.authenticator import Authenticator, Caller, creator_for, the_time
from case_intake.entrypoints.bodies import Body, read_body
from case_intake.entrypoints.problems import RequestRefused, documented, mistakes_of, problem

_bearer = HTTPBearer(
    auto_error=False,
    description="A pass (`POST /api/v1/session/pass` of the portal), or an API token of the setting"
    " CASEFOLD_API_TOKENS. A session of the portal is none.",
)
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
_Key = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key and case get the same answer, however often they are sent.",
    ),
]


class CaseRoutes:
    """The routes under /api/v1/cases. `size_limit` is the maximum size of a request, in bytes."""

    def __init__(
        self,
        ports: IntakePorts,
        authenticator: Authenticator,
        size_limit: int,
        now: Callable[[], datetime],
    ) -> None:
        self._ports, self._authenticator, self._size_limit = ports, authenticator, size_limit
        self._now = now

    async def create(
        self, request: Request, bearer: _Bearer = None, idempotency_key: _Key = None
    ) -> Response:
        """Create a case: as a contact for yourself, as an agent for a contact."""
        caller = self._caller(bearer)
        body = await read_body(request, self._size_limit)
        inbound = self._form_submission(body, caller, idempotency_key or "")
        kept = await accept_form(inbound, self._ports, body.mistakes)
        if isinstance(kept, tuple):
            forbidden = kept[0].forbidden
            raise RequestRefused(403 if forbidden else 422, *kept)
        return Response(
            json.encode({"reference": kept.reference, "case": str(kept.case)}),
            status_code=HTTPStatus.CREATED,
            media_type="application/json",
            headers={"Location": f"/api/v1/cases/{kept.case}"},
        )

    async def types(
        self,
        wish: Annotated[FormsQuery, Query()],
        bearer: _Bearer = None,
    ) -> Forms:
        """The case types that you may create, with their fields and help texts."""
        caller = self._caller(bearer)
        definition = definition_of(caller.tenant, self._ports.directory)
        creator = creator_for(caller, wish.contact, self._ports.directory)
        language = wish.language or (creator.contact.language if creator.contact else None)
        channel, now = wish.channel or caller.way, self._now()
        found = forms.forms(definition, creator, channel, language, self._ports.directory, now)
        return Forms.model_validate({"definition": definition.key, "types": to_builtins(found)})

    def _caller(self, bearer: HTTPAuthorizationCredentials | None) -> Caller:
        return self._authenticator.caller(bearer.credentials if bearer else "")

    def _form_submission(self, body: Body, caller: Caller, key: str) -> FormSubmission:
        case = body.case
        definition = definition_of(caller.tenant, self._ports.directory)
        values = {
            clean(name): clean(value) if isinstance(value, str) else value
            for name, value in case.fields.items()
        }
        return FormSubmission(
            tenant=caller.tenant,
            creator=creator_for(
                caller,
                clean(case.contact),
                self._ports.directory,
                clean(case.contact_name),
                clean(case.language),
            ),
            channel=case.channel or caller.way,
            menu=clean(case.menu),
            case_type=clean(case.type),
            values=definition.typed(values) if body.textual else values,
            files=body.files,
            contents=body.contents,
            key=key,
            raw=body.raw,
            received_at=case.received_at.astimezone(UTC) if case.received_at else None,
        )


def create_app(
    ports: IntakePorts,
    authenticator: Authenticator,
    size_limit: int,
    now: Callable[[], datetime] = the_time,
) -> FastAPI:
    """The API. `size_limit` is the maximum size of a request, in bytes; `now` decides which forms
    are available."""
    app = FastAPI(
        title="Casefold intake",
        version="1",
        description="Where cases come in. Every mistake is a problem document (RFC 9457).",
        redirect_slashes=False,
    )
    cases, router = (
        CaseRoutes(ports, authenticator, size_limit, now),
        APIRouter(prefix="/api/v1/cases"),
    )
    router.add_api_route(
        "",
        cases.create,
        methods=["POST"],
        status_code=HTTPStatus.CREATED,
        response_model=Created,
        responses=CREATED | documented(401, 403, 413, 415, 422, 503),
        openapi_extra={"requestBody": NEW_CASE},
    )
    router.add_api_route(
        "/types", cases.types, methods=["GET"], responses=documented(401, 422, 503)
    )
    app.include_router(router)
    _tell_problems(app)
    describe(app)
    return app


def _tell_problems(app: FastAPI) -> None:
    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRefused)
        return problem(error)

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(RequestRefused(422, *mistakes_of(error.errors())))

    async def plain(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(
            RequestRefused(error.status_code, detail=error.detail, headers=error.headers)
        )

    async def later(_: Request, error: Exception) -> Response:
        detail = "This cannot be kept now. Send it again with the same Idempotency-Key."
        return problem(RequestRefused(503, detail=detail, headers={"Retry-After": "5"}))

    app.add_exception_handler(RequestRefused, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    for kind in (Unavailable, WriteRejected, UnknownTenant):
        app.add_exception_handler(kind, later)
