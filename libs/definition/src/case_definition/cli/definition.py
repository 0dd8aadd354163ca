"""`casefold definition`: check a tenant's definition, draw it, compare it, print its schema."""

import json
import sys
from pathlib import Path

import click
from pydantic import BaseModel

from case_definition.check.folder import check as findings_of
from case_definition.check.folder import examine
from case_definition.pages.graph import mermaid
from case_definition.pages.page import definition_page
from case_definition.publishing.diff import describe_changes, describe_migration
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.upgrade import upgrade as upgraded
from case_definition.source.yaml import Unreadable

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SCHEMAS: dict[str, type[BaseModel]] = {
    "definition": DefinitionDocument,
    "agreement": AgreementDocument,
}


@click.group()
def definition() -> None:
    """Process definitions: what a tenant says, in data."""


@definition.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=_FOLDER)
def check(folders: tuple[Path, ...]) -> None:
    """Print the problems of each FOLDER, with file and line. Exit 1 if there are any."""
    findings = [finding for folder in folders for finding in findings_of(folder)]
    for finding in findings:
        click.echo(str(finding))
    if findings:
        sys.exit(1)


@definition.command()
@click.argument("document", type=click.Choice(list(_SCHEMAS)), default="definition")
def schema(document: str) -> None:
    """Print the JSON Schema of a definition, or of an agreement."""
    click.echo(schema_text(document), nl=False)


@definition.command()
def page() -> None:
    """Print the language of definitions as a page."""
    click.echo(definition_page(), nl=False)


@definition.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=_FOLDER)
def upgrade(folders: tuple[Path, ...]) -> None:
    """Rewrite each FOLDER of version 0.1 in the current words. Comments and layout stay."""
    try:
        replaced = [one for folder in folders for one in upgraded(folder)]
    except Unreadable as failure:
        place = failure.place
        click.echo(f"{place.file}:{place.line}: {failure}", err=True)
        sys.exit(1)
    for one in replaced:
        click.echo(str(one))
    click.echo(f"{len(replaced)} words replaced." if replaced else "Nothing to replace.")


@definition.command()
@click.argument("folder", type=_FOLDER)
def graph(folder: Path) -> None:
    """Draw the life of FOLDER's cases as a Mermaid state diagram."""
    click.echo(mermaid(_read(folder)), nl=False)


@definition.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
def diff(old: Path, new: Path) -> None:
    """Print the differences between two folders in words, and their effect on open cases."""
    before, after = _read(old), _read(new)
    found = describe_changes(before, after)
    for sentence in found or ["Nothing differs."]:
        click.echo(sentence)
    if found:
        click.echo()
        for sentence in describe_migration(before, after):
            click.echo(sentence)


def _read(folder: Path) -> DefinitionDocument:
    """The definition of a folder. Prints its problems and exits with 1 if it is invalid."""
    found = examine(folder)
    if found.definition is None:
        for finding in sorted(found.findings):
            click.echo(str(finding), err=True)
        sys.exit(1)
    return found.definition


def schema_text(document: str) -> str:
    """The JSON Schema of a document, as committed for editors."""
    schema = _SCHEMAS[document].model_json_schema(by_alias=True)
    if document == "definition":
        # Each file of a definition contains only some of its parts.
        del schema["required"], schema["properties"]["texts"]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
