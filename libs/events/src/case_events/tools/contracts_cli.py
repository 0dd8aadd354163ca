"""`casefold contracts`: schemas and documents of all events, made from the contracts."""

import json
from pathlib import Path
from typing import IO, Any

import click

from case_events.tools.asyncapi import asyncapi as asyncapi_document
from case_events.tools.events_page import events_page
from case_events.tools.schemas import every_schema
from case_events.tools.topology import with_topology


@click.group()
def contracts() -> None:
    """Write documents of the topics and events."""


@contracts.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default="libs/events/schema",
    show_default=True,
    help="The folder to write to.",
)
def schema(folder: Path) -> None:
    """Write the JSON Schemas of all events and of the record.

    Schemas of earlier versions stay as they are.
    """
    schemas = every_schema()
    for name, document in schemas.items():
        (folder / f"{name}.json").write_text(as_text(document), encoding="utf-8")
    click.echo(f"{len(schemas)} schemas written to {folder}")


@contracts.command()
def asyncapi() -> None:
    """Print the AsyncAPI 3.0 document of all topics, as JSON."""
    click.echo(as_text(asyncapi_document()), nl=False)


@contracts.command()
@click.option(
    "--file",
    type=click.File("w", encoding="utf-8"),
    default="docs/events.md",
    show_default=True,
    help="The file to write to.",
)
def page(file: IO[str]) -> None:
    """Write the page of all topics and events."""
    file.write(events_page())
    click.echo(f"written to {file.name}")


@contracts.command()
@click.argument(
    "pages",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=("README.md", "docs/index.md", "docs/architecture.md"),
)
def topology(pages: tuple[Path, ...]) -> None:
    """Redraw the diagram of services and topics in PAGES.

    Default: README.md, docs/index.md and docs/architecture.md.
    """
    for page in pages:
        try:
            text = with_topology(page.read_text(encoding="utf-8"))
        except ValueError as error:
            raise click.ClickException(f"{page} {error}") from None
        page.write_text(text, encoding="utf-8")
        click.echo(f"drawn in {page}")


def as_text(document: dict[str, Any]) -> str:
    """Return a document as committed JSON text."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
