"""What operators ask of a service, and may ask of it: cases that cannot go on.

For holders of an operator's token, signed with the secret that all services share. Personal
data never shows: of a record that waits only its type and place are told.
"""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from case_events import tokens
from case_events.runtime.ports import Discarded, Log, NotDiscardable, Parked

OPERATOR = {"kind": "operator"}


def operation_routes(log: Log, partitions: int, secret: bytes) -> list[BaseRoute]:
    """`GET /operations/parked` and `/operations/discarded`, `POST /operations/parked/{case}/retry`
    and `/operations/parked/{case}/discard` with `reason` and `by`."""

    def allowed(request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        claims = tokens.read(secret, token, datetime.now(UTC))
        return scheme.lower() == "bearer" and claims is not None and claims == OPERATOR

    async def parked(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        waiting = await log.parked(range(partitions))
        return JSONResponse([_told(record) for record in waiting])

    async def discarded(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        given_up = await log.discarded(range(partitions))
        return JSONResponse([_discarded(record) for record in given_up])

    async def retry(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        case = request.path_params["case"]
        return JSONResponse({"waiting": await log.request_retry(case)})

    async def discard(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        try:
            why = msgspec.json.decode(await request.body(), type=Why)
        except msgspec.ValidationError as error:
            return JSONResponse({"detail": str(error)}, status_code=422)
        except msgspec.DecodeError:
            return JSONResponse({"detail": "no JSON"}, status_code=422)
        try:
            record = await log.discard(request.path_params["case"], why.reason, why.by)
        except NotDiscardable:
            detail = "a record of the history of a case is never discarded: mend it, and retry"
            return JSONResponse({"detail": detail}, status_code=409)
        return JSONResponse(_told(record)) if record else NOT_THERE

    case = "/operations/parked/{case:uuid}"
    return [
        Route("/operations/parked", parked),
        Route("/operations/discarded", discarded),
        Route(f"{case}/retry", retry, methods=["POST"]),
        Route(f"{case}/discard", discard, methods=["POST"]),
    ]


SomeText = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\S")]


class Why(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a record is discarded, and who says so."""

    reason: SomeText
    by: SomeText


NOT_THERE = JSONResponse({"detail": "Not Found"}, status_code=404)


def _told(record: Parked) -> dict[str, str | int | bool]:
    delivery = record.delivery
    return {
        "case": str(record.case),
        "lane": record.lane,
        "topic": delivery.topic,
        "offset": delivery.offset,
        "type": delivery.headers.get("ce_type", ""),
        "tenant": delivery.headers.get("ce_tenant", ""),
        "error": record.error,
        "retry": record.retry,
    }


def _discarded(record: Discarded) -> dict[str, str | int | bool]:
    return _told(record.parked) | {
        "reason": record.reason,
        "by": record.by,
        "at": record.at.isoformat(),
    }
