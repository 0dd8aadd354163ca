"""The mapping of a migration: every name in it is one that cases have, or can have."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from case_definition.check.names import unknown
from case_definition.check.shape import shape_problems
from case_definition.lookup.definition import Definition
from case_definition.publishing.loading import Unsound
from case_definition.publishing.migration import MigrationDocument, Names, names_of
from case_definition.source.findings import DefinitionProblem, located, unreadable
from case_definition.source.yaml import Source, Unreadable, read_source

WORDS: Mapping[str, str] = {
    "case_types": "case type",
    "statuses": "status",
    "phases": "phase",
    "priorities": "priority",
    "teams": "team",
    "fields": "field",
}


def read_migration(file: Path) -> tuple[MigrationDocument, Source]:
    """The migration in a file, with the line of each part. Raises Unsound."""
    try:
        source = read_source(file)
    except Unreadable as failure:
        raise Unsound([unreadable(failure)]) from failure
    try:
        return MigrationDocument.model_validate(source.data), source
    except ValidationError as failure:
        raise Unsound(located(shape_problems(failure, MigrationDocument), source)) from failure


def mapping_problems(
    mapping: Names, versions: Iterable[Definition], new: Definition
) -> Iterator[DefinitionProblem]:
    """The problems of a mapping: an old name must exist in some version, and a new name in the new
    version."""
    had = [names_of(version) for version in versions]
    for section, names in mapping.items():
        before = dict.fromkeys(name for known in had for name in known[section])
        for name, becomes in names.items():
            yield from unknown((section, name), WORDS[section], name, before)
            yield from unknown((section, name), WORDS[section], becomes, names_of(new)[section])
