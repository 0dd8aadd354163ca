"""The HTTP routes for operators: parked records, discarded records, and the quarantine.

They require an operator's token, signed with the secret that all services share. They show no
personal data: only the type and position of a record.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from case_events.keyring import Keyring
from case_events.runtime.parked import Discarded, NotDiscardable, Parked
from case_events.runtime.ports import Log
from case_events.runtime.quarantine import Quarantine, Quarantined, Verdict
from case_events.tokens.tools import is_shown


def operation_routes(log: Log, partition_count: int, secret: Keyring) -> list[BaseRoute]:
    """Return all routes for operators."""
    return [
        *_parked_routes(log, partition_count, secret),
        *_discard_routes(log, partition_count, secret),
        *_quarantine_routes(log, secret),
    ]


def _parked_routes(log: Log, partition_count: int, secret: Keyring) -> list[BaseRoute]:
    """Return `GET /operations/parked` and `POST /operations/parked/{case}/retry`."""

    async def parked(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        waiting = await log.parked(range(partition_count))
        return JSONResponse([_parked(record) for record in waiting])

    async def retry(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        case = request.path_params["case"]
        return JSONResponse({"waiting": await log.request_retry(case)})

    return [
        Route("/operations/parked", parked),
        Route("/operations/parked/{case:uuid}/retry", retry, methods=["POST"]),
    ]


def _discard_routes(log: Log, partition_count: int, secret: Keyring) -> list[BaseRoute]:
    """Return `GET /operations/discarded`, and `POST /operations/parked/{case}/discard` with
    `reason` and `by`."""

    async def discarded(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        given_up = await log.discarded(range(partition_count))
        return JSONResponse([_discarded(record) for record in given_up])

    async def discard(request: Request) -> Response:
        if not _is_operator(request, secret):
            return NOT_THERE
        try:
            why = msgspec.json.decode(await request.body(), type=_Why)
        except msgspec.DecodeError as error:
            return JSONResponse({"detail": str(error)}, status_code=422)
        try:
            record = await log.discard(request.path_params["case"], why.reason, why.by)
        except NotDiscardable:
            detail = "a record of the history of a case is never discarded: mend it, and retry"
            return JSONResponse({"detail": detail}, status_code=409)
        return JSONResponse(_parked(record)) if record else NOT_THERE

    return [
        Route("/operations/discarded", discarded),
        Route("/operations/parked/{case:uuid}/discard", discard, methods=["POST"]),
    ]


def _quarantine_routes(quarantine: Quarantine, secret: Keyring) -> list[BaseRoute]:
    """Return `GET /operations/quarantine` and `POST /operations/quarantine/{place}/release` or
    `discard`."""

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
            decision = msgspec.json.decode(await request.body(), type=_Decision)
        except msgspec.DecodeError as error:
            return JSONResponse({"detail": str(error)}, status_code=422)
        done = await quarantine.decide(place, verdict, decision.reason)
        return JSONResponse({"decided": verdict if done else ""})

    return [
        Route("/operations/quarantine", waiting),
        Route("/operations/quarantine/{place:int}/{verdict}", decide, methods=["POST"]),
    ]


def _is_operator(request: Request, secret: Keyring) -> bool:
    return is_shown(secret, "operator", request.headers.get("authorization", ""))


SomeText = Annotated[str, Meta(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$", max_length=1000)]


class _Decision(Struct, frozen=True):
    reason: SomeText


class _Why(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for which a record is discarded, and the operator."""

    reason: SomeText
    by: SomeText


MOST = 2**63 - 1
"""The highest value of a place in the database."""

VERDICTS: dict[str, Verdict] = {"release": "released", "discard": "discarded"}
NOT_THERE = JSONResponse({"detail": "Not Found"}, status_code=404)


def _parked(record: Parked) -> dict[str, str | int | bool]:
    delivery = record.delivery
    return {
        "case": str(record.case),
        "partition": record.partition,
        "topic": delivery.topic,
        "offset": delivery.offset,
        "type": delivery.headers.get("ce_type", ""),
        "tenant": delivery.headers.get("ce_tenant", ""),
        "error": record.error,
        "retry": record.retry,
    }


def _discarded(record: Discarded) -> dict[str, str | int | bool]:
    return _parked(record.parked) | {
        "reason": record.reason,
        "by": record.by,
        "at": record.at.isoformat(),
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
