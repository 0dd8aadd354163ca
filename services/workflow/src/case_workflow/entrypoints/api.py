"""The case history over HTTP, for tools inside the platform; it has no way to write."""

import msgspec
from case_events.runtime.postgres.errors import Pool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from case_workflow.adapters.history import History


def history_api(pool: Pool) -> Starlette:
    """`/history/{reference}` and `/verify`."""
    history = History(pool)

    async def tell(request: Request) -> Response:
        case = await history.case_of(
            request.query_params.get("tenant", ""), request.path_params["reference"]
        )
        if case is None:
            return _json({"code": "unknown", "reason": "There is no such case."}, 404)
        return _json({"case": case, "events": await history.events(case)})

    async def verify(request: Request) -> Response:
        reference = request.query_params.get("reference", "")
        if not reference:
            return _json(await history.verify())
        case = await history.case_of(request.query_params.get("tenant", ""), reference)
        if case is None:
            return _json({"code": "unknown", "reason": "There is no such case."}, 404)
        return _json(await history.verify(case))

    return Starlette(
        routes=[
            Route("/history/{reference}", tell),
            Route("/verify", verify),
        ]
    )


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
