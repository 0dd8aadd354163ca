"""Decisions, rankings and ratings: roles, statuses, fields and expressions that there are."""

from collections.abc import Iterator

from case_definition.checks.compared import compared_problem
from case_definition.checks.names import all_unknown, twice, unknown
from case_definition.decisions import Criterion
from case_definition.findings import Problem
from case_definition.form import empty_value
from case_definition.rules import known_facts, number_problem, rule_problem
from case_definition.schema import DefinitionDocument
from case_definition.sources import DocPath
from case_definition.vocabulary import AGENT_ROLES


def deciding_problems(document: DefinitionDocument) -> Iterator[Problem]:
    """What does not fit together in what is decided, ranked and rated."""
    statuses = [status.name for status in document.statuses]
    rankings = [ranking.name for ranking in document.rankings]
    yield from _roles(document)
    for position, one in enumerate(document.decisions):
        path = ("decisions", position)
        roles = [*AGENT_ROLES, *document.roles]
        yield from unknown((*path, "role"), "role", one.role, roles)
        yield from all_unknown((*path, "statuses"), "status", one.statuses, statuses)
        if one.ranking is not None:
            yield from unknown((*path, "ranking"), "ranking", one.ranking, rankings)
        if one.plans_release != "no" and document.releases is None:
            sentence = "there are no `releases` to plan for; declare their cycles"
            yield Problem((*path, "plans_release"), "no-releases", sentence)
    if document.ratings is not None:
        rated = document.ratings.statuses
        yield from all_unknown(("ratings", "statuses"), "status", rated, statuses)
    yield from _rankings(document)


def _roles(document: DefinitionDocument) -> Iterator[Problem]:
    for position, role in enumerate(document.roles):
        if role in AGENT_ROLES or role in document.roles[:position]:
            sentence = f"`{role}` is a role already; leave this one out"
            yield Problem(("roles", position), "duplicate-name", sentence)


def _rankings(document: DefinitionDocument) -> Iterator[Problem]:
    for position, ranking in enumerate(document.rankings):
        path = ("rankings", position, "criteria")
        yield from twice(path, [criterion.name for criterion in ranking.criteria])
        for at, criterion in enumerate(ranking.criteria):
            yield from _criterion((*path, at), criterion, document)


def _criterion(
    path: DocPath, criterion: Criterion, document: DefinitionDocument
) -> Iterator[Problem]:
    known = known_facts({field.name: empty_value(field) for field in document.fields})
    if criterion.when:
        problem = rule_problem(criterion.when, known) or compared_problem(criterion.when, document)
        if problem:
            yield Problem((*path, "when"), "rule", problem)
    if criterion.number and (problem := number_problem(criterion.number, known)):
        yield Problem((*path, "number"), "rule", problem)
    if criterion.field is None:
        return
    fields = {field.name: field for field in document.fields}
    yield from unknown((*path, "field"), "field", criterion.field, fields)
    field = fields.get(criterion.field)
    if field is None:
        return
    if isinstance(criterion.points, dict):
        for answer in criterion.points:
            yield from unknown((*path, "points", answer), "option", answer, field.options)
        for option in field.options:
            if option not in criterion.points:
                sentence = f"add `{option}`, an answer that gets no points here"
                yield Problem((*path, "points"), "points", sentence)
    elif field.type != "number":
        sentence = f"`{field.name}` is no number; write points for each of its answers"
        yield Problem((*path, "points"), "points", sentence)
