"""Deciding on fields: set with a step, with a phase, or alone."""

from collections.abc import Mapping
from typing import Any

from case_definition.lookup.definition import Definition
from case_definition.rules.editing import edit_limit
from case_definition.schema.definition import Transition
from case_definition.schema.phases import Phase
from case_events.contracts.commands import ChangeStatus
from case_events.contracts.phases import ChangePhase

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Refusal, Requester, named, not_allowed, variables


def is_complete(
    case: Case,
    step: Transition | Phase,
    command: ChangeStatus | ChangePhase,
    requester: Requester,
    definition: Definition,
) -> Refusal | None:
    """The refusal of a step that lacks a required field or comment; None if it is complete."""
    section = "phases" if isinstance(step, Phase) else "transitions"
    title = named(section, step.name, requester, definition)
    if step.requires.comment and not command.personal.text.strip():
        return Refusal("invalid", "text", "required", f"Write a comment with {title}.")
    filled = case.fields | command.fields
    for name in definition.required_by(step, case.case_type):
        if not filled.get(name, "").strip():
            reason = f"{title} needs {named('fields', name, requester, definition)} filled in."
            return Refusal("invalid", name, "required", reason)
    return fields_are_good(case, command.fields, requester, definition)


def may_edit(
    case: Case,
    requester: Requester,
    fields: Mapping[str, str],
    definition: Definition,
    **event: Any,
) -> Refusal | None:
    """The refusal if the requester may not change one of these fields; None if they may.

    A form also sends fields that it leaves as they are: no rule is evaluated for those.
    """
    known, changed = variables(case, requester, definition, **event), changed_fields(case, fields)
    for name in fields:
        limit = edit_limit(definition, name, requester.capacity, known)
        title = named("fields", name, requester, definition)
        if limit == "editable_by":
            return not_allowed(limit, f"A {requester.capacity} does not change {title}.", name)
        if limit is not None and name in changed:
            return not_allowed(limit, f"{title} is not for you to change now.", name)
    return None


def changed_fields(case: Case, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields whose value differs from that of the case."""
    return {name: value for name, value in fields.items() if case.fields.get(name, "") != value}


def fields_are_good(
    case: Case, fields: Mapping[str, str], requester: Requester, definition: Definition
) -> Refusal | None:
    """The refusal of the first bad value; None if all are good."""
    for problem in definition.change_problems(case.case_type, fields, requester.agents):
        reason = problem.sentence(named("fields", problem.field, requester, definition))
        return Refusal("invalid", problem.field, problem.rule, reason)
    return None
