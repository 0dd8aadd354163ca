"""Every rule and expression of a definition, with its place."""

from collections.abc import Iterator, Sequence
from typing import Any

from case_definition.schema.definition import DefinitionDocument
from case_definition.source.yaml import DocPath

SECTIONS_WITH_RULES = (
    *(
        "channels",
        "case_types",
        "transitions",
        "automations",
        "routing",
        "notices",
        "targets",
        "timers",
    ),
    *("approvals", "phases", "channels"),
)
"""The sections whose parts have a rule, `when`."""


def rules_of(document: DefinitionDocument) -> Iterator[tuple[DocPath, str]]:
    """Every rule with its path."""
    ruled: dict[DocPath, Sequence[Any]] = {
        (name,): getattr(document, name) for name in SECTIONS_WITH_RULES
    }
    if document.work is not None:
        ruled["work", "allowances"] = document.work.allowances
        ruled["work", "billing"] = document.work.billing
    for section, parts in ruled.items():
        for position, part in enumerate(parts):
            if part.when is not None:
                yield (*section, position, "when"), part.when
    for position, field in enumerate(document.fields):
        if field.editable_when is not None:
            yield ("fields", position, "editable_when"), field.editable_when
    for place, rule in document.links.rules():
        yield ("links", *place, "when"), rule


def expressions_of(document: DefinitionDocument) -> Iterator[str]:
    """Every expression of a ranking: numbers and rules."""
    for ranking in document.rankings:
        for criterion in ranking.criteria:
            if expression := criterion.number or criterion.when:
                yield expression
