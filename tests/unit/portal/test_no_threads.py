"""Requests are answered on the event loop: FastAPI runs plain functions in threads."""

import asyncio
import inspect
from collections.abc import Iterator

import pytest
from case_portal.app import ROUTERS
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute


def _calls(dependant: Dependant) -> Iterator[object]:
    if dependant.call is not None:
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _is_awaited(call: object) -> bool:
    of_instance = None if inspect.isroutine(call) or inspect.isclass(call) else type(call).__call__
    return asyncio.iscoroutinefunction(of_instance or call)


@pytest.mark.parametrize("router", ROUTERS)
def test_nothing_that_answers_a_request_needs_a_thread(router: APIRouter) -> None:
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    calls = {call for route in routes for call in _calls(route.dependant)}
    assert routes
    assert [call for call in calls if not _is_awaited(call)] == []
