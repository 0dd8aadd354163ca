"""Rules: each compiles, asks what is known, and answers yes or no."""

from collections.abc import Iterator

from case_definition.checks.compared import compared_problem
from case_definition.findings import Problem
from case_definition.form import empty_value
from case_definition.ruled import rules_of
from case_definition.rules import known_facts, rule_problem
from case_definition.schema import DefinitionDocument

ASKED_BY_CLOCKS = ("targets", "timers")
"""Sections whose rules may ask less; they are checked where those are."""


def condition_problems(document: DefinitionDocument) -> Iterator[Problem]:
    """What is wrong with the rules of a definition."""
    known = known_facts({field.name: empty_value(field) for field in document.fields})
    for place, rule in rules_of(document):
        if place[0] in ASKED_BY_CLOCKS:
            continue
        if problem := rule_problem(rule, known) or compared_problem(rule, document):
            yield Problem(place, "rule", problem)
