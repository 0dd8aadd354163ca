"""The HTTP client with which tests request pages of the portal, in both worlds."""

from collections.abc import Callable
from typing import Protocol

import httpx


class Client(Protocol):
    """An HTTP client, such as `httpx.Client`."""

    @property
    def request(self) -> Callable[..., httpx.Response]:
        """Send a request, with the arguments of `httpx.Client.request`."""
