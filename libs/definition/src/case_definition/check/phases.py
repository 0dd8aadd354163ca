"""Checks phases: each can be entered, and names existing things."""

from collections.abc import Iterator

from case_definition.check.flow import reachable
from case_definition.check.names import all_unknown, unknown
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem


def phase_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the phases of a definition."""
    names = [phase.name for phase in document.phases]
    kinds = [kind.name for kind in document.case_types]
    statuses = [status.name for status in document.statuses]
    used = [name for kind in document.case_types for name in kind.field_names]
    for position, phase in enumerate(document.phases):
        path = ("phases", position)
        yield from all_unknown((*path, "case_types"), "case type", phase.case_types, kinds)
        yield from all_unknown((*path, "next"), "phase", phase.next, names)
        yield from all_unknown((*path, "requires", "fields"), "field", phase.requires.fields, used)
        if phase.status is not None:
            yield from unknown((*path, "status"), "status", phase.status, statuses)
    yield from _never_entered(document)


def _never_entered(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    first = [phase.name for phase in document.phases if phase.first]
    leads = [(phase.name, later) for phase in document.phases for later in phase.next]
    entered = reachable(first, leads)
    for position, phase in enumerate(document.phases):
        path = ("phases", position)
        if phase.name not in entered and not _is_set(document, phase.name):
            sentence = f"no case ever enters `{phase.name}`; make it `first`, or `next` of another"
            yield DefinitionProblem(path, "unreachable", sentence)
        if not phase.by and phase.on is None and not _is_set(document, phase.name):
            sentence = "say who enters this phase (`by`) or on which event it is entered (`on`)"
            yield DefinitionProblem(path, "nobody", sentence)


def _is_set(document: DefinitionDocument, phase: str) -> bool:
    follow = [
        *(one for step in document.transitions for one in step.then),
        *(one for automation in document.automations for one in automation.then),
    ]
    return any(one.set_phase == phase for one in follow)
