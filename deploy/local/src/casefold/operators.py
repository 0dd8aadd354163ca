"""Requests of operators to the services, with a token that is signed with the secret of all."""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click
from case_events.keyring import SECRET_SETTING, BadKey, Keyring, keyring_of
from case_events.tokens.tools import bearer

from casefold import topology

WITHIN = 30


def services() -> list[str]:
    """The names of the services that process records."""
    return [service.name for service in topology.TOPOLOGY.services if service.database is not None]


def ask_all(method: str, path: str) -> Iterator[tuple[str, Any]]:
    """The name and the answer of each service to a request at this path under `/operations`."""
    for name in services():
        yield name, ask(name, method, path)


def ask(name: str, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
    """The answer of one service. Raises `ClickException` if it refuses or does not answer."""
    (port,) = (service.port for service in topology.TOPOLOGY.services if service.name == name)
    url = f"{topology.url(port)}/operations{path}"
    headers = bearer(_secret(), "operator") | {"Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, method=method, headers=headers)  # noqa: S310
    try:
        with urlopen(request, timeout=WITHIN) as answer:  # noqa: S310 - our own services
            return json.load(answer)
    except HTTPError as error:
        detail = json.loads(error.read() or b"{}").get("detail", "")
        raise click.ClickException(f"{name} answers {error.code} at {url}: {detail}") from error
    except URLError as error:
        raise click.ClickException(
            f"{name} does not answer at {url} ({error.reason}); is it running?"
        ) from error


def _secret() -> Keyring:
    """The secret of all services. `casefold` sets it to that of a platform on this machine."""
    try:
        return keyring_of(os.environ[SECRET_SETTING])
    except KeyError as error:
        raise click.ClickException(
            f"{SECRET_SETTING} is not set, and no platform ran here"
        ) from error
    except BadKey as error:
        raise click.ClickException(str(error)) from error
