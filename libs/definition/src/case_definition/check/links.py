"""Checks links between cases: existing types and statuses, and problems that contacts cannot
see."""

from collections.abc import Iterable, Iterator

from case_definition.check.names import all_unknown, unknown
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath


def link_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Links that cannot work."""
    kinds = [kind.name for kind in document.case_types]
    links = document.links
    for name in ("duplicates", "merge", "split", "follow_up"):
        part = getattr(links, name)
        named = part.case_types if part else ()
        yield from all_unknown(("links", name, "case_types"), "case type", named, kinds)
    yield from _problems(document, kinds)
    if links.merge is not None:
        yield from _ended(document, ("links", "merge", "status"), [links.merge.status])
    if links.split is not None:
        yield from all_unknown(("links", "split", "into"), "case type", links.split.into, kinds)
    if links.follow_up is not None:
        path = ("links", "follow_up", "case_type")
        if links.follow_up.case_type is not None:
            yield from unknown(path, "case type", links.follow_up.case_type, kinds)
        yield from _ended(document, ("links", "follow_up", "of"), links.follow_up.of)


def _problems(document: DefinitionDocument, kinds: list[str]) -> Iterator[DefinitionProblem]:
    problems = document.links.problems
    if problems is None:
        return
    path: DocPath = ("links", "problems")
    statuses = [status.name for status in document.statuses]
    yield from all_unknown((*path, "case_types"), "case type", problems.case_types, kinds)
    reports = problems.reports.case_types
    yield from all_unknown((*path, "reports", "case_types"), "case type", reports, kinds)
    yield from all_unknown((*path, "solved_in"), "status", problems.solved_in, statuses)
    for at, kind in enumerate(document.case_types):
        for place, name in enumerate(kind.reclassify_to):
            if document.links.is_problem(name) != document.links.is_problem(kind.name):
                sentence = f"a `{kind.name}` cannot become a `{name}`: contacts see one of them"
                yield DefinitionProblem(
                    ("case_types", at, "reclassify_to", place), "problem", sentence
                )
        if kind.name in problems.case_types and kind.created_by != ("system",):
            sentence = (
                f"`{kind.name}` is a problem, which is opened from a report of it; "
                f"write `created_by: [system]`"
            )
            yield DefinitionProblem(("case_types", at, "created_by"), "problem", sentence)


def _ended(
    document: DefinitionDocument, path: DocPath, names: Iterable[str]
) -> Iterator[DefinitionProblem]:
    kinds = {status.name: status.kind for status in document.statuses}
    for name in names:
        if name not in kinds:
            yield from unknown(path, "status", name, list(kinds))
        elif kinds[name] != "final":
            sentence = f"`{name}` is not the end of a case; name a status of `kind: final`"
            yield DefinitionProblem(path, "not-final", sentence)
