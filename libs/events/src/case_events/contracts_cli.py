"""`casefold contracts`: the schemas and documents of every event, made of the contracts."""

import json
from pathlib import Path
from typing import Any

import click

from case_events.asyncapi import asyncapi as asyncapi_document
from case_events.catalogue import every_schema
from case_events.events_page import events_page

LIBRARY = Path(__file__).parents[2]
SCHEMAS = LIBRARY / "schema"
PAGE = LIBRARY.parents[1] / "docs" / "events.md"


@click.group()
def contracts() -> None:
    """What every topic and event says, for people and machines."""


@contracts.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=SCHEMAS,
    help="Where they go; libs/events/schema where it is left out.",
)
def schema(folder: Path) -> None:
    """Write the JSON Schema of every event, and of the record around it.

    Schemas of earlier versions stay as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schemas = every_schema()
    for name, document in schemas.items():
        (folder / f"{name}.json").write_text(as_text(document))
    click.echo(f"{len(schemas)} schemas written to {folder}")


@contracts.command()
def asyncapi() -> None:
    """Print the AsyncAPI 3.0 document of every topic and event, as JSON."""
    click.echo(as_text(asyncapi_document()), nl=False)


@contracts.command()
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=PAGE,
    help="Where it goes; docs/events.md where it is left out.",
)
def page(file: Path) -> None:
    """Write the page that shows every topic and event."""
    file.write_text(events_page())
    click.echo(f"written to {file}")


def as_text(document: dict[str, Any]) -> str:
    """A document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
