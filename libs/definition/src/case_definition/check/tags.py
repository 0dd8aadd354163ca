"""Checks tags: each for existing case types."""

from collections.abc import Iterator

from case_definition.check.names import all_unknown
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem


def tag_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Undeclared case types that a tag names."""
    kinds = [kind.name for kind in document.case_types]
    for position, tag in enumerate(document.tags):
        path = ("tags", position, "case_types")
        yield from all_unknown(path, "case type", tag.case_types, kinds)
