"""`casefold parked list|retry`: the cases that some service cannot go on with."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click
from case_events import tokens
from case_events.runtime.operations import OPERATOR

from casefold import plan

WITHIN = 30


@click.group()
def parked() -> None:
    """Cases that a service cannot go on with: what waits, why, and trying again."""


@parked.command(name="list")
def list_() -> None:
    """Every record that waits, in every service: the first of a case says what is wrong."""
    found = 0
    for service, answer in _ask_all("GET", ""):
        for record in answer:
            found += 1
            click.echo(
                f"{service:<9} case {record['case']}  {record['topic']}/{record['lane']}"
                f"@{record['offset']}  {record['type'] or 'unreadable'}: {record['error']}"
            )
    click.echo(f"{found} records wait")


@parked.command()
@click.argument("case_id", type=click.UUID)
def retry(case_id: object) -> None:
    """Try again all that waits of the case with this id, in every service."""
    for service, answer in _ask_all("POST", f"/{case_id}/retry"):
        if answer["waiting"]:
            click.echo(f"{service}: {answer['waiting']} records are tried again")


def _ask_all(method: str, path: str) -> Iterator[tuple[str, Any]]:
    token = tokens.issue(_secret(), OPERATOR, datetime.now(UTC) + timedelta(minutes=5))
    for service in plan.PLAN.services:
        if service.database is None:
            continue
        url = f"{plan.url(service.port)}/operations/parked{path}"
        request = Request(url, method=method, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
        try:
            with urlopen(request, timeout=WITHIN) as answer:  # noqa: S310 - our own services
                yield service.name, json.load(answer)
        except HTTPError as error:
            raise click.ClickException(f"{service.name} answers {error.code} at {url}") from error
        except URLError as error:
            raise click.ClickException(
                f"{service.name} does not answer at {url} ({error.reason}); is it running?"
            ) from error


def _secret() -> bytes:
    """The secret that the services share; `casefold` finds that of a platform on this machine."""
    given = os.environ.get("CASEFOLD_SECRET")
    if not given:
        raise click.ClickException("CASEFOLD_SECRET is not set, and no platform ran here")
    return given.encode()
