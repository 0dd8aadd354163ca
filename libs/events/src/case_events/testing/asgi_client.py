"""A client of an ASGI app that runs on an event loop of the test, such as one in virtual time."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

ADDRESS = ("192.0.2.7", 50_000)
"""Where requests come from: network address and port."""


class AsgiClient:
    """Implements `visitors.Client`: the loop runs until the response is complete."""

    def __init__(self, app: ASGIApp, base_url: str, loop: asyncio.AbstractEventLoop) -> None:
        transport = httpx.ASGITransport(app=app, client=ADDRESS)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)
        self._loop = loop

    def request(self, method: str, url: str, **sent: Any) -> httpx.Response:
        """Send a request, with the arguments of `httpx.AsyncClient.request`."""
        return self._loop.run_until_complete(self._client.request(method, url, **sent))
