"""`casefold parked`: the cases that some service cannot go on with."""

import getpass
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
SERVICES = [service for service in plan.PLAN.services if service.database is not None]


@click.group()
def parked() -> None:
    """Cases that a service cannot go on with: what waits and why, retry, discard."""


@parked.command(name="list")
def list_() -> None:
    """Every record that waits, in every service: the first of a case says what is wrong."""
    found = 0
    for service, answer in _ask_all("GET", "parked"):
        for record in answer:
            found += 1
            click.echo(f"{service:<9} {_line(record)}")
    click.echo(f"{found} records wait")


@parked.command()
def discarded() -> None:
    """Every record that was discarded, in every service: who gave it up, when and why."""
    for service, answer in _ask_all("GET", "discarded"):
        for record in answer:
            click.echo(f"{service:<9} {_line(record)}")
            click.echo(f"          {record['at']} by {record['by']}: {record['reason']}")


@parked.command()
@click.argument("case_id", type=click.UUID)
def retry(case_id: object) -> None:
    """Try again all that waits of the case with this id, in every service."""
    for service, answer in _ask_all("POST", f"parked/{case_id}/retry"):
        if answer["waiting"]:
            click.echo(f"{service}: {answer['waiting']} records are tried again")


@parked.command()
@click.argument("service", type=click.Choice([one.name for one in SERVICES]))
@click.argument("case_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; it is kept on record.")
def discard(service: str, case_id: object, reason: str) -> None:
    """Give up the first record that waits of a case in a service, and try the rest again.

    A record of the history of cases is never discarded: every service has to see it whole.
    """
    (asked,) = (one for one in SERVICES if one.name == service)
    why = {"reason": reason, "by": getpass.getuser()}
    record = _ask(asked, "POST", f"parked/{case_id}/discard", why)
    click.echo(f"{service}: discarded {_line(record)}")


def _line(record: dict[str, Any]) -> str:
    return (
        f"case {record['case']}  {record['topic']}/{record['lane']}@{record['offset']}"
        f"  {record['type'] or 'unreadable'}: {record['error']}"
    )


def _ask_all(method: str, path: str) -> Iterator[tuple[str, Any]]:
    for service in SERVICES:
        yield service.name, _ask(service, method, path)


def _ask(service: plan.Service, method: str, path: str, body: object = None) -> Any:
    """The answer of a service. Raises `click.ClickException` where it refuses, or is away."""
    token = tokens.issue(_secret(), OPERATOR, datetime.now(UTC) + timedelta(minutes=5))
    url = f"{plan.url(service.port)}/operations/{path}"
    request = Request(  # noqa: S310
        url,
        method=method,
        headers={"Authorization": f"Bearer {token}"},
        data=json.dumps(body).encode() if body else None,
    )
    try:
        with urlopen(request, timeout=WITHIN) as answer:  # noqa: S310 - our own services
            return json.load(answer)
    except HTTPError as error:
        detail = json.loads(error.read() or b"{}").get("detail", "")
        raise click.ClickException(f"{service.name} answers {error.code}: {detail}") from error
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
