"""`casefold report topics`."""

from typing import Any

import click

from case_portal.topics.service import TOPIC_DIMENSIONS
from case_portal.web.api_client import table
from case_portal.web.report_client import asked_of, get_report

FILTERS = ("customer", "case_type")


@click.command("topics")
@click.option("--by", multiple=True, type=click.Choice(TOPIC_DIMENSIONS))
@asked_of(FILTERS)
def topics(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """The topics of the cases of a period, most reported first, and the number of their
    articles."""
    answer = get_report("topics", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            line["name"] or "(not said)",
            f"{line['cases']:,} case{'s' if line['cases'] != 1 else ''}",
            f"{line['contacts']:,} contact{'s' if line['contacts'] != 1 else ''}",
            f"{line['articles']:,} article{'s' if line['articles'] != 1 else ''}",
        ]
        for line in answer.json()["lines"]
    ]
    table(rows, "No case came in during this period.")
