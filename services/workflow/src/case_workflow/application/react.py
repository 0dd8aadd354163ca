"""The reaction of workflow. Every record is a request to a case, or a report about it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import uuid5

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, is_by_rule, type_name
from case_events.contracts.bounces import BounceReceived
from case_events.contracts.commands import Command
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.links import AcceptLink
from case_events.contracts.migration import DefinitionMigrated, MigrateCase
from case_events.envelope import SYSTEM, Record
from case_events.kernel import DORMANT, Draft, Outcome, Service, Timer, TimerDue
from case_events.topics import CASES, COMMANDS, INTAKE, NOTICES, SLA
from msgspec import Struct
from msgspec.structs import replace

from case_workflow.application.outcomes import answers
from case_workflow.application.requester import REQUESTS, requester_of
from case_workflow.domain.automation.consequences import what_follows
from case_workflow.domain.bounces.decide import bounced
from case_workflow.domain.case import Case
from case_workflow.domain.clocks.dormant import (
    dormant_name,
    is_open,
    parse_dormant_name,
    terms_changed,
)
from case_workflow.domain.clocks.reports import still_holds
from case_workflow.domain.commands import decide
from case_workflow.domain.links.inter_case import RequestCause, inter_case_requests
from case_workflow.domain.migration.decide import migrate
from case_workflow.domain.opening.decide import begin, open_case
from case_workflow.domain.releases.decide import passes_at, release_passed
from case_workflow.domain.replies.decide import accept_reply
from case_workflow.domain.verdict import (
    InterCaseRequest,
    Refusal,
    Requester,
    Unchanged,
    UncommittedEvents,
    Verdict,
)

RELEASE = "release"
"""The timer of a case that is planned for a release: it fires when the release is over."""

NO_SUCH_CASE = Refusal("unknown", "case", "exists", "There is no such case.")


class WorkflowState(Struct, frozen=True):
    """A case, the key of its definition, and the instant of the last request to it.

    No later event has an earlier instant than `last`. Reports of machines do not move `last`: an
    answer given before a breach, and recorded after it, was in time.
    """

    case: Case
    definition: str
    last: datetime


def react(
    state: WorkflowState | None, record: Record, reference: Reference
) -> Outcome[WorkflowState]:
    """The next events of the case, or a refusal. Both name the record of the request."""
    before = state
    if before is None or not before.case.exists:
        before = WorkflowState(Case(channel=record.channel), record.definition, record.occurred_at)
    definition = reference.definition(before.definition)
    started = _started(before.case, record, reference)
    requester = requester_of(started.case, record, reference, definition)
    decided = _decide(started, record, requester, reference, definition)
    if isinstance(decided, Refusal | Unchanged):
        refused = answers(decided, before.case, record, reference)
        return Outcome(state=before, events=tuple(refused))
    if isinstance(decided, InterCaseRequest):
        return Outcome(state=before, events=(_command_of(decided, record),))
    if not decided.events:
        return Outcome(state=before, timers=_timers(before.case, before.case, record, definition))
    if isinstance(decided.events[0], DefinitionMigrated):
        before = replace(before, definition=decided.events[0].definition)
        definition = reference.definition(before.definition)
    happened = what_follows(decided, requester, definition)
    if not isinstance(happened, Refusal):
        return _happened(before, decided, happened, record, definition)
    not_done = tuple(answers(happened, before.case, record, reference))
    if isinstance(record.data, REQUESTS):
        return Outcome(state=before, events=not_done)
    # A report is stored even if its consequences are refused: it has happened.
    outcome = _happened(before, decided, decided, record, definition)
    return replace(outcome, events=(*outcome.events, *not_done))


def _started(case: Case, record: Record, reference: Reference) -> UncommittedEvents:
    """The case before the request. A new case begins with the record that creates it."""
    created = record.data
    if case.exists or not isinstance(created, CaseCreated):
        return UncommittedEvents(case)
    return begin(case, created, _holds_now(record.tenant, created.customer, reference))


def _happened(
    before: WorkflowState,
    decided: UncommittedEvents,
    happened: UncommittedEvents,
    record: Record,
    definition: Definition,
) -> Outcome[WorkflowState]:
    """The events of the case: those of the requester, then those that the definition adds."""
    at = max(record.occurred_at, before.last)
    last = at if isinstance(record.data, REQUESTS) else before.last
    case, asked = happened.case, len(decided.events)
    facts = tuple(
        Draft(
            topic=CASES,
            event=event,
            occurred_at=at,
            definition=before.definition,
            actor=SYSTEM if place >= asked or is_by_rule(event) else None,
        )
        for place, event in enumerate(happened.events)
    )
    return Outcome(
        state=WorkflowState(case, before.definition, last),
        timers=_timers(before.case, case, record, definition),
        events=(*facts, *_inter_case_requests(case, happened.events, record, definition)),
    )


def _decide(
    started: UncommittedEvents,
    record: Record,
    requester: Requester,
    reference: Reference,
    definition: Definition,
) -> UncommittedEvents | Refusal | Unchanged | InterCaseRequest:
    """The events that follow from the record, without their consequences. Each event is folded
    once."""
    event, case = record.data, started.case
    if isinstance(event, REQUESTS) and record.tenant != definition.tenant:
        # The case does not exist for another tenant.
        return NO_SUCH_CASE
    if started.events and isinstance(event, CaseCreated):
        return open_case(started, event, requester, definition)
    decision = _decision(case, record, requester, reference, definition)
    return started.and_then(decision) if isinstance(decision, list) else decision


def _decision(
    case: Case, record: Record, requester: Requester, reference: Reference, definition: Definition
) -> Verdict:
    event = record.data
    match event:
        case TimerDue(name=name) if name == RELEASE:
            return release_passed(case, record.occurred_at, definition)
        case TimerDue():
            holds = _holds_now(record.tenant, case.customer, reference)
            return terms_changed(case, holds, definition)
        case CaseCreated():
            return Refusal("exists", "case", "unique", "This case exists already.")
        case _ if not case.exists and not isinstance(event, AcceptLink):
            return NO_SUCH_CASE
        case MigrateCase():
            new = reference.definition(event.definition)
            return migrate(case, event, requester, definition, new)
        case BounceReceived():
            return bounced(case, event)
        case ReplyReceived():
            return accept_reply(case, event, requester, definition)
        case Command():
            return decide(case, event, requester, definition)
        case _:
            return [event] if still_holds(case, event) else []


def _timers(before: Case, case: Case, record: Record, definition: Definition) -> tuple[Timer, ...]:
    """The changes to the timers of a case: the end of its release, and its dormant timer."""
    dormant = _dormant_timer(before, case, record, definition)
    if definition.document.releases is None:
        return dormant
    was, now = passes_at(before, definition), passes_at(case, definition)
    return (Timer(RELEASE, now), *dormant) if was != now else dormant


def _inter_case_requests(
    case: Case, events: Sequence[Event], record: Record, definition: Definition
) -> Iterator[Draft]:
    """The commands to other cases that these events lead to."""
    if record.case is None:
        return
    cause = RequestCause(record.data, str(record.id), record.case)
    for ask in inter_case_requests(case, events, cause, definition):
        yield _command_of(ask, record)


def _command_of(ask: InterCaseRequest, record: Record) -> Draft:
    """The command to another case. Its id is the same each time the record is processed."""
    return Draft(
        topic=COMMANDS,
        event=ask.command,
        case=ask.of,
        id=uuid5(record.id, f"{type_name(ask.command)}/{ask.of}"),
    )


_BY_WHICH_IT_WAITS = attrgetter("status", "customer", "agreement")


def _dormant_timer(
    before: Case, case: Case, record: Record, definition: Definition
) -> tuple[Timer, ...]:
    """The dormant timer of an open case, which waits for another agreement of its customer."""
    fired = isinstance(record.data, TimerDue)
    if before.exists and not fired and _BY_WHICH_IT_WAITS(before) == _BY_WHICH_IT_WAITS(case):
        return ()
    was, now = (
        dormant_name(record.tenant, each.customer, each.agreement)
        if is_open(each, definition)
        else None
        for each in (before, case)
    )
    if was == now and not fired:
        return ()
    cleared = (Timer(was, None),) if was is not None and was != now else ()
    return (*cleared, Timer(now, DORMANT)) if now is not None else cleared


def _holds_now(tenant: str, customer: str, reference: Reference) -> str:
    agreement = reference.agreement_of(tenant, customer)
    return agreement.key if agreement else ""


def is_stale(name: str, reference: Reference) -> bool:
    """Whether a dormant timer of this name waits under an agreement that no longer holds."""
    stands = parse_dormant_name(name)
    return stands is not None and _holds_now(*stands[:2], reference) != stands[2]


SERVICE: Service[WorkflowState, Reference] = Service(
    name="workflow",
    topics=(INTAKE, COMMANDS, SLA, NOTICES),
    state_type=WorkflowState,
    react=react,
    writes_history=True,
    is_stale=is_stale,
)
