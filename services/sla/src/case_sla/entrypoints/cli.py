"""`casefold sla`: the clocks of a case, and their explanation, as JSON."""

import sys
from functools import partial
from pathlib import Path
from typing import IO, Any

import click
from case_clocks.texts import LANGUAGES
from case_clocks.timeline import answer
from case_clocks.timeline import what_if as both_readings
from case_definition.calendar.documents import answer_documents

from case_sla.entrypoints.explain import explain_case
from case_sla.entrypoints.what_if import month, one_case, read_changes, show

_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE = click.argument("file", type=click.File("rb"), default="-")


@click.group()
def sla() -> None:
    """Clocks of a case from its timeline, for anyone to check."""


@sla.command()
@_FILE
def replay(file: IO[bytes]) -> None:
    """Print the clocks at the end of a timeline."""
    sys.exit(answer_documents(file.read(), answer))


@sla.command()
@click.argument("source", default="-")
@click.option("--tenant", default="", help="Whose case, where two tenants use one reference.")
@click.option("--at", help="As it was known at this instant, ISO 8601 with an offset.")
@click.option("--target", help="Only this metric.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    help="What a case of the platform is explained in.",
)
@click.option("--json", "as_json", is_flag=True, help="A case of the platform as JSON.")
def explain(source: str, **how: Any) -> None:
    """Print each interval of time, and why it counts or does not.

    SOURCE is a file of timelines (- is standard input), answered in JSON; or the reference of a
    case on the running platform, answered in words and a table.
    """
    if source == "-" or Path(source).is_file():
        with click.open_file(source, "rb") as file:
            sys.exit(answer_documents(file.read(), partial(answer, explain=True)))
    explain_case(source, **how)


@sla.command("what-if")
@click.argument("source", default="-")
@click.option("--tenant", default="", help="Whose cases.")
@click.option("--since", help="Cases taken in from then on: a date in the tenant's zone.")
@click.option("--until", help="Cases taken in before then: a date, not included.")
@click.option(
    "--agreement",
    "agreements",
    multiple=True,
    type=_PATH,
    help="A YAML file in place of the agreement of its id, in every version.",
)
@click.option(
    "--calendar",
    "calendars",
    multiple=True,
    metavar="NAME=FILE",
    help="A YAML file in place of the calendar of that name.",
)
@click.option("--json", "how", flag_value="json", help="Everything, as JSON.")
@click.option("--csv", "how", flag_value="csv", help="The cycles that differ, as CSV.")
def what_if(source: str, tenant: str, how: str | None, **given: Any) -> None:
    """Print both results of one history: under its own terms, and under other terms. Writes
    nothing.

    SOURCE is a file of timelines (- is standard input), each with its `what_if`; or the reference
    of a case on the running platform. With --since and --until: every case that the tenant got in
    that period.
    """
    since, until = given["since"], given["until"]
    changes = given["agreements"], given["calendars"]
    if since or until:
        if not (since and until and tenant):
            raise click.UsageError("a period needs --tenant, --since and --until")
        show(month(tenant, since, until, read_changes(*changes)), how)
    elif source == "-" or Path(source).is_file():
        with click.open_file(source, "rb") as file:
            sys.exit(answer_documents(file.read(), both_readings))
    else:
        show(one_case(source, tenant, read_changes(*changes)), how)
