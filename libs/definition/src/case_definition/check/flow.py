"""Checks the life of a case: every status can be reached and left, and there is always an end."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from case_definition.schema.definition import CaseType, DefinitionDocument, Transition
from case_definition.source.findings import DefinitionProblem


def flow_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Statuses that cannot be reached, left or ended; automatic steps that compete."""
    yield from _unreachable(document)
    yield from _without_end(document)
    yield from _after_the_end(document)
    yield from _competing(document)


def reachable(start: Iterable[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    """Everything that `steps` lead to from `start`, including the start itself."""
    found, leads = set(start), list(steps)
    while more := {to for source, to in leads if source in found} - found:
        found |= more
    return found


def _steps(document: DefinitionDocument, kind: CaseType) -> list[tuple[str, str]]:
    return [
        (source, step.to)
        for step in document.transitions
        if step.is_for(kind.name)
        for source in step.from_statuses
    ]


def _starts(document: DefinitionDocument, kind: CaseType) -> list[str]:
    """The statuses that a case of this type can have without a step."""
    phases = [phase.status for phase in document.phases if phase.is_for(kind.name)]
    return [kind.start_status, *(status for status in phases if status is not None)]


def gets_to(document: DefinitionDocument, kind: CaseType) -> set[str]:
    """The statuses that a case of this type can reach."""
    return reachable(_starts(document, kind), _steps(document, kind))


def _unreachable(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    reached = {document.links.merge.status} if document.links.merge else set()
    for kind in document.case_types:
        reached |= gets_to(document, kind)
    for position, status in enumerate(document.statuses):
        if status.name not in reached:
            sentence = f"no case ever gets to `{status.name}`; add a transition to it or remove it"
            yield DefinitionProblem(("statuses", position), "unreachable", sentence)


def _without_end(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    final = [status.name for status in document.statuses if status.kind == "final"]
    if not final:
        yield DefinitionProblem(("statuses",), "no-end", "give at least one status `kind: final`")
        return
    for position, status in enumerate(document.statuses):
        for kind in document.case_types:
            steps = _steps(document, kind)
            if status.name not in gets_to(document, kind):
                continue
            if status.name in final:
                continue
            following = reachable([status.name], steps)
            if following == {status.name}:
                sentence = f"`{kind.name}` cannot leave `{status.name}`; add a transition from it"
                yield DefinitionProblem(("statuses", position), "dead-end", sentence)
            elif following.isdisjoint(final):
                sentence = (
                    f"from `{status.name}` no `{kind.name}` can come to an end; "
                    f"add a way to {' or '.join(final)}"
                )
                yield DefinitionProblem(("statuses", position), "no-end", sentence)


def _after_the_end(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    final = {status.name for status in document.statuses if status.kind == "final"}
    for position, step in enumerate(document.transitions):
        for at, source in enumerate(step.from_statuses):
            if source in final:
                sentence = f"`{source}` is final and cannot be left; make it resolved or remove it"
                yield DefinitionProblem(
                    ("transitions", position, "from", at), "after-end", sentence
                )


def _competing(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    automatic = [(at, step) for at, step in enumerate(document.transitions) if step.on]
    for (_, first), (position, second) in combinations(automatic, 2):
        shared = [name for name in first.from_statuses if name in second.from_statuses]
        if first.on == second.on and shared and not _apart(first, second):
            sentence = (
                f"on `{second.on}` in `{shared[0]}` this competes with `{first.name}`; "
                f"keep one, or give one a rule and the other `!(the same rule)`"
            )
            yield DefinitionProblem(("transitions", position, "on"), "competing", sentence)


def _apart(first: Transition, second: Transition) -> bool:
    """Whether no case can take both steps: other types, or a rule and its exact opposite."""
    kinds, others = set(first.case_types), set(second.case_types)
    if kinds and others and kinds.isdisjoint(others):
        return True
    if first.when is None or second.when is None:
        return False
    return first.when == f"!({second.when})" or second.when == f"!({first.when})"
