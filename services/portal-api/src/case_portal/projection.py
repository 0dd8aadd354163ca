"""The portal's reaction: follows every case, and returns the documents that pages read."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.agent_fields import hidden_from
from case_definition.lookup.reference import Reference
from case_definition.rules.case_state import changes_of
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import (
    CommentAdded,
    FieldsSet,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.messages import AccessRequested
from case_events.contracts.migration import DefinitionMigrated
from case_events.contracts.ratings import CaseRated, RatingRequested
from case_events.contracts.refusals import CommandRefused, CommandUnchanged, InputRefused
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.contracts.security import SecurityEvent
from case_events.contracts.sla import ClockEvent
from case_events.envelope import Record
from case_events.kernel import Document, Effect, Outcome, Service
from case_events.topics import CASES, MESSAGES, REFUSALS, SECURITY
from msgspec.structs import replace

from case_portal.access.effects import ACCESS, AccessAsked
from case_portal.bounces.projection import CHANGES as BOUNCES
from case_portal.bounces.projection import follow_bounces, without_sender
from case_portal.clocks.projection import follow_clocks
from case_portal.links.projection import link_rows
from case_portal.people import projection as people
from case_portal.progress.projection import (
    follow_decisions,
    follow_rating,
    follow_release,
)
from case_portal.read_model.history import entry_of, who_of
from case_portal.read_model.view import CaseOutcome, CaseView, CommandOutcome, RefusalView
from case_portal.reports.projection import reading_of
from case_portal.security.projection import security_document
from case_portal.volumes.projection import turn_of

PERSONS = ("contact", "agent")
ASKED_HERE = ("portal", "api")
MOST_ATTACHMENTS = 100
HIDES = (CaseCreated, DefinitionMigrated, FieldsSet)
"""The events after which the case can be hidden from other agents."""

Follow = Callable[[Any, Any, Record], Any]
"""Computes a part of the view after one more event, which `Record` carries."""

PARTS: tuple[tuple[str, type[Event] | tuple[type[Event], ...], Follow], ...] = (
    ("clocks", ClockEvent, follow_clocks),
    ("people", people.CHANGES, people.follow_people),
    ("decisions", (DecisionRequested, DecisionMade), follow_decisions),
    ("planned", (ReleasePlanned, ReleaseSlipped, CaseReleased), follow_release),
    ("rating", (RatingRequested, CaseRated), follow_rating),
    ("bounces", BOUNCES, follow_bounces),
)
"""The parts of a view in addition to its own members: member, events, function."""


def react(state: CaseView | None, record: Record, reference: Reference) -> Outcome[CaseView]:
    """Follow one record: the new state of the case, its new entry, and the outcome of a command."""
    outcome = _followed(state, record, reference)
    # A row begins with its tenant. Without a tenant the database shows the row to nobody.
    tenant = b'{"tenant":' + msgspec.json.encode(record.tenant) + b","
    owned = tuple(Document(row.key, tenant + row.content[1:]) for row in outcome.documents)
    return replace(outcome, documents=owned)


def _followed(state: CaseView | None, record: Record, reference: Reference) -> Outcome[CaseView]:
    view = state or CaseView()
    if isinstance(record.data, CommandUnchanged):
        return Outcome(state=view, documents=(_answer(record, CommandOutcome(status="unchanged")),))
    if isinstance(record.data, CommandRefused):
        kept_refusal = _refusal(record, record.data, record.data.command)
        return Outcome(state=view, documents=(_refused(record, record.data), kept_refusal))
    if isinstance(record.data, InputRefused):
        kept_refusal = _refusal(record, record.data, raw=record.data.raw)
        return Outcome(state=view, documents=(kept_refusal, *_submission_refusal(record.data)))
    if isinstance(record.data, SecurityEvent):
        return Outcome(state=view, documents=(security_document(record, record.data),))
    if isinstance(record.data, AccessRequested):
        return Outcome(state=view, effects=(_answering(record, record.data),))
    if not record.version:
        return Outcome(state=view)
    entry = entry_of(record)
    changes = changes_of(view, record.data) | _follow(view, record.data, record, reference)
    fields = changes.get("fields", view.fields)
    kept = replace(
        view,
        **changes,
        version=record.version,
        updated_at=record.occurred_at,
        definition=record.definition or view.definition,
        attachments=(*view.attachments, *entry.files)[-MOST_ATTACHMENTS:],
        hidden_from=_hidden_from(view, fields, record, reference)
        if isinstance(record.data, HIDES)
        else view.hidden_from,
    )
    row = Document(f"entry:{record.version:08}", msgspec.json.encode(entry))
    rows = [row, *link_rows(record)]
    if isinstance(record.data, ClockEvent):
        rows += _read(view, record)
    if kept.status_kind != view.status_kind:
        rows += _turned(view, kept, record)
    return Outcome(state=kept, documents=(*rows, *_done(record)))


def _hidden_from(
    view: CaseView, fields: Mapping[str, str], record: Record, reference: Reference
) -> tuple[str, ...]:
    """The agents from whom the case is hidden after this event."""
    return hidden_from(reference.definition(record.definition or view.definition), fields)


def _answering(record: Record, event: AccessRequested) -> Effect:
    asked = AccessAsked(tenant=record.tenant, contact=event.contact, in_reply_to=event.in_reply_to)
    return Effect(key=f"access/{record.id}", kind=ACCESS, payload=msgspec.json.encode(asked))


def _read(view: CaseView, record: Record) -> tuple[Document, ...]:
    """The documents that reports count. They are never overwritten, so a report can be made for any
    past time."""
    reading = reading_of(view, record)
    if reading is None:
        return ()
    key = f"reading:{reading.target}:{reading.cycle:06}:{record.version:08}"
    return (Document(key, msgspec.json.encode(reading)),)


def _turned(before: CaseView, after: CaseView, record: Record) -> tuple[Document, ...]:
    turn = turn_of(before, after, record)
    return (Document(f"turn:{record.version:08}", msgspec.json.encode(turn)),) if turn else ()


def _done(record: Record) -> tuple[Document, ...]:
    if isinstance(record.data, CaseCreated):
        return _submission_outcome(record.data)
    if record.causation is None or record.actor.kind not in PERSONS:
        return ()
    if record.channel not in ASKED_HERE:
        return ()
    return (_answer(record, CommandOutcome(status="done", version=record.version)),)


def _submission_outcome(created: CaseCreated) -> tuple[Document, ...]:
    """The outcome of the form that created the case, if the case came from a form of the portal."""
    if created.submission is None:
        return ()
    outcome = CaseOutcome(status="done", version=1, reference=created.reference)
    return (_outcome(created.submission, outcome),)


def _submission_refusal(refused: InputRefused) -> tuple[Document, ...]:
    """The outcome of the form that was refused, if it was a form of the portal."""
    if refused.submission is None:
        return ()
    outcome = CaseOutcome(
        status="refused",
        code=refused.code,
        field=refused.field,
        rule=refused.rule,
        reason=refused.reason,
        faults=refused.faults,
    )
    return (_outcome(refused.submission, outcome),)


def _refused(record: Record, event: CommandRefused) -> Document:
    answer = CommandOutcome(
        status="refused",
        code=event.code,
        field=event.field,
        rule=event.rule,
        reason=event.reason,
    )
    if event.command == type_name(CaseCreated):  # of a form of the portal, published by intake
        return _outcome(record.correlation, answer)
    return _answer(record, answer)


def _refusal(
    record: Record, event: CommandRefused | InputRefused, command: str = "", raw: str = ""
) -> Document:
    """The refusal, for agents to read."""
    refusal = RefusalView(
        id=record.id,
        tenant=record.tenant,
        at=record.occurred_at,
        who=who_of(record),
        channel=record.channel,
        code=event.code,
        field=event.field,
        rule=event.rule,
        reason=event.reason,
        command=command,
        case=record.case,
        raw=raw,
        title=event.personal.title,
        text=event.personal.text,
        author=event.personal.author,
    )
    return Document(f"refused:{record.id}", msgspec.json.encode(refusal))


def _answer(record: Record, answer: CommandOutcome) -> Document:
    return _outcome(record.causation, answer)


def _outcome(asked: UUID | None, answer: CommandOutcome) -> Document:
    return Document(f"outcome:{asked}", msgspec.json.encode(answer))


def _follow(view: CaseView, event: Event, record: Record, reference: Reference) -> dict[str, Any]:
    """The changes of an event to the view, except those to the state of the case."""
    match event:
        case CaseCreated():
            return {
                "tenant": record.tenant,
                "channel": record.channel,
                "created_at": record.occurred_at,
            }
        case StatusChanged(status=status):
            return _in_status(view, status, record, reference)
        case DefinitionMigrated():
            return _in_status(view, view.status, record, reference)
        case CommentAdded():
            alive = {"bounces": without_sender(view.bounces, event)} if view.bounces else {}
            answers = event.public and event.author == "agent"
            return alive | ({"last_answer_at": record.occurred_at} if answers else {})
        case _:
            return _part(view, event, record)


def _in_status(view: CaseView, name: str, record: Record, reference: Reference) -> dict[str, Any]:
    """The members of the view that follow from a status, by the definition of the record."""
    definition = reference.definition(record.definition or view.definition)
    status = definition.statuses.get(name)
    if status is None:  # renamed in that version: the next event has the new name
        return {}
    return {
        "status_kind": status.kind,
        "waits_for": status.waits_for,
        "stands_out": status.stands_out,
    }


def _part(view: CaseView, event: Event, record: Record) -> dict[str, Any]:
    """The changes of an event to the one part of the view that it concerns."""
    for name, events, follow in PARTS:
        if isinstance(event, events):
            return {name: follow(getattr(view, name), event, record)}
    return {}


SERVICE: Service[CaseView, Reference] = Service(
    name="portal", topics=(CASES, REFUSALS, MESSAGES, SECURITY), state_type=CaseView, react=react
)
