"""`casefold sla`: the clocks of a case and their explanation."""

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
    """Compute the clocks of a case, for anyone to check."""


@sla.command()
@_FILE
def replay(file: IO[bytes]) -> None:
    """Compute the clocks at the end of a timeline."""
    sys.exit(answer_documents(file.read(), answer))


@sla.command()
@click.argument("source", default="-")
@click.option("--tenant", default="", help="The tenant, if several tenants have such a case.")
@click.option("--at", help="The state of knowledge at this instant, ISO 8601 with an offset.")
@click.option("--target", help="Only this metric.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    help="The language of the explanation of a case of the platform.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON, for a case of the platform.")
def explain(source: str, **how: Any) -> None:
    """Explain why each interval of time counts or does not count.

    SOURCE is a file of timelines (- is standard input), explained in JSON, or the reference of a
    case on the running platform, explained in words and a table.
    """
    if source == "-" or Path(source).is_file():
        with click.open_file(source, "rb") as file:
            sys.exit(answer_documents(file.read(), partial(answer, explain=True)))
    explain_case(source, **how)


@sla.command("what-if")
@click.argument("source", default="-")
@click.option("--tenant", default="", help="Whose cases.")
@click.option("--since", help="The first day of the cases: a date in the time zone of the tenant.")
@click.option("--until", help="The day after the last day of the cases: a date.")
@click.option(
    "--agreement",
    "agreements",
    multiple=True,
    type=_PATH,
    help="A YAML file that replaces every version of the agreement with its id.",
)
@click.option(
    "--calendar",
    "calendars",
    multiple=True,
    metavar="NAME=FILE",
    help="A YAML file that replaces the calendar of this name.",
)
@click.option("--json", "how", flag_value="json", help="Everything, as JSON.")
@click.option("--csv", "how", flag_value="csv", help="The cycles that differ, as CSV.")
def what_if(source: str, tenant: str, how: str | None, **given: Any) -> None:
    """Compare the clocks of a history under its own and other terms.

    It writes nothing.

    SOURCE is a file of timelines (- is standard input), each with its `what_if`, or the reference
    of a case on the running platform. With --since and --until, it compares every case that the
    tenant received in that period.
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
