"""What the events of one case ask of others. No transaction spans two cases: see `links`."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.commands import AddComment
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.links import (
    BetweenCases,
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    CommentPassedOn,
    Direction,
    DropLink,
    MergeUndone,
    TakeComment,
    TakeLink,
    TakeSolution,
    TakeWatchers,
    WatchersJoined,
)
from case_events.contracts.parts import Involved, LinkKind, Person
from case_events.contracts.people import WatcherAdded, WatcherRemoved
from msgspec import Struct
from msgspec.structs import replace

from case_workflow.domain.case import Case
from case_workflow.domain.links.state import flipped
from case_workflow.domain.verdict import InterCaseRequest

ABOUT_FOLLOWERS = (CaseUnlinked, WatcherAdded, WatcherRemoved, WatchersJoined)
"""What changes who follows a case, after it was merged as well."""


class RequestCause(Struct, frozen=True):
    """What the events come from: the record's data and id, on the case of this id."""

    data: Event
    record: str
    case: UUID


def inter_case_requests(
    case: Case, events: Sequence[Event], cause: RequestCause, definition: Definition
) -> Iterator[InterCaseRequest]:
    """What other cases are asked because of these events; `case` is as it is after them."""
    said: CommentAdded | None = None
    for event in events:
        match event:
            case CommentAdded(public=True):
                said = event
            case StatusChanged():
                yield from _solved(case, event, said, cause, definition)
            case CaseCreated(origin=origin) if origin is not None and origin.kind == "problem":
                yield _take(case, origin.case, "problem", "to", cause)
            case CaseLinked(direction="to", kind=kind, case=other):
                yield _take(case, other, kind, "from", cause)
            case CaseMerged(case=other):
                yield _take(case, other, "merge", "from", cause)
                if (followers := _followers(case, cause)).watchers:
                    yield InterCaseRequest(other, followers)
            case CommentPassedOn():
                yield InterCaseRequest(event.case, _passed_on(case, event, cause))
            case _:
                yield from _dropped(case, event, cause)
    merged = case.links.merged
    if merged is not None and any(isinstance(event, ABOUT_FOLLOWERS) for event in events):
        yield InterCaseRequest(merged.case, _followers(case, cause))


def _followers(case: Case, cause: RequestCause) -> TakeWatchers:
    """Everybody who hears of this case: with those whose own cases went on here before."""
    following = case.people.following()
    contacts = [f"contact/{one.contact}" for one in case.links.of("merge", "from") if one.contact]
    return TakeWatchers(
        case=cause.case,
        reference=case.reference,
        watchers=tuple(dict.fromkeys([*following, *contacts])),
        personal=Involved({key: one for key, one in following.items() if one != Person()}),
    )


def _take(
    case: Case, other: UUID, kind: LinkKind, direction: Direction, cause: RequestCause
) -> InterCaseRequest:
    return InterCaseRequest(
        other,
        TakeLink(
            case=cause.case,
            reference=case.reference,
            kind=kind,
            direction=direction,
            case_type=case.case_type,
            contact=case.contact,
            customer=case.customer,
        ),
    )


def _dropped(case: Case, event: Event, cause: RequestCause) -> Iterator[InterCaseRequest]:
    """The other side of a link that somebody took away here; what it took away it knows."""
    if isinstance(cause.data, DropLink):
        return
    match event:
        case CaseUnlinked(kind=kind, direction=direction, case=other):
            gone = flipped(direction)
        case MergeUndone(case=other):
            kind, gone = "merge", "from"
        case _:
            return
    yield InterCaseRequest(
        other, DropLink(case=cause.case, reference=case.reference, kind=kind, direction=gone)
    )


def _solved(
    case: Case,
    event: StatusChanged,
    said: CommentAdded | None,
    cause: RequestCause,
    definition: Definition,
) -> Iterator[InterCaseRequest]:
    """A problem that is solved tells each of its reports."""
    problems = definition.document.links.problems
    if problems is None or case.case_type not in problems.case_types:
        return
    if event.status not in problems.solved_in or event.previous in problems.solved_in:
        return
    solution = TakeSolution(case=cause.case, reference=case.reference, solution=cause.record)
    if said is not None:
        solution = replace(solution, attachments=said.attachments, personal=said.personal)
    for report in case.links.of("problem", "from"):
        yield InterCaseRequest(report.case, solution)


def _passed_on(case: Case, event: CommentPassedOn, cause: RequestCause) -> BetweenCases:
    asked = cause.data
    if isinstance(asked, TakeSolution):
        return replace(asked, passed_on=True)
    if isinstance(asked, TakeComment):
        return replace(asked, case=cause.case, reference=case.reference)
    if not isinstance(asked, AddComment | ReplyReceived):
        raise TypeError(f"{type(asked).__name__} is nothing that is passed on")
    return TakeComment(
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
