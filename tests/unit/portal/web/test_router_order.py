"""Which route answers a request depends on no order of routers."""

import asyncio
import re
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from case_portal.app import METHODS, ROUTERS, make_app
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

from tests.unit.portal.portal_desk import browser, portal_of_desk

ROUTES = [
    route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
]  # fmt: skip
PATHS = sorted(
    {
        re.sub(r"\{\w+(:\w+)?\}", word, route.path)
        for route in ROUTES
        for word in ("x", "new", "current")
    }
)
"""Paths of every shape; for a parameter also words that stand in paths themselves."""


def request(method: str, path: str) -> dict[str, Any]:
    """A request of somebody who is not logged in, as ASGI has it."""
    return {
        "type": "http", "http_version": "1.1", "scheme": "http", "method": method, "path": path,
        "raw_path": path.encode(), "root_path": "", "query_string": b"", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("portal", 80),
    }  # fmt: skip


def taking(method: str, path: str) -> list[str]:
    """The endpoints of all routes that take a request."""
    scope = request(method, path)
    return [
        f"{route.endpoint.__module__}.{route.endpoint.__name__}"
        for route in ROUTES
        if route.matches(scope)[0] is Match.FULL
    ]


TAKEN = {(method, path): taking(method, path) for path in PATHS for method in METHODS}


def answering(routers: Sequence[APIRouter]) -> dict[tuple[str, str], str]:
    """The endpoint that answers each request in an app of these routers."""
    app = make_app(portal_of_desk(), routers)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    async def ask_all() -> dict[tuple[str, str], str]:
        found = {}
        for (method, path), taken in TAKEN.items():
            if taken:
                scope = request(method, path)
                await app(scope, receive, send)
                endpoint = scope["endpoint"]
                found[method, path] = f"{endpoint.__module__}.{endpoint.__name__}"
        return found

    return asyncio.run(ask_all())


def test_no_request_is_taken_by_two_routes() -> None:
    """So that whoever adds a route sees at once that it stands in the way of another."""
    assert {one: taken for one, taken in TAKEN.items() if len(taken) > 1} == {}


@pytest.mark.parametrize("seed", [None, 1])
def test_the_routes_answer_the_same_in_any_order_of_routers(seed: int | None) -> None:
    """Reversed, and shuffled: each request is answered by the one route that takes it."""
    routers = list(reversed(ROUTERS))
    if seed is not None:
        Random(seed).shuffle(routers)
    table = answering(routers)
    assert table == {one: taken[0] for one, taken in TAKEN.items() if taken}
    assert table["GET", "/cases/new"] == "case_portal.new_case.pages.choose"
    assert table["GET", "/cases/x"] == "case_portal.cases.pages.read_page"


def test_the_form_of_a_new_case_stands_where_no_case_is() -> None:
    """And what only begins like it is a reference."""
    assert browser("amy").get("/cases/new").status_code == 200
    assert browser("amy").get("/cases/news").status_code == 404
