"""`casefold metrics`: what every service measures."""

from typing import IO

import click

from case_events.tools.metrics_page import metrics_page


@click.group()
def metrics() -> None:
    """What every service measures."""


@metrics.command()
@click.option(
    "--file",
    type=click.File("w", encoding="utf-8"),
    default="docs/metrics.md",
    show_default=True,
    help="Where it goes.",
)
def page(file: IO[str]) -> None:
    """Write the page that shows every metric."""
    file.write(metrics_page())
    click.echo(f"written to {file.name}")
