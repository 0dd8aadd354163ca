"""`casefold parked`: the cases that some service cannot go on with."""

import getpass
from typing import Any

import click

from casefold.operators import ask, ask_all, services


@click.group()
def parked() -> None:
    """Cases that a service cannot go on with: what waits and why, retry, discard."""


@parked.command(name="list")
def list_() -> None:
    """Every record that waits, in every service: the first of a case says what is wrong."""
    found = 0
    for service, answer in ask_all("GET", "/parked"):
        for record in answer:
            found += 1
            click.echo(f"{service:<9} {_line(record)}")
    click.echo(f"{found} records wait")


@parked.command()
def discarded() -> None:
    """Every record that was discarded, in every service: who gave it up, when and why."""
    for service, answer in ask_all("GET", "/discarded"):
        for record in answer:
            click.echo(f"{service:<9} {_line(record)}")
            click.echo(f"          {record['at']} by {record['by']}: {record['reason']}")


@parked.command()
@click.argument("case_id", type=click.UUID)
def retry(case_id: object) -> None:
    """Try again all that waits of the case with this id, in every service."""
    for service, answer in ask_all("POST", f"/parked/{case_id}/retry"):
        if answer["waiting"]:
            click.echo(f"{service}: {answer['waiting']} records are tried again")


@parked.command()
@click.argument("service", type=click.Choice(services()))
@click.argument("case_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; it is kept on record.")
def discard(service: str, case_id: object, reason: str) -> None:
    """Give up the first record that waits of a case in a service, and try the rest again.

    A record of the history of cases is never discarded: every service has to see it whole.
    """
    why = {"reason": reason, "by": getpass.getuser()}
    record = ask(service, "POST", f"/parked/{case_id}/discard", why)
    click.echo(f"{service}: discarded {_line(record)}")


def _line(record: dict[str, Any]) -> str:
    return (
        f"case {record['case']}  {record['topic']}/{record['lane']}@{record['offset']}"
        f"  {record['type'] or 'unreadable'}: {record['error']}"
    )
