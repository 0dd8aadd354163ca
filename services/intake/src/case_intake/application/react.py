"""Intake's reaction: it remembers the cases there are, numbers those that cases ask for, and takes
in what is submitted on the portal."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseMerged, CaseRequested, MergeUndone
from case_events.contracts.people import WatcherAdded, WatcherRemoved
from case_events.contracts.refusals import InputRefused
from case_events.contracts.submissions import SubmitCase
from case_events.contracts.unregistered import words_of
from case_events.envelope import Record
from case_events.kernel import Draft, Effect, EffectDone, Outcome, Service
from case_events.topics import CASES, REFUSALS, SUBMISSIONS
from msgspec import Struct
from msgspec.structs import replace

NUMBER = "number"
"""The effect of giving a case that was asked for its number."""
SUBMISSION = "submission"
"""The effect of taking in what was submitted on the portal."""


class CaseSnapshot(Struct, frozen=True):
    """Which case it is, as its history says, who watches it, and where it goes on once it was
    merged."""

    tenant: str = ""
    reference: str = ""
    customer: str = ""
    contact: str = ""
    merged_into: UUID | None = None
    watchers: tuple[str, ...] = ()


def react(
    state: CaseSnapshot | None, record: Record, reference: Reference
) -> Outcome[CaseSnapshot]:
    """Remember a case when its history begins, and where it goes on; ask for a number where it
    asks for another case, and for the outcome of what was submitted."""
    known = state or CaseSnapshot(tenant=record.tenant)
    reaction = REACTIONS.get(type(record.data))
    return reaction(known, record.data, record) if reaction else Outcome(state=known)


def _begins(known: CaseSnapshot, event: CaseCreated, record: Record) -> Outcome[CaseSnapshot]:
    begun = CaseSnapshot(record.tenant, event.reference, event.customer, event.contact)
    return Outcome(state=begun)


def _merged(known: CaseSnapshot, event: CaseMerged, record: Record) -> Outcome[CaseSnapshot]:
    return Outcome(state=replace(known, merged_into=event.case))


def _by_itself(known: CaseSnapshot, event: MergeUndone, record: Record) -> Outcome[CaseSnapshot]:
    return Outcome(state=replace(known, merged_into=None))


def _watched(known: CaseSnapshot, event: WatcherAdded, record: Record) -> Outcome[CaseSnapshot]:
    watchers = (*_but(known, event.watcher), event.watcher)
    return Outcome(state=replace(known, watchers=watchers))


def _unwatched(known: CaseSnapshot, event: WatcherRemoved, record: Record) -> Outcome[CaseSnapshot]:
    return Outcome(state=replace(known, watchers=_but(known, event.watcher)))


def _requested(known: CaseSnapshot, event: CaseRequested, record: Record) -> Outcome[CaseSnapshot]:
    payload = msgspec.json.encode(event)
    effect = Effect(key=f"{NUMBER}/{event.case}", kind=NUMBER, payload=payload)
    return Outcome(state=known, effects=(effect,))


def _submitted(known: CaseSnapshot, event: SubmitCase, record: Record) -> Outcome[CaseSnapshot]:
    payload = msgspec.json.encode(event)
    effect = Effect(key=f"{SUBMISSION}/{record.id}", kind=SUBMISSION, payload=payload)
    return Outcome(state=known, effects=(effect,))


def _finished(known: CaseSnapshot, event: EffectDone, record: Record) -> Outcome[CaseSnapshot]:
    """What could not be done is refused, to be seen."""
    if event.result != "failed":
        return Outcome(state=known)
    refused = _not_taken_in(event, record) if event.kind == SUBMISSION else _not_numbered(event)
    return Outcome(state=known, events=(refused,))


def _but(known: CaseSnapshot, watcher: str) -> tuple[str, ...]:
    return tuple(one for one in known.watchers if one != watcher)


def _not_numbered(failed: EffectDone) -> Draft:
    """A case that could not be made, kept whole for agents to see."""
    requested = msgspec.json.decode(failed.payload, type=CaseRequested)
    refused = InputRefused(
        code="not_numbered",
        field="case",
        rule="numbered",
        reason=f"The case that {requested.reference} asked for was not made: {failed.detail}",
        raw=requested.raw,
        personal=words_of(requested.personal),
    )
    return Draft(topic=REFUSALS, event=refused)


def _not_taken_in(failed: EffectDone, record: Record) -> Draft:
    """The refusal of what could not be taken in, whole, for its submitter and for agents."""
    submitted = msgspec.json.decode(failed.payload, type=SubmitCase)
    refused = InputRefused(
        code="not_taken_in",
        field="case",
        rule="taken_in",
        reason=f"This could not be taken in: {failed.detail}",
        personal=submitted.personal,
        submission=record.causation,
    )
    return Draft(topic=REFUSALS, event=refused)


REACTIONS: Mapping[type[Event], Callable[[CaseSnapshot, Any, Record], Outcome[CaseSnapshot]]] = {
    CaseCreated: _begins,
    CaseMerged: _merged,
    MergeUndone: _by_itself,
    WatcherAdded: _watched,
    WatcherRemoved: _unwatched,
    CaseRequested: _requested,
    SubmitCase: _submitted,
    EffectDone: _finished,
}
"""What each event means to intake; any other means nothing."""

SERVICE: Service[CaseSnapshot, Reference] = Service(
    name="intake",
    topics=(SUBMISSIONS, CASES),
    state_type=CaseSnapshot,
    react=react,
    reacts_to=frozenset(REACTIONS),
)
