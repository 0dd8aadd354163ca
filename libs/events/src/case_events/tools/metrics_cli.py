"""`casefold metrics`: the page of all metrics."""

from typing import IO

import click

from case_events.tools.metrics_page import metrics_page


@click.group()
def metrics() -> None:
    """Write the page of all metrics."""


@metrics.command()
@click.option(
    "--file",
    type=click.File("w", encoding="utf-8"),
    default="docs/metrics.md",
    show_default=True,
    help="The file to write to.",
)
def page(file: IO[str]) -> None:
    """Write the page of all metrics."""
    file.write(metrics_page())
    click.echo(f"written to {file.name}")
