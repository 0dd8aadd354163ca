"""Requests for new cases: parts of a case, follow-ups of one that has ended, problems.

The id of a new case derives from the request, so that one request never makes two cases.
"""

from uuid import UUID, uuid5

from case_definition.lookup.definition import Definition
from case_definition.schema.links import FollowUps
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.links import (
    CaseRequested,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
)
from case_events.contracts.unregistered import with_submitter

from case_workflow.domain.case import Case
from case_workflow.domain.links.decide import may_link, reports_already
from case_workflow.domain.verdict import Refusal, Requester, Verdict, not_allowed, variables

MAX_PARTS = 20
_NO_TITLE = Refusal("invalid", "title", "required", "Give the new case a title.")
_NO_TEXT = Refusal("invalid", "text", "required", "Write what it is about.")


def split_case(
    case: Case, command: SplitCase, requester: Requester, definition: Definition
) -> Verdict:
    """Split parts off into cases of their own."""
    links = definition.document.links
    refusal = may_link(case, links.split, "split", requester, definition)
    if refusal is not None:
        return refusal
    if definition.statuses[case.status].kind == "final" or links.is_problem(case.case_type):
        return not_allowed("status", f"A {case.status} case is not split.", "status")
    if not 0 < len(command.parts) <= MAX_PARTS:
        reason = f"Split off one case at least, and {MAX_PARTS} at most."
        return Refusal("invalid", "parts", "count", reason)
    for part in command.parts:
        if refusal := _wrong_part(case, part, definition):
            return refusal
    return [
        CaseRequested(
            case=_new_id(requester, place),
            reference=case.reference,
            kind="split",
            case_type=part.case_type or case.case_type,
            customer=case.customer,
            contact=case.contact,
            fields=_fields(case, part.case_type or case.case_type, definition),
            personal=with_submitter(part.personal, case.unregistered),
            copied=part.copied,
        )
        for place, part in enumerate(command.parts)
    ]


def _wrong_part(case: Case, part: NewPart, definition: Definition) -> Refusal | None:
    links = definition.document.links
    into = links.split.into if links.split else ()
    case_type = part.case_type or case.case_type
    known = into or tuple(name for name in definition.case_types if not links.is_problem(name))
    if case_type not in known:
        reason = f"A part can be a {', a '.join(known)}."
        return Refusal("invalid", "case_type", "options", reason)
    if not part.personal.title.strip():
        return _NO_TITLE
    if not part.personal.text.strip() and not part.comments:
        return _NO_TEXT
    if len(part.copied) != len(part.comments):
        return Refusal("invalid", "comments", "known", "Name public comments of this case.")
    return None


def request_follow_up(
    case: Case, command: RequestFollowUp, requester: Requester, definition: Definition
) -> Verdict:
    """Ask for a new case that follows one that has ended."""
    terms = definition.document.links.follow_up
    if case.links.merged is not None:
        reason = f"This case goes on in {case.links.merged.reference}: write there."
        return not_allowed("merged", reason, "status")
    refusal = may_link(case, terms, "follow_up", requester, definition)
    if terms is None or refusal is not None:
        return refusal or []
    if case.status not in terms.of:
        return not_allowed("of", f"A {case.status} case gets no follow-up.", "status")
    if requester.capacity not in terms.by:
        return not_allowed("by", f"A {requester.capacity} does not ask for a follow-up.", "command")
    if not command.personal.text.strip():
        return _NO_TEXT
    return [_follow_up(case, terms, command, requester, definition)]


def followed_by_mail(
    case: Case, reply: ReplyReceived, requester: Requester, definition: Definition
) -> CaseRequested | None:
    """The follow-up that a contact's reply begins; None if it begins none."""
    terms = definition.document.links.follow_up
    if terms is None or terms.replies_to_closed != "follow_up" or case.status not in terms.of:
        return None
    known = variables(case, requester, definition, type="follow_up")
    if not terms.is_for(case.case_type) or not definition.holds(terms.when, known):
        return None
    return _follow_up(case, terms, reply, requester, definition)


def _follow_up(
    case: Case,
    terms: FollowUps,
    asked: RequestFollowUp | ReplyReceived,
    requester: Requester,
    definition: Definition,
) -> CaseRequested:
    case_type = terms.case_type or case.case_type
    by_contact = requester.capacity == "contact" and requester.participant
    contact = requester.actor.id if by_contact else case.contact
    mail = asked if isinstance(asked, ReplyReceived) else None
    return CaseRequested(
        case=_new_id(requester),
        reference=case.reference,
        kind="follow_up",
        case_type=case_type,
        customer=case.customer,
        contact=contact,
        fields=_fields(case, case_type, definition),
        attachments=asked.attachments,
        message_id=mail.message_id if mail else "",
        raw=mail.raw if mail else "",
        personal=with_submitter(
            asked.personal, case.unregistered if contact == case.contact else None
        ),
    )


def open_problem(
    case: Case, command: OpenProblem, requester: Requester, definition: Definition
) -> Verdict:
    """Ask for a problem: the common cause of this case and others."""
    problems = definition.document.links.problems
    part = problems.reports if problems else None
    refusal = may_link(case, part, "problem", requester, definition)
    refusal = refusal or reports_already(case, command, definition)
    if problems is None or refusal is not None:
        return refusal or []
    case_type = command.case_type or problems.case_types[0]
    if case_type not in problems.case_types:
        reason = f"A problem is a {', a '.join(problems.case_types)}."
        return Refusal("invalid", "case_type", "options", reason)
    if not command.personal.title.strip():
        return _NO_TITLE
    return [
        CaseRequested(
            case=_new_id(requester),
            reference=case.reference,
            kind="problem",
            case_type=case_type,
            personal=with_submitter(command.personal),
        )
    ]


def _new_id(requester: Requester, place: int = 0) -> UUID:
    return uuid5(UUID(requester.record), f"case/{place}")


def _fields(case: Case, case_type: str, definition: Definition) -> dict[str, str]:
    """The fields that the new case takes over: those that the contact may edit and that its type
    has, and those that hide it from agents."""
    own, hiding = definition.case_types[case_type].field_names, definition.document.hidden_from
    return {
        name: value
        for name, value in case.fields.items()
        if name in hiding or (name in own and "contact" in definition.fields[name].editable_by)
    }
