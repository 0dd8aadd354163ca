"""Decides on adding and removing tags."""

from case_definition.lookup.definition import Definition
from case_events.contracts.tags import AddTag, RemoveTag, TagAdded, TagRemoved

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, Verdict


def add_tag(case: Case, command: AddTag, requester: Requester, definition: Definition) -> Verdict:
    """Add a tag that the definition has for the type of the case."""
    possible = [tag.name for tag in definition.document.tags if tag.is_for(case.case_type)]
    if command.tag in case.tags:
        return UNCHANGED
    if command.tag not in possible:
        reason = f"Tags for this case: {', '.join(possible) or 'none'}."
        return Refusal("invalid", "tag", "options", reason)
    return [TagAdded(command.tag)]


def remove_tag(
    case: Case, command: RemoveTag, requester: Requester, definition: Definition
) -> Verdict:
    """Remove a tag, whether the definition still has it or not."""
    return [TagRemoved(command.tag)] if command.tag in case.tags else UNCHANGED
