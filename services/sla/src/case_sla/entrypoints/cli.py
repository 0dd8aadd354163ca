"""`casefold sla`: what the clocks of a case say, and why, JSON in and JSON out."""

import sys
from functools import partial
from pathlib import Path
from typing import IO

import click
from case_clocks.timeline import answer
from case_clocks.timeline import what_if as both_readings
from case_definition.calendar.documents import answer_documents

from case_sla.entrypoints.explain import explain_case

_FILE = click.argument("file", type=click.File("rb"), default="-")


@click.group()
def sla() -> None:
    """Clocks of a case from its timeline, for anyone to check."""


@sla.command()
@_FILE
def replay(file: IO[bytes]) -> None:
    """The clocks as they stand at the end of a timeline."""
    sys.exit(answer_documents(file.read(), answer))


@sla.command()
@click.argument("source", default="-")
@click.option("--tenant", default="", help="Whose case, where two tenants use one reference.")
@click.option("--at", help="As it was known at this instant, ISO 8601 with an offset.")
@click.option("--target", help="Only this metric.")
@click.option("--json", "as_json", is_flag=True, help="A case of the platform as JSON.")
def explain(source: str, tenant: str, at: str | None, target: str | None, *, as_json: bool) -> None:
    """Each stretch of time, and why it counts or does not.

    SOURCE is a file of timelines (- is standard input), answered in JSON, or else the reference
    of a case on the running platform, told in words and a table.
    """
    if source == "-" or Path(source).is_file():
        with click.open_file(source, "rb") as file:
            sys.exit(answer_documents(file.read(), partial(answer, explain=True)))
    explain_case(source, tenant, at, target, as_json)


@sla.command("what-if")
@_FILE
def what_if(file: IO[bytes]) -> None:
    """A timeline as it is, and with another calendar or other targets. Writes nothing."""
    sys.exit(answer_documents(file.read(), both_readings))
