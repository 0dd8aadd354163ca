"""The client of `case_events.testing` for ASGI apps."""

import asyncio

import pytest
from case_events.testing.asgi_client import AsgiClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route


async def fails(request: Request) -> None:
    raise ValueError("a fault of the app")


APP = Starlette(routes=[Route("/fails", fails)])


def test_an_error_of_the_app_is_raised_unless_it_is_to_be_answered() -> None:
    with asyncio.Runner() as runner:
        strict = AsgiClient(APP, "http://app", runner.get_loop())
        with pytest.raises(ValueError, match="a fault of the app"):
            strict.request("GET", "/fails")
        as_served = AsgiClient(APP, "http://app", runner.get_loop(), raise_errors=False)
        assert as_served.request("GET", "/fails").status_code == 500
