"""`casefold sla`: what the clocks of a case say, and why, JSON in and JSON out."""

import sys
from functools import partial
from typing import IO

import click
from case_clocks.timeline import answer
from case_clocks.timeline import what_if as both_readings
from case_definition.calendar.documents import answer_documents

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
@_FILE
def explain(file: IO[bytes]) -> None:
    """The same, with each stretch of time and why it counts or does not."""
    sys.exit(answer_documents(file.read(), partial(answer, explain=True)))


@sla.command("what-if")
@_FILE
def what_if(file: IO[bytes]) -> None:
    """A timeline as it is, and with another calendar or other targets. Writes nothing."""
    sys.exit(answer_documents(file.read(), both_readings))
