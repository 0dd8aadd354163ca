"""What operators ask of a service, and may ask of it: cases that cannot go on.

For holders of an operator's token, signed with the secret that all services share. Personal
data never shows: of a record that waits only its type and place are told.
"""

from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from case_events import tokens
from case_events.runtime.ports import Log, Parked

OPERATOR = {"kind": "operator"}


def operation_routes(log: Log, partitions: int, secret: bytes) -> list[BaseRoute]:
    """`GET /operations/parked` and `POST /operations/parked/{case}/retry`."""

    def allowed(request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        claims = tokens.read(secret, token, datetime.now(UTC))
        return scheme.lower() == "bearer" and claims is not None and claims == OPERATOR

    async def parked(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        waiting = await log.parked(range(partitions))
        return JSONResponse([_told(record) for record in waiting])

    async def retry(request: Request) -> Response:
        if not allowed(request):
            return NOT_THERE
        try:
            case = UUID(request.path_params["case"])
        except ValueError:
            return NOT_THERE
        return JSONResponse({"waiting": await log.request_retry(case)})

    return [
        Route("/operations/parked", parked),
        Route("/operations/parked/{case}/retry", retry, methods=["POST"]),
    ]


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
