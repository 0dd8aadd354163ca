"""Merging a case into another, and undoing the merge."""

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import StatusChanged
from case_events.contracts.links import (
    CaseMerged,
    CommentPassedOn,
    MergeCase,
    MergeUndone,
    UndoMerge,
)

from case_workflow.domain.case import Case
from case_workflow.domain.links.state import CaseLink, MergedInto
from case_workflow.domain.verdict import (
    UNCHANGED,
    Refusal,
    Requester,
    Verdict,
    named,
    not_allowed,
    variables,
)

MERGED, UNDONE = "merged", "merge_undone"
"""The reasons of changes of status that come from no transition."""


def merge_case(
    case: Case, command: MergeCase, requester: Requester, definition: Definition
) -> Verdict:
    """Merge this case into another one about the same matter."""
    merged, terms = case.links.merged, definition.document.links.merge
    if merged is not None:
        if merged.case == command.case:
            return UNCHANGED
        return not_allowed("merged", f"This case goes on in {merged.reference} already.", "status")
    if terms is None or not terms.is_for(case.case_type) or _is_problem(case, definition):
        case_type = named("case_types", case.case_type, requester, definition)
        return not_allowed("case_types", f"A case of type {case_type} is not merged.", "case_type")
    if definition.statuses[case.status].kind == "final":
        status = named("statuses", case.status, requester, definition)
        return not_allowed("status", f"A case in {status} is not merged.", "status")
    if not definition.holds(terms.when, variables(case, requester, definition, type="merge")):
        return not_allowed("when", "This case cannot be merged now.", "command")
    if command.case is None or command.case == requester.case:
        return Refusal("invalid", "reference", "another", "Name another case than this one.")
    return [
        CaseMerged(command.case, command.reference, case.status),
        StatusChanged(terms.status, case.status, reason=MERGED),
    ]


def undo_merge(
    case: Case, command: UndoMerge, requester: Requester, definition: Definition
) -> Verdict:
    """Undo the merge of this case."""
    if case.links.merged is None:
        return not_allowed("merged", "This case was not merged.", "status")
    return unmerged(case.links.merged, case)


def unmerged(merged: MergedInto, case: Case, reason: str = "") -> list[Event]:
    """The events that give the case the status from before its merge."""
    return [
        MergeUndone(merged.case, merged.reference, reason),
        StatusChanged(merged.status, case.status, reason=UNDONE),
    ]


def passed_on(to: MergedInto | CaseLink, comment: str, author: str) -> list[Event]:
    """The event that passes a comment on to another case."""
    return [CommentPassedOn(comment, author, to.case, to.reference)]


def _is_problem(case: Case, definition: Definition) -> bool:
    return definition.document.links.is_problem(case.case_type)
