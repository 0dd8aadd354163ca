"""The notification state of a case: what its mails name, and who gets them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from case_definition.rules.case_state import STATE_EVENTS, CaseState, fold_case_state
from case_events.contracts import every_contract
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    CommentAdded,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked, CaseUnlinked, WatchersJoined
from case_events.contracts.parts import Person
from case_events.contracts.people import WatcherAdded, WatcherRemoved
from case_events.contracts.sla import (
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
)
from case_events.contracts.unregistered import joined_watchers
from case_events.envelope import Actor, Record
from msgspec import Struct
from msgspec.structs import replace

from case_notify.domain.address_state import address_key

MOST_HEARD = 20
"""The most addresses of which the last mail is known."""
LONGEST_TITLE = 200
LONGEST_COMMENT = 20_000


class TargetClock(Struct, frozen=True, omit_defaults=True):
    """A target as mails name it: its due, and the escalation levels that were notified in this
    cycle."""

    due: datetime | None = None
    cycle: int = 0
    levels: tuple[int, ...] = ()


class LastComment(Struct, frozen=True):
    """The last public comment and its cause, until something else happens.

    A comment that comes with a transition appears in the mail about the transition.
    """

    cause: UUID
    text: str


class AnsweredMail(Struct, frozen=True):
    """The mail of the contact that caused the current events: its record, the address that it came
    from, and whether it asks that no machine answers it."""

    cause: UUID
    address: str
    no_answer: bool


class Initiator(Struct, frozen=True):
    """The person who caused the current events, and the record. Consequences count as caused by
    this person."""

    cause: UUID
    actor: Actor


class NotificationState(CaseState, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a case that mails about it need.

    `began` and `incoming` are the Message-IDs of the contact's first and latest mail, `root` that
    of the first mail that we sent; these keep the thread in one piece. `watchers` are keyed by
    their ids in the history; the person has the address of a watcher who is in no directory.
    `joined` has the contacts of the cases that were merged into this one, by case, and
    `watchers_of_joined` their watchers. `answered` are the times of automatic replies, by a hash of
    the address; a tenant has those to mails without a case. `heard` are the times of the last mails
    of people, by a hash of the address.
    """

    person: Person = Person()
    language: str = ""
    clocks: dict[str, TargetClock] = {}
    began: str = ""
    incoming: str = ""
    root: str = ""
    last_comment: LastComment | None = None
    initiator: Initiator | None = None
    joined: dict[str, str] = {}
    watchers_of_joined: dict[str, dict[str, Person]] = {}
    watchers: dict[str, Person] = {}
    answered: dict[str, tuple[datetime, ...]] = {}
    heard: dict[str, datetime] = {}
    mail: AnsweredMail | None = None

    @property
    def short_title(self) -> str:
        """The title as subjects and calls name it: at most 200 characters."""
        return self.title[:LONGEST_TITLE]


def fold(state: NotificationState, record: Record) -> NotificationState:
    """The notification state after one event of the case history."""
    if state.last_comment is not None and state.last_comment.cause != record.causation:
        state = replace(state, last_comment=None)
    mail = state.mail if state.mail and state.mail.cause == record.causation else None
    state = replace(state, initiator=_initiator(state, record), mail=mail)
    own = FOLDS.get(type(record.data))
    return own(state, record.data, record) if own else fold_case_state(state, record.data)


def _initiator(state: NotificationState, record: Record) -> Initiator | None:
    if record.actor.kind == "system" or record.causation is None:
        before = state.initiator
        return before if before is not None and before.cause == record.causation else None
    return Initiator(record.causation, record.actor)


def is_news(state: NotificationState, event: Event) -> bool:
    """Whether an event is news for people. A deadline is news if its due is another one, and if the
    clock runs."""
    if not isinstance(event, DeadlineSet):
        return True
    known = state.clocks.get(event.target, TargetClock()).due
    return event.due is not None and event.due != known


def _created(state: NotificationState, event: CaseCreated, record: Record) -> NotificationState:
    created = NotificationState(
        channel=record.channel,
        person=_person(event),
        language=event.language,
        began=event.message_id,
        incoming=event.message_id,
    )
    return fold_case_state(_heard(created, event, record), event)


def _heard(
    state: NotificationState, event: CaseCreated | CommentAdded, record: Record
) -> NotificationState:
    """The state after a mail of a person; unchanged after anything else."""
    address = event.personal.author.address
    if not event.message_id or not address:
        return state
    mark = address_key(address)
    others = {one: at for one, at in state.heard.items() if one != mark}
    heard = dict(list(others.items())[-MOST_HEARD + 1 :]) | {mark: record.recorded_at}
    by_contact = isinstance(event, CaseCreated) or event.author == "contact"
    cause = record.causation if by_contact else None
    mail = AnsweredMail(cause, address, event.no_answer) if cause is not None else None
    return replace(state, heard=heard, mail=mail)


def _person(event: CaseCreated) -> Person:
    """The person to write to if the directory does not have the contact."""
    unregistered = event.personal.unregistered
    if unregistered.is_named:
        return Person(unregistered.address, unregistered.name)
    return event.personal.author


def _commented(state: NotificationState, event: CommentAdded, record: Record) -> NotificationState:
    cause, state = record.causation, _heard(state, event, record)
    if event.author == "contact" and event.message_id:
        state = replace(state, began=state.began or event.message_id, incoming=event.message_id)
    if event.public and cause is not None:
        return replace(
            state, last_comment=LastComment(cause, event.personal.text[:LONGEST_COMMENT])
        )
    return state


def _timed(
    state: NotificationState,
    event: DeadlineSet | DeadlineWarned | TargetBreached | EscalationRaised,
    record: Record,
) -> NotificationState:
    clock = state.clocks.get(event.target, TargetClock())
    if clock.cycle != event.cycle:
        clock = TargetClock(clock.due, event.cycle)
    match event:
        case DeadlineSet(due=due) | DeadlineWarned(due=due) | TargetBreached(due_at=due):
            clock = replace(clock, due=due or clock.due)
        case EscalationRaised(level=level):
            clock = replace(clock, levels=(*clock.levels, level))
    return replace(state, clocks=state.clocks | {event.target: clock})


def _watched(state: NotificationState, event: WatcherAdded, record: Record) -> NotificationState:
    return replace(state, watchers=state.watchers | {event.watcher: event.personal})


def _unwatched(
    state: NotificationState, event: WatcherRemoved, record: Record
) -> NotificationState:
    left = {key: one for key, one in state.watchers.items() if key != event.watcher}
    return replace(state, watchers=left)


def _watched_before(
    state: NotificationState, event: WatchersJoined, record: Record
) -> NotificationState:
    """The state with the watchers of a case that was merged into this one, instead of its earlier
    watchers."""
    kept = {
        case: them for case, them in state.watchers_of_joined.items() if case != str(event.case)
    }
    if event.watchers:
        kept[str(event.case)] = joined_watchers(event)
    return replace(state, watchers_of_joined=kept)


def _linked(
    state: NotificationState, event: CaseLinked | CaseUnlinked, record: Record
) -> NotificationState:
    if (event.kind, event.direction) != ("merge", "from"):
        return fold_case_state(state, event)
    joined = {case: who for case, who in state.joined.items() if case != str(event.case)}
    if isinstance(event, CaseLinked):
        joined[str(event.case)] = event.contact
    return replace(state, joined=joined)


FOLDS: Mapping[type[Event], Callable[[NotificationState, Any, Record], NotificationState]] = {
    CaseCreated: _created,
    CommentAdded: _commented,
    DeadlineSet: _timed,
    DeadlineWarned: _timed,
    TargetBreached: _timed,
    EscalationRaised: _timed,
    WatcherAdded: _watched,
    WatcherRemoved: _unwatched,
    WatchersJoined: _watched_before,
    CaseLinked: _linked,
    CaseUnlinked: _linked,
}
"""The changes by events to the notification state, in addition to those of the case's state."""

FOLDED_EVENTS = frozenset(
    (
        *FOLDS,
        *STATE_EVENTS,
        *(known.event for known in every_contract() if known.notice is not None),
    )
)
"""The events of which notices tell, or which change what a notice may name."""
