"""The case history over HTTP, read-only, for the tools of the platform.

It answers about every tenant to holders of a token that is signed with the secret of the platform.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.keyring import SECRET_SETTING, Keyring
from case_events.tokens import tools
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from case_workflow.adapters.case_history import PAGE
from case_workflow.adapters.history import HistoryReader

LINES = "application/x-ndjson"

Position = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class _RecordsQuery(msgspec.Struct, frozen=True):
    tenant: str
    since: datetime | None = None
    until: datetime | None = None
    customer: str = ""


class _PageQuery(msgspec.Struct, frozen=True):
    partition: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
    after: Position = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE)] = PAGE


Answer = Callable[[Request], Awaitable[Response]]


def history_api(history: HistoryReader, reference: Reference, secret: Keyring) -> Starlette:
    """The app: `/history/{reference}` and `/verify`, `/log` and `/log/{partition}` for followers,
    and `/records`, `/records/{reference}` and `/terms` for tools that recompute clocks.

    An error is `{"code", "reason"}` with status 401, 404 or 422.
    """
    answered = _Answers(history, reference)
    answers: dict[str, Answer] = {
        "/history/{reference}": answered.history,
        "/verify": answered.verify,
        "/log": answered.log,
        "/log/{partition}": answered.log_page,
        "/records/{reference}": answered.records,
        "/records": answered.many_records,
        "/terms": answered.terms,
    }
    return Starlette(
        routes=[Route(path, _to_tools(secret, answer)) for path, answer in answers.items()]
    )


def _to_tools(secret: Keyring, answer: Answer) -> Answer:
    """The same answer for tools; 401 for all others."""

    async def asked(request: Request) -> Response:
        if tools.is_shown(secret, "tool", request.headers.get("authorization", "")):
            return await answer(request)
        reason = f"Only holders of the secret of the platform may ask: set {SECRET_SETTING}."
        return _json({"code": "log_in", "reason": reason}, 401)

    return asked


class _Answers:
    def __init__(self, history: HistoryReader, reference: Reference) -> None:
        self._history, self._reference = history, reference

    async def _case(self, request: Request, reference: str) -> UUID | Response:
        """The case with a reference, or the answer that says why there is not exactly one."""
        found = await self._history.cases_of(request.query_params.get("tenant", ""), reference)
        if not found:
            return _json({"code": "unknown", "reason": "There is no such case."}, 404)
        if len(found) > 1:
            reason = f"Several tenants have a case {reference}: name the tenant."
            return _json({"code": "ambiguous", "reason": reason}, 422)
        return found[0]

    async def history(self, request: Request) -> Response:
        """The events of a case, for people."""
        case = await self._case(request, request.path_params["reference"])
        if isinstance(case, Response):
            return case
        return _json({"case": case, "events": await self._history.events(case)})

    async def verify(self, request: Request) -> Response:
        """The result of recomputing the hash chain of a case, or of all cases."""
        reference = request.query_params.get("reference", "")
        if not reference:
            return _json(await self._history.verify())
        case = await self._case(request, reference)
        if isinstance(case, Response):
            return case
        return _json(await self._history.verify(case))

    async def log(self, request: Request) -> Response:
        """Every partition of the log, and the position of its last event."""
        return _json({"partitions": await self._history.ends()})

    async def log_page(self, request: Request) -> Response:
        """At most `limit` events of one partition after a position, in order."""
        try:
            query = msgspec.convert(
                dict(request.query_params) | request.path_params, _PageQuery, strict=False
            )
        except msgspec.ValidationError as error:
            return _json({"code": "invalid", "reason": str(error)}, 422)
        return _json(await self._history.page(query.partition, query.after, query.limit))

    async def records(self, request: Request) -> Response:
        """The records of one case with open personal parts, one record on a line."""
        case = await self._case(request, request.path_params["reference"])
        if isinstance(case, Response):
            return case
        return Response(_lines(await self._history.records(case)), media_type=LINES)

    async def many_records(self, request: Request) -> Response:
        """The records that move clocks, one record on a line: of the cases that a tenant received
        from `since` until `until`, or of the open cases of a `customer`."""
        try:
            asked = msgspec.convert(dict(request.query_params), _RecordsQuery, strict=False)
        except msgspec.ValidationError as error:
            return _json({"code": "invalid", "reason": str(error)}, 422)
        if asked.customer:
            found = self._history.open(asked.tenant, asked.customer)
        elif asked.since and asked.until and asked.since.tzinfo and asked.until.tzinfo:
            found = self._history.created(asked.tenant, asked.since, asked.until)
        else:
            reason = "Name a `customer`, or `since` and `until` with their offset."
            return _json({"code": "invalid", "reason": reason}, 422)
        return StreamingResponse(_streamed(found), media_type=LINES)

    async def terms(self, request: Request) -> Response:
        """Every version of a tenant's definition and agreements."""
        definitions, agreements = self._reference.terms_of(request.query_params.get("tenant", ""))
        return _json(
            {
                "definitions": [
                    d.document.model_dump(mode="json", by_alias=True) for d in definitions
                ],
                "agreements": [
                    a.document.model_dump(mode="json", by_alias=True) for a in agreements
                ],
            }
        )


async def _streamed(found: AsyncIterator[list[bytes]]) -> AsyncIterator[bytes]:
    async for values in found:
        yield _lines(values)


def _lines(values: list[bytes]) -> bytes:
    return b"".join(value + b"\n" for value in values)


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
