"""Records who read what is not their own, and who was refused, when the answer begins."""

import re
from collections.abc import Awaitable, Callable

from case_definition.lookup.reference import Reference
from case_events.contracts.security import DataAccessed
from case_events.runtime import Unavailable
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from case_portal.core.audit import Audit, Client, actor_of
from case_portal.core.principal import Principal

_SEEN = "reading"
_CONVERTOR = re.compile(r":\w+\}")
"""The part of a route that says how a name of the path is read, as in `{reference:case}`."""
REFUSED = {403: "forbidden", 404: "not_found"}


class Reading(Struct):
    """What is known of a request while it is answered. `foreign` is the reference of a case that is
    not the principal's own."""

    principal: Principal
    what: str
    asked: str
    foreign: str = ""


def seen(request: Request, principal: Principal, foreign: str = "") -> None:
    """Note who asks, and which case of somebody else they read."""
    route = request.scope.get("route")
    path = _CONVERTOR.sub("}", getattr(route, "path", request.url.path))
    what = f"{request.method} {path}"
    asked = str(request.path_params.get("reference", ""))
    setattr(request.state, _SEEN, Reading(principal, what, asked, foreign))


class ReadingLog:
    """ASGI middleware. Nothing is shown that could not be recorded: the answer is then `lost`."""

    def __init__(
        self,
        app: ASGIApp,
        client_of: Callable[[Request], Client],
        lost: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self._app, self._client_of, self._lost = app, client_of, lost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        unrecorded = False

        async def recorded(message: Message) -> None:
            nonlocal unrecorded
            if message["type"] == "http.response.start":
                try:
                    await self._record(Request(scope), message["status"])
                except Unavailable:
                    unrecorded = True
                    raise
            await send(message)

        try:
            await self._app(scope, receive, recorded)
        except Exception:
            if not unrecorded:
                raise
            await (await self._lost(Request(scope)))(scope, receive, send)

    async def _record(self, request: Request, status: int) -> None:
        reading: Reading | None = getattr(request.state, _SEEN, None)
        if reading is None:
            return
        principal, reads = reading.principal, request.method in ("GET", "HEAD")
        of_auditor = reads and principal.kind == "auditor"
        if status not in REFUSED and not reading.foreign and not of_auditor:
            return
        portal = request.app.state.portal
        event = DataAccessed(
            what=reading.what,
            reference=reading.foreign or _reference_in(reading.asked, principal, portal.reference),
            outcome="refused" if status in REFUSED else "done",
            reason=REFUSED.get(status, ""),
        )
        audit: Audit = portal.audit
        await audit.record(principal.tenant, event, actor_of(principal), self._client_of(request))


def _reference_in(asked: str, principal: Principal, reference: Reference) -> str:
    """The reference of the principal's tenant that was typed. Other text in its place may be a
    secret, or the id of a case of another tenant."""
    definition = reference.newest(principal.tenant)
    return next(iter(definition.references_in(asked)), "") if definition else ""
