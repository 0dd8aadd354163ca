"""Checks decisions, rankings and ratings: roles, statuses, fields and expressions exist."""

from collections.abc import Iterator

from case_definition.cel.rules import compile_rule, members_asked, rule_problem
from case_definition.check.conditions import condition_problem
from case_definition.check.names import all_unknown, twice, unknown
from case_definition.schema.decisions import Criterion, Decision
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.notices import Notice
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import AGENT_ROLES, RULE_VARIABLES

ASKS_OUTCOME = {"event.type", "event.decision", "event.outcome"}
"""The variables that say which decision it was, and its outcome."""


def decision_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of decisions, rankings and ratings."""
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
        yield from _unfollowed(path, one, document)
        if one.plans_release != "no" and document.releases is None:
            sentence = "there are no `releases` to plan for; declare their cycles"
            yield DefinitionProblem((*path, "plans_release"), "no-releases", sentence)
    if document.ratings is not None:
        rated = document.ratings.statuses
        yield from all_unknown(("ratings", "statuses"), "status", rated, statuses)
    yield from _rankings(document)


def _unfollowed(
    path: DocPath, one: Decision, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """A decision whose yes changes nothing and is reported to nobody."""
    told = one.shown or one.answered or any(_tells_a_yes(n, one) for n in document.notices)
    unawaited = {f"decision_yes:{one.name}", "decision_yes"}.isdisjoint(_waited_for(document))
    if not told and one.plans_release == "no" and unawaited:
        sentence = (
            f"nothing follows a yes to `{one.name}`, and nobody is told; let a step or automation "
            f'wait for it (`on: "decision_yes:{one.name}"`), or write a notice `on: decision_made`'
        )
        yield DefinitionProblem(path, "nothing-follows", sentence)


def _tells_a_yes(notice: Notice, one: Decision) -> bool:
    """Whether a notice may report a yes to a decision: no part of its rule that reads only the
    decision and its outcome excludes that."""
    rule = notice.when or ""
    if notice.on != "decision_made" or "||" in rule or "?" in rule:
        return notice.on == "decision_made"
    yes = {"event": {"type": notice.on, "decision": one.name, "outcome": "yes"}}
    parts = [part for part in rule.split("&&") if members_asked(part) <= ASKS_OUTCOME]
    return all(
        compile_rule(part, RULE_VARIABLES).holds(yes)
        for part in parts
        if rule_problem(part, RULE_VARIABLES) is None
    )


def _waited_for(document: DefinitionDocument) -> Iterator[str]:
    """Every trigger and signal for which something in the definition waits."""
    yield from (step.on for step in document.transitions if step.on)
    yield from (phase.on for phase in document.phases if phase.on)
    yield from (automation.on for automation in document.automations)
    for timer in document.timers:
        yield from (*timer.since, *timer.until)
    for metric in document.metrics:
        yield from (*metric.begins, *metric.ends)
    for target in document.targets:
        yield from target.ends


def _roles(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    for position, role in enumerate(document.roles):
        if role in AGENT_ROLES or role in document.roles[:position]:
            sentence = f"`{role}` is a role already; leave this one out"
            yield DefinitionProblem(("roles", position), "duplicate-name", sentence)


def _rankings(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    for position, ranking in enumerate(document.rankings):
        path = ("rankings", position, "criteria")
        yield from twice(path, [criterion.name for criterion in ranking.criteria])
        for at, criterion in enumerate(ranking.criteria):
            yield from _criterion((*path, at), criterion, document)


def _criterion(
    path: DocPath, criterion: Criterion, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    if criterion.when and (problem := condition_problem(criterion.when, "rankings", document)):
        yield DefinitionProblem((*path, "when"), "rule", problem)
    number = criterion.number
    if number and (problem := condition_problem(number, "rankings", document, number=True)):
        yield DefinitionProblem((*path, "number"), "rule", problem)
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
                yield DefinitionProblem((*path, "points"), "points", sentence)
    elif field.type != "number":
        sentence = f"`{field.name}` is no number; write points for each of its answers"
        yield DefinitionProblem((*path, "points"), "points", sentence)
