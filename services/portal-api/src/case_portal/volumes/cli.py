"""`casefold report volumes`, `backlog` and `ratings`."""

from typing import Any

import click

from case_portal.volumes.schemas import NARROWED, OF_CASES, OF_OPEN
from case_portal.web.api_client import table
from case_portal.web.report_client import asked_of, get_report


@click.command("volumes")
@click.option("--by", multiple=True, help=OF_CASES)
@asked_of(NARROWED)
def volumes(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """How many cases came in, were solved, closed and reopened in a period."""
    answer = get_report("volumes", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            f"{line['came']:,} came in",
            f"{line['solved']:,} solved",
            f"{line['closed']:,} closed",
            f"{line['reopened']:,} reopened",
        ]
        for line in answer.json()["lines"]
    ]
    table(rows, "Nothing happened in this period.")


@click.command("backlog")
@click.option("--by", multiple=True, default=("status",), help=OF_OPEN)
@asked_of(NARROWED, (click.option("--at", help="What was open at this instant."),))
def backlog(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """The open cases by age, now or at a given time; the groups with the oldest cases first."""
    answer = get_report("backlog", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            f"{line['total']:,} open",
            *(f"{cases:,} {band.replace('_', ' ')}" for band, cases in line["ages"].items()),
            f"oldest of {line['oldest']}",
        ]
        for line in answer.json()["lines"]
    ]
    table(rows, "No case is open.")


@click.command("ratings")
@click.option("--by", multiple=True, help=OF_CASES)
@asked_of(NARROWED)
def ratings(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """How contacts rated their cases in a period."""
    answer = get_report("ratings", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            f"{line['mean']} of {line['cases']:,} rating{'s' if line['cases'] != 1 else ''}",
        ]
        for line in answer.json()["lines"]
    ]
    table(rows, "No case was rated in this period.")
