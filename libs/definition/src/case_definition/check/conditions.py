"""Checks rules: each compiles, reads known variables, and gives a yes or no."""

from collections.abc import Iterator

from case_definition.cel.rules import rule_defaults
from case_definition.check.comparisons import comparison_problem
from case_definition.lookup.form import empty_value
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.rule_paths import rules_of
from case_definition.schema.rule_places import place_of, place_problem
from case_definition.source.findings import DefinitionProblem


def condition_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the rules of a definition."""
    for path, rule in rules_of(document):
        if problem := condition_problem(rule, place_of(path), document):
            yield DefinitionProblem(path, "rule", problem)


def condition_problem(
    rule: str, place: str, document: DefinitionDocument, *, number: bool = False
) -> str | None:
    """The problem with a rule in a place of a definition or an agreement, or with an expression
    that gives a number."""
    known = rule_defaults({field.name: empty_value(field) for field in document.fields})
    problem = place_problem(rule, place, known, number=number)
    return problem or (None if number else comparison_problem(rule, document))
