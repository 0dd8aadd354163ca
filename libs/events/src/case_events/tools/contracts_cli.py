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
    """What every topic and event says, for people and machines."""


@contracts.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default="libs/events/schema",
    show_default=True,
    help="Where they go.",
)
def schema(folder: Path) -> None:
    """Write the JSON Schema of every event, and of the record around it.

    Schemas of earlier versions stay as they are.
    """
    schemas = every_schema()
    for name, document in schemas.items():
        (folder / f"{name}.json").write_text(as_text(document), encoding="utf-8")
    click.echo(f"{len(schemas)} schemas written to {folder}")


@contracts.command()
def asyncapi() -> None:
    """Print the AsyncAPI 3.0 document of every topic and event, as JSON."""
    click.echo(as_text(asyncapi_document()), nl=False)


@contracts.command()
@click.option(
    "--file",
    type=click.File("w", encoding="utf-8"),
    default="docs/events.md",
    show_default=True,
    help="Where it goes.",
)
def page(file: IO[str]) -> None:
    """Write the page that shows every topic and event."""
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
    """Draw the picture of services and topics anew, in the PAGES that hold it.

    Without PAGES: in README.md, docs/index.md and docs/architecture.md.
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
