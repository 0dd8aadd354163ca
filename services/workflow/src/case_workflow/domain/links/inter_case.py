"""The requests of one case to others. No transaction spans two cases."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.commands import AddComment
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.links import (
    AcceptLink,
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    CommentPassedOn,
    Direction,
    ForwardComment,
    ForwardSolution,
    ForwardWatchers,
    InterCaseCommand,
    MergeUndone,
    RemoveLink,
    WatchersJoined,
)
from case_events.contracts.parts import LinkKind, Person, WatcherDetails
from case_events.contracts.people import WatcherAdded, WatcherRemoved
from msgspec import Struct
from msgspec.structs import replace

from case_workflow.domain.case import Case
from case_workflow.domain.links.state import flipped
from case_workflow.domain.verdict import InterCaseRequest

ABOUT_FOLLOWERS = (CaseUnlinked, WatcherAdded, WatcherRemoved, WatchersJoined)
"""The events that change the watchers of a case, also of one that was merged."""


class RequestCause(Struct, frozen=True):
    """The cause of events: data and id of the record, and the id of its case."""

    data: Event
    record: str
    case: UUID


def inter_case_requests(
    case: Case, events: Sequence[Event], cause: RequestCause, definition: Definition
) -> Iterator[InterCaseRequest]:
    """The requests to other cases that these events lead to; `case` is the case after them."""
    comment: CommentAdded | None = None
    for event in events:
        match event:
            case CommentAdded(public=True):
                comment = event
            case StatusChanged():
                yield from _solved(case, event, comment, cause, definition)
            case CaseCreated(origin=origin) if origin is not None and origin.kind == "problem":
                yield _link_request(case, origin.case, "problem", "to", cause)
            case CaseLinked(direction="to", kind=kind, case=other):
                yield _link_request(case, other, kind, "from", cause)
            case CaseMerged(case=other):
                yield _link_request(case, other, "merge", "from", cause)
                if (followers := _followers(case, cause)).watchers:
                    yield InterCaseRequest(other, followers)
            case CommentPassedOn():
                yield InterCaseRequest(event.case, _passed_on(case, event, cause))
            case CaseUnlinked() | MergeUndone():
                yield from _removals(case, event, cause)
    merged = case.links.merged
    if merged is not None and any(isinstance(event, ABOUT_FOLLOWERS) for event in events):
        yield InterCaseRequest(merged.case, _followers(case, cause))


def _followers(case: Case, cause: RequestCause) -> ForwardWatchers:
    """The watchers of this case, and the contacts of the cases that were merged into it."""
    following = case.people.following()
    contacts = [f"contact/{one.contact}" for one in case.links.of("merge", "from") if one.contact]
    return ForwardWatchers(
        case=cause.case,
        reference=case.reference,
        watchers=tuple(dict.fromkeys([*following, *contacts])),
        personal=WatcherDetails({key: one for key, one in following.items() if one != Person()}),
    )


def _link_request(
    case: Case, other: UUID, kind: LinkKind, direction: Direction, cause: RequestCause
) -> InterCaseRequest:
    return InterCaseRequest(
        other,
        AcceptLink(
            case=cause.case,
            reference=case.reference,
            kind=kind,
            direction=direction,
            case_type=case.case_type,
            contact=case.contact,
            customer=case.customer,
        ),
    )


def _removals(
    case: Case, event: CaseUnlinked | MergeUndone, cause: RequestCause
) -> Iterator[InterCaseRequest]:
    """The request to remove the other side of a link. A removal that the other case asked for is
    not sent back."""
    if isinstance(cause.data, RemoveLink):
        return
    kind: LinkKind = "merge"
    gone: Direction = "from"
    if isinstance(event, CaseUnlinked):
        kind, gone = event.kind, flipped(event.direction)
    removed = RemoveLink(case=cause.case, reference=case.reference, kind=kind, direction=gone)
    yield InterCaseRequest(event.case, removed)


def _solved(
    case: Case,
    event: StatusChanged,
    comment: CommentAdded | None,
    cause: RequestCause,
    definition: Definition,
) -> Iterator[InterCaseRequest]:
    """The solution of a problem, to each of its reports."""
    problems = definition.document.links.problems
    if problems is None or case.case_type not in problems.case_types:
        return
    if event.status not in problems.solved_in or event.previous in problems.solved_in:
        return
    solution = ForwardSolution(case=cause.case, reference=case.reference, solution=cause.record)
    if comment is not None:
        solution = replace(solution, attachments=comment.attachments, personal=comment.personal)
    for report in case.links.of("problem", "from"):
        yield InterCaseRequest(report.case, solution)


def _passed_on(case: Case, event: CommentPassedOn, cause: RequestCause) -> InterCaseCommand:
    asked = cause.data
    if isinstance(asked, ForwardSolution):
        return replace(asked, passed_on=True)
    if isinstance(asked, ForwardComment):
        return replace(asked, case=cause.case, reference=case.reference)
    if not isinstance(asked, AddComment | ReplyReceived):
        raise TypeError(f"{type(asked).__name__} is nothing that is passed on")
    return ForwardComment(
        case=cause.case,
        reference=case.reference,
        comment=event.comment,
        author=event.author,
        public=asked.public,
        attachments=asked.attachments,
        message_id=getattr(asked, "message_id", ""),
        raw=getattr(asked, "raw", ""),
        personal=asked.personal,
    )
