"""Deciding on links between cases, requested by people or by other cases."""

from case_definition.lookup.definition import Definition
from case_definition.schema.links import Linking
from case_events.contracts.links import (
    AcceptLink,
    CaseLinked,
    CaseUnlinked,
    LinkCase,
    RemoveLink,
    UnlinkCase,
)

from case_workflow.domain.case import Case
from case_workflow.domain.links.merge import unmerged
from case_workflow.domain.links.state import CaseLink, flipped
from case_workflow.domain.people.decide import watchers_left
from case_workflow.domain.verdict import (
    UNCHANGED,
    InterCaseRequest,
    Refusal,
    Requester,
    Verdict,
    named,
    not_allowed,
    variables,
)

MAX_LINKS = 1_000
"""The most links of one case, in both directions: its state has each of them."""
UNDONE_BY_PEOPLE = ("problem", "duplicate")
"""The links that people may remove. The other kinds record what happened."""


def may_link(
    case: Case, part: Linking | None, what: str, requester: Requester, definition: Definition
) -> Refusal | None:
    """Why this case may not be linked in that way; None if it may."""
    if part is None:
        return not_allowed("links", f"This desk knows no {what} of cases.", "command")
    if not part.is_for(case.case_type):
        case_type = named("case_types", case.case_type, requester, definition)
        reason = f"There is no {what} of a case of type {case_type}."
        return not_allowed("case_types", reason, "case_type")
    if not definition.holds(part.when, variables(case, requester, definition, type=what)):
        return not_allowed("when", f"The {what} of this case is not possible now.", "command")
    return None


def link_case(
    case: Case, command: LinkCase, requester: Requester, definition: Definition
) -> Verdict:
    """Link this case to a problem that it reports, or to a case that it duplicates."""
    links = definition.document.links
    if command.kind == "problem":
        part = links.problems.reports if links.problems else None
        refusal = may_link(case, part, "problem", requester, definition)
        refusal = refusal or reports_already(case, command, definition)
    elif command.kind == "duplicate":
        refusal = may_link(case, links.duplicates, "duplicate", requester, definition)
    else:
        return Refusal("invalid", "kind", "options", "Link to a problem, or as a duplicate.")
    if refusal := refusal or other_case(command, requester):
        return refusal
    assert command.case is not None
    if case.links.find(command.kind, "to", command.case):
        return UNCHANGED
    if _is_full(case):
        reason = f"A case is linked to {MAX_LINKS:,} others at the most: unlink one first."
        return Refusal("invalid", "reference", "most", reason)
    return [
        CaseLinked(
            kind=command.kind, direction="to", case=command.case, reference=command.reference
        )
    ]


def other_case(command: LinkCase, requester: Requester) -> Refusal | None:
    """The problem with the named case; None if there is none."""
    if command.case is None:
        return Refusal("unknown", "reference", "known", "There is no such case.")
    if command.case == requester.case:
        return Refusal("invalid", "reference", "another", "Name another case than this one.")
    return None


def reports_already(case: Case, command: object, definition: Definition) -> Refusal | None:
    """Why a case cannot report a further problem; None if it can."""
    if definition.document.links.is_problem(case.case_type):
        return not_allowed("case_types", "A problem does not report another one.", "case_type")
    for link in case.links.of("problem", "to"):
        if link.case != getattr(command, "case", None):
            reason = f"This case reports {link.reference} already: unlink it first."
            return not_allowed("one_problem", reason, "reference")
    return None


def unlink_case(
    case: Case, command: UnlinkCase, requester: Requester, definition: Definition
) -> Verdict:
    """Remove a link that people made."""
    if command.kind not in UNDONE_BY_PEOPLE:
        reason = f"That a {command.kind} was made stays true; only people's links are taken away."
        return Refusal("invalid", "kind", "options", reason)
    for direction in ("to", "from"):
        link = case.links.find(command.kind, direction, command.case)
        if link is not None:
            return [_unlinked(case, link, definition)]
    return UNCHANGED


def accept_link(
    case: Case, command: AcceptLink, requester: Requester, definition: Definition
) -> Verdict:
    """Accept a link that another case requests; or ask that case to remove its side, with the
    reason."""
    if case.links.find(command.kind, command.direction, command.case):
        return UNCHANGED
    if reason := _impossible(case, command, requester, definition):
        dropped = RemoveLink(
            case=requester.case or command.case,
            reference=case.reference,
            kind=command.kind,
            direction=flipped(command.direction),
            reason=reason,
        )
        return InterCaseRequest(command.case, dropped)
    link = CaseLink(
        command.kind, command.direction, command.case, command.reference,
        command.contact, command.customer,
    )  # fmt: skip
    return [
        CaseLinked(
            kind=link.kind,
            direction=link.direction,
            case=link.case,
            reference=link.reference,
            contact=link.contact,
            customer=link.customer,
            weight=_weight((*case.links.of("problem", "from"), link), definition)
            if _is_report(link)
            else 0,
        )
    ]


def _impossible(
    case: Case, command: AcceptLink, requester: Requester, definition: Definition
) -> str:
    """The reason why another case cannot be linked here; empty if it can."""
    if not case.exists:
        return "unknown"
    if command.case == requester.case:
        return "itself"
    if _is_full(case):
        return "most"
    links, final = definition.document.links, definition.statuses[case.status].kind == "final"
    if command.kind == "merge":
        if case.links.merged is not None or final:
            return "ended"
        theirs = (command.customer or command.contact, False)
        ours = (case.customer or case.contact, links.is_problem(case.case_type))
        return "" if theirs == ours else "other_customer"
    if command.kind == "problem" and command.direction == "from":
        if links.problems is None or case.case_type not in links.problems.case_types:
            return "no_problem"
        return "ended" if final or case.status in links.problems.solved_in else ""
    return ""


def remove_link(
    case: Case, command: RemoveLink, requester: Requester, definition: Definition
) -> Verdict:
    """Remove a link that the other case has removed or could not accept."""
    merged = case.links.merged
    if command.kind == "merge" and command.direction == "to":
        if merged is None or merged.case != command.case:
            return UNCHANGED
        return unmerged(merged, case, command.reason)
    link = case.links.find(command.kind, command.direction, command.case)
    if link is None:
        return UNCHANGED
    return [_unlinked(case, link, definition, command.reason), *watchers_left(case, link)]


def _unlinked(case: Case, link: CaseLink, definition: Definition, reason: str = "") -> CaseUnlinked:
    left = tuple(one for one in case.links.of("problem", "from") if one.case != link.case)
    return CaseUnlinked(
        kind=link.kind,
        direction=link.direction,
        case=link.case,
        reference=link.reference,
        reason=reason,
        weight=_weight(left, definition) if _is_report(link) else 0,
    )


def _is_full(case: Case) -> bool:
    return len(case.links.others) >= MAX_LINKS


def _is_report(link: CaseLink) -> bool:
    return link.kind == "problem" and link.direction == "from"


def _weight(reports: tuple[CaseLink, ...], definition: Definition) -> int:
    """The number of different reporters: customers or contacts, as the definition says."""
    problems = definition.document.links.problems
    by_customer = problems is not None and problems.weight == "customers"
    reporters = {
        link.customer if by_customer and link.customer else link.contact for link in reports
    }
    return len(reporters)
