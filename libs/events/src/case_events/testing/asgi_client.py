"""A client of an ASGI app on the event loop of a test, for instance one in virtual time."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

ADDRESS = ("192.0.2.7", 50_000)
"""The client address of every request: network address and port."""


class AsgiClient:
    """Sends requests to an ASGI app. The loop runs until the response is complete. An error of the
    app is raised, or with `raise_errors=False` answered with 500, as a server does."""

    def __init__(
        self,
        app: ASGIApp,
        base_url: str,
        loop: asyncio.AbstractEventLoop,
        *,
        raise_errors: bool = True,
    ) -> None:
        transport = httpx.ASGITransport(app=app, client=ADDRESS, raise_app_exceptions=raise_errors)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)
        self._loop = loop

    def request(self, method: str, url: str, **sent: Any) -> httpx.Response:
        """Send a request and return the response. The arguments are those of
        `httpx.AsyncClient.request`."""
        return self._loop.run_until_complete(self._client.request(method, url, **sent))
