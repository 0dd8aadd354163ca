"""`casefold parked list|retry`: the cases that some service cannot go on with."""

import click

from casefold.operators import ask_all


@click.group()
def parked() -> None:
    """Cases that a service cannot go on with: what waits, why, and trying again."""


@parked.command(name="list")
def list_() -> None:
    """Every record that waits, in every service: the first of a case says what is wrong."""
    found = 0
    for service, answer in ask_all("GET", "/parked"):
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
    for service, answer in ask_all("POST", f"/parked/{case_id}/retry"):
        if answer["waiting"]:
            click.echo(f"{service}: {answer['waiting']} records are tried again")
