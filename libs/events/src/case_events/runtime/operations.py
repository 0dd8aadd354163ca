"""What operators ask of a service, and may ask of it: cases that cannot go on, forged records.

For holders of an operator's token, signed with the secret that all services share. Personal
data never shows: of a record that waits only its type and place are told.
"""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from case_events import tokens
from case_events.runtime.ports import Log, Parked
from case_events.runtime.quarantine import Quarantine, Quarantined, Verdict

OPERATOR = {"kind": "operator"}


def operation_routes(log: Log, partitions: int, secret: bytes) -> list[BaseRoute]:
    """What operators may ask: of parked cases, and of the quarantine."""
    return [*_parked_routes(log, partitions, secret), *_quarantine_routes(log, secret)]


def _parked_routes(log: Log, partitions: int, secret: bytes) -> list[BaseRoute]:
    """`GET /operations/parked` and `POST /operations/parked/{case}/retry`."""

    async def parked(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        waiting = await log.parked(range(partitions))
        return JSONResponse([_told(record) for record in waiting])

    async def retry(request: Request) -> Response:
        if not _is_operator(request, secret):
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


def _quarantine_routes(quarantine: Quarantine, secret: bytes) -> list[BaseRoute]:
    """`GET /operations/quarantine`, `POST /operations/quarantine/{place}/release` or `discard`."""

    async def waiting(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        return JSONResponse([_held(held) for held in await quarantine.quarantined("waiting")])

    async def decide(request: Request) -> Response:
        verdict = VERDICTS.get(request.path_params["verdict"])
        place = request.path_params["place"]
        if not _is_operator(request, secret) or verdict is None or place > MOST:
            return NOT_THERE
        try:
            said = msgspec.json.decode(await request.body(), type=_Decision)
        except msgspec.DecodeError as error:
            return JSONResponse({"detail": str(error)}, status_code=422)
        done = await quarantine.decide(place, verdict, said.reason)
        return JSONResponse({"decided": verdict if done else ""})

    return [
        Route("/operations/quarantine", waiting),
        Route("/operations/quarantine/{place:int}/{verdict}", decide, methods=["POST"]),
    ]


def _is_operator(request: Request, secret: bytes) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and tokens.read(secret, token, datetime.now(UTC)) == OPERATOR


class _Decision(Struct, frozen=True):
    reason: Annotated[str, Meta(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$", max_length=1000)]


MOST = 2**63 - 1
"""The highest place that a table can have."""

VERDICTS: dict[str, Verdict] = {"release": "released", "discard": "discarded"}
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


def _held(record: Quarantined) -> dict[str, str | int]:
    delivery = record.delivery
    return {
        "place": record.place,
        "at": record.at.isoformat(),
        "topic": delivery.topic,
        "partition": delivery.partition,
        "offset": delivery.offset,
        "source": delivery.headers.get("ce_source", ""),
        "type": delivery.headers.get("ce_type", ""),
        "tenant": delivery.headers.get("ce_tenant", ""),
        "reason": record.reason,
    }
