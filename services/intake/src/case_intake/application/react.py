"""The reaction of intake: stores which cases exist, numbers requested cases, and takes submissions
of the portal."""

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
"""The kind of the effect that assigns a reference to a requested case."""
SUBMISSION = "submission"
"""The kind of the effect that takes a submission of the portal."""


class CaseSnapshot(Struct, frozen=True):
    """A case as its history describes it: its reference, its watchers, and the case that it was
    merged into."""

    tenant: str = ""
    reference: str = ""
    customer: str = ""
    contact: str = ""
    merged_into: UUID | None = None
    watchers: tuple[str, ...] = ()


def react(
    state: CaseSnapshot | None, record: Record, reference: Reference
) -> Outcome[CaseSnapshot]:
    """Store a case when its history begins, and the case that it was merged into; ask for a
    reference when it requests another case, and for the outcome of a submission."""
    known = state or CaseSnapshot(tenant=record.tenant)
    reaction = REACTIONS.get(type(record.data))
    return reaction(known, record.data, record) if reaction else Outcome(state=known)


def _begins(known: CaseSnapshot, event: CaseCreated, record: Record) -> Outcome[CaseSnapshot]:
    snapshot = CaseSnapshot(record.tenant, event.reference, event.customer, event.contact)
    return Outcome(state=snapshot)


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
    """The refusal of an effect that failed."""
    if event.result != "failed":
        return Outcome(state=known)
    refused = _not_taken_in(event, record) if event.kind == SUBMISSION else _not_numbered(event)
    return Outcome(state=known, events=(refused,))


def _but(known: CaseSnapshot, watcher: str) -> tuple[str, ...]:
    return tuple(one for one in known.watchers if one != watcher)


def _not_numbered(failed: EffectDone) -> Draft:
    """The refusal of a case that could not be numbered, stored whole for agents to see."""
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
    """The refusal of a submission that could not be taken, whole, for its sender and for agents."""
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
"""The function for each event that intake reacts to. Intake ignores all other events."""

SERVICE: Service[CaseSnapshot, Reference] = Service(
    name="intake",
    topics=(SUBMISSIONS, CASES),
    state_type=CaseSnapshot,
    react=react,
    reacts_to=frozenset(REACTIONS),
)
