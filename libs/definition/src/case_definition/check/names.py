"""Checks names: each is declared once, and each used name is declared."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.numbering import reference_problem
from case_definition.source.findings import DefinitionProblem, meant
from case_definition.source.yaml import DocPath


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def unknown(
    path: DocPath, kind: str, name: str, known: Collection[str]
) -> Iterator[DefinitionProblem]:
    """A problem if `name` is not among `known`; `kind` is its word, such as `status`."""
    if name in known:
        return
    hint = meant(name, known) or f"there is {', '.join(known) or 'none'}"
    yield DefinitionProblem(
        path, f"unknown-{kind.replace(' ', '-')}", f"unknown {kind} `{name}`; {hint}"
    )


def all_unknown(
    path: DocPath, kind: str, names: Iterable[str], known: Collection[str]
) -> Iterator[DefinitionProblem]:
    """The same for each name of a list."""
    for position, name in enumerate(names):
        yield from unknown((*path, position), kind, name, known)


def twice(path: DocPath, names: Sequence[str], key: str = "name") -> Iterator[DefinitionProblem]:
    """A problem for each repeated name."""
    for position, name in enumerate(names):
        if name in names[:position]:
            sentence = f"`{name}` is there already; give this one another name or remove it"
            yield DefinitionProblem((*path, position, key), "duplicate-name", sentence)


def name_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Names that are declared twice, and names that are used but not declared."""
    yield from _duplicates(document)
    yield from _in_case_types(document)
    yield from _in_steps(document)
    yield from _in_the_rest(document)
    if problem := reference_problem(document.references.format):
        yield DefinitionProblem(("references", "format"), "reference-format", problem)


def _duplicates(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    lists: dict[str, Sequence[_Named]] = {
        "channels": document.channels,
        "fields": document.fields,
        "case_types": document.case_types,
        "statuses": document.statuses,
        "transitions": document.transitions,
        "automations": document.automations,
        "approvals": document.approvals,
        "teams": document.teams,
        "notices": document.notices,
        "webhooks": document.webhooks,
        "phases": document.phases,
        "rankings": document.rankings,
        "decisions": document.decisions,
        "tags": document.tags,
    }
    for section, items in lists.items():
        yield from twice((section,), [item.name for item in items])
    for position, kind in enumerate(document.case_types):
        yield from twice(("case_types", position, "fields"), kind.field_names, "field")
    for place, names in _plain_lists(document).items():
        for at, name in enumerate(names):
            if name in names[:at]:
                sentence = f"`{name}` is there already; remove one of the two"
                yield DefinitionProblem((*place, at), "duplicate-name", sentence)


def _plain_lists(document: DefinitionDocument) -> dict[DocPath, Sequence[str]]:
    """Lists of names without repetition, by their places."""
    found: dict[DocPath, Sequence[str]] = {
        ("languages",): document.languages,
        ("priorities", "scale"): document.priorities.scale,
        ("mail", "receives"): [address.lower() for address in document.mail.receives],
    }
    found |= {("fields", at, "options"): field.options for at, field in enumerate(document.fields)}
    return found


def _in_case_types(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    statuses, fields, kinds = _names(document.statuses), _names(document.fields), _kinds(document)
    for position, kind in enumerate(document.case_types):
        path = ("case_types", position)
        yield from unknown((*path, "start_status"), "status", kind.start_status, statuses)
        priority = kind.start_priority.priority
        yield from unknown(
            (*path, "start_priority", "priority"), "priority", priority, document.priorities.scale
        )
        for at, use in enumerate(kind.fields):
            yield from unknown((*path, "fields", at, "field"), "field", use.field, fields)
        yield from all_unknown((*path, "reclassify_to"), "case type", kind.reclassify_to, kinds)
        if kind.name in kind.reclassify_to:
            where = (*path, "reclassify_to", kind.reclassify_to.index(kind.name))
            yield DefinitionProblem(
                where, "itself", f"a `{kind.name}` is one already; remove it here"
            )


def _in_steps(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    statuses, kinds = _names(document.statuses), _kinds(document)
    used = [name for kind in document.case_types for name in kind.field_names]
    for position, step in enumerate(document.transitions):
        path = ("transitions", position)
        yield from all_unknown((*path, "from"), "status", step.from_statuses, statuses)
        yield from unknown((*path, "to"), "status", step.to, statuses)
        yield from all_unknown((*path, "case_types"), "case type", step.case_types, kinds)
        yield from all_unknown((*path, "requires", "fields"), "field", step.requires.fields, used)


def _in_the_rest(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    languages, teams = document.languages, _names(document.teams)
    yield from unknown(("default_language",), "language", document.default_language, languages)
    for position, team in enumerate(document.teams):
        yield from unknown(("teams", position, "language"), "language", team.language, languages)
    hooks = _names(document.webhooks)
    for position, notice in enumerate(document.notices):
        if notice.webhook:
            yield from unknown(("notices", position, "webhook"), "webhook", notice.webhook, hooks)
    asked = document.consultation.teams
    yield from all_unknown(("consultation", "teams"), "team", asked, teams)
    for position, route in enumerate(document.routing):
        yield from unknown(("routing", position, "team"), "team", route.team, teams)
    for position, level in enumerate(document.escalation):
        yield from unknown(
            ("escalation", position, "language"), "language", level.language, languages
        )


def _names(items: Iterable[_Named]) -> list[str]:
    return [item.name for item in items]


def _kinds(document: DefinitionDocument) -> list[str]:
    return _names(document.case_types)
