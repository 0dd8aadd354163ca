"""The template context: the values of placeholders, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from case_definition.lookup.definition import Definition
from case_definition.rules.variables import metric_of
from case_definition.schema.notices import Level
from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event, contract_of
from case_events.contracts.bounces import NoticeBounced
from case_events.contracts.cases import (
    CaseClassified,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import (
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    MergeUndone,
    ProblemSolved,
)
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.people import (
    ConsultationAnswered,
    ConsultationRequested,
)
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.ratings import RatingRequested
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
)
from case_events.contracts.work import WorkCorrected, WorkLogged

from case_notify.application import progress
from case_notify.application.account import approval_values, work_values
from case_notify.application.situation import Situation
from case_notify.domain.notification_state import TargetClock
from case_notify.domain.recipients import Addressee, escalation_levels
from case_notify.domain.wording import day, moment, reason, yes_or_no


class _Known(Protocol):
    @property
    def name(self) -> str: ...


def template_context(situation: Situation, addressee: Addressee) -> dict[str, str]:
    """The value of each placeholder of a template, in the reader's language."""
    state, reference = situation.state, situation.reference
    definition, tenant = situation.definition, situation.record.tenant
    language = definition.language(addressee.language)

    def named(section: str, name: str) -> str:
        return _named(situation, section, name, language)

    of_event = VALUES.get(type(situation.record.data), _members)
    return {
        "reference": state.reference,
        "title": state.short_title,
        "tenant": definition.document.name,
        "recipient": addressee.person.name or addressee.person.address,
        "contact": _name(reference.contact(tenant, state.contact), state.person),
        "customer": _name(reference.customer(tenant, state.customer)),
        "case_type": named("case_types", state.case_type),
        "status": named("statuses", state.status),
        "priority": named("priorities", state.priority),
        "team": named("teams", state.team),
        "agent": _name(reference.agent(tenant, state.agent)),
        "link": _link(situation, addressee),
        **_filled(situation, language),
        **of_event(situation, situation.record.data, language),
    }


def _link(situation: Situation, addressee: Addressee) -> str:
    """The URL of the case; empty for people who can never log in."""
    if addressee.is_unregistered:
        return ""
    return f"{situation.portal.rstrip('/')}/cases/{situation.state.reference}"


def _members(situation: Situation, event: Event, language: str) -> dict[str, str]:
    """The placeholders of an event: the comment, its author, and the members of the event."""
    terms = contract_of(event).notice
    return {place: _member(situation, event, place) for place in (terms.places if terms else ())}


def _member(situation: Situation, event: Event, place: str) -> str:
    words = getattr(event, "personal", None)
    match place, words:
        case "comment", WrittenContent(text=text):
            return text
        case "author", WrittenContent(author=author):
            return _author(situation, author)
        case "author", _:
            return _author(situation, Person())
        case _:
            return str(getattr(event, place))


def _created(situation: Situation, event: CaseCreated, language: str) -> dict[str, str]:
    return {
        "description": event.personal.text or event.fields.get("description", ""),
        "other": event.origin.reference if event.origin else "",
    }


def _bounced(situation: Situation, event: NoticeBounced, language: str) -> dict[str, str]:
    status = event.status or ("5" if event.hard else "–")
    return {"address": event.personal.address, "status_code": status, "reason": event.reason}


def _between(
    situation: Situation,
    event: CaseLinked | CaseUnlinked | CaseMerged | MergeUndone | ProblemSolved,
    language: str,
) -> dict[str, str]:
    return {"other": event.reference, "weight": str(situation.state.weight)}


def _stepped(situation: Situation, event: StatusChanged, language: str) -> dict[str, str]:
    name = _named(situation, "statuses", event.previous, language)
    return {"previous_status": name, "comment": situation.comment}


def _prioritised(situation: Situation, event: PriorityAssessed, language: str) -> dict[str, str]:
    return {"previous_priority": _named(situation, "priorities", event.previous, language)}


def _classified(situation: Situation, event: CaseClassified, language: str) -> dict[str, str]:
    help_text = situation.definition.help_for("case_types", event.case_type, language)
    previous = _named(situation, "case_types", event.previous, language)
    return {"previous_type": previous, "type_help": help_text}


def _approval(
    situation: Situation,
    event: ApprovalRequested | ApprovalGranted | ApprovalDeclined,
    language: str,
) -> dict[str, str]:
    words = event.personal
    given = {"comment": words.text, "author": _author(situation, words.author)}
    return given | approval_values(situation, event, language)


def _work(situation: Situation, event: WorkLogged | WorkCorrected, language: str) -> dict[str, str]:
    words = event.personal
    given = {"comment": words.text, "author": _author(situation, words.author)}
    return given | work_values(situation, event, language)


def _consulted(
    situation: Situation, event: ConsultationRequested | ConsultationAnswered, language: str
) -> dict[str, str]:
    words = event.personal
    return {
        "comment": words.text,
        "author": _author(situation, words.author),
        "asked_team": _named(situation, "teams", event.team, language),
    }


def _decided(
    situation: Situation, event: DecisionRequested | DecisionMade, language: str
) -> dict[str, str]:
    author = _author(situation, event.personal.author)
    return {**progress.decided(situation, event, language), "author": author}


def _escalated(situation: Situation, event: EscalationRaised, language: str) -> dict[str, str]:
    levels = escalation_levels(situation.state, situation.definition, situation.reference)
    return {
        **_target(situation, event, language),
        "level": str(event.level),
        "role": _role(levels, event.level, situation.definition, language),
        "reason": reason(event.why, language),
    }


def _target(situation: Situation, event: ClockEvent, language: str) -> dict[str, str]:
    due = situation.state.clocks.get(event.target, TargetClock()).due
    zone = _zone(situation, event.target)
    metric = metric_of(event.target, situation.agreement)
    # A target of an agreement that no longer holds keeps its name from that agreement.
    definition = situation.definition
    known = metric in definition.document.metric_names
    return {
        "metric": definition.name_of("metrics", metric, language) if known else metric,
        "due": moment(due, zone, language) if due else "",
    }


def _zone(situation: Situation, target: str) -> str:
    """The time zone of a due in a text: that of the target's calendar, or else the desk's."""
    agreement = situation.agreement
    if agreement is not None:
        for terms in agreement.document.targets:
            calendar = terms.calendar or agreement.document.calendar or ""
            if terms.id == target and calendar in agreement.calendars:
                return str(agreement.calendars[calendar]["timezone"])
    for desk in situation.definition.document.calendars.values():
        return str(desk["timezone"])
    return "UTC"


def _role(levels: tuple[Level, ...], number: int, definition: Definition, language: str) -> str:
    roles = [level.role for level in levels if level.level == number]
    return definition.name_of("roles", roles[0], language) if roles else ""


def _author(situation: Situation, written: Person) -> str:
    """The name of the person who caused the event; for a consequence, of the person who took the
    step."""
    actor, tenant = situation.record.actor, situation.record.tenant
    initiator = situation.state.initiator
    if actor.kind == "system" and initiator is not None:
        actor = initiator.actor
    known: _Known | None = None
    if actor.kind == "agent":
        known = situation.reference.agent(tenant, actor.id)
    elif actor.kind == "contact":
        known = situation.reference.contact(tenant, actor.id)
    return _name(known, written) or situation.definition.document.name


def _name(known: _Known | None, otherwise: Person | None = None) -> str:
    if known is not None:
        return known.name
    return otherwise.name or otherwise.address if otherwise else ""


def _filled(situation: Situation, language: str) -> dict[str, str]:
    """Every field as people read it; empty for a field without a value."""
    definition, filled = situation.definition, situation.state.fields
    texts = definition.document.texts.get(language, {})
    values = {}
    for name, field in definition.fields.items():
        value = filled.get(name, "")
        match field.type:
            case "agent":
                value = _name(situation.reference.agent(situation.record.tenant, value))
            case "date":
                value = day(value, language)
            case "boolean":
                value = yes_or_no(value, language)
        values[f"fields.{name}"] = texts.get(f"fields.{name}.options.{value}", value)
    return values


def _named(situation: Situation, section: str, name: str, language: str) -> str:
    return situation.definition.name_of(section, name, language) if name else ""


Values = Callable[[Situation, Any, str], dict[str, str]]

VALUES: Mapping[type[Event], Values] = {
    ApprovalDeclined: _approval,
    ApprovalGranted: _approval,
    ApprovalRequested: _approval,
    BreachWithdrawn: _target,
    CaseClassified: _classified,
    CaseCreated: _created,
    CaseReleased: progress.planned,
    ConsultationAnswered: _consulted,
    ConsultationRequested: _consulted,
    DeadlineSet: _target,
    DeadlineWarned: _target,
    DecisionMade: _decided,
    DecisionRequested: _decided,
    EscalationRaised: _escalated,
    PhaseChanged: progress.entered,
    PriorityAssessed: _prioritised,
    RatingRequested: progress.asked_to_rate,
    ReleasePlanned: progress.planned,
    ReleaseSlipped: progress.planned,
    StatusChanged: _stepped,
    TargetAnswered: _target,
    TargetBreached: _target,
    CaseLinked: _between,
    CaseUnlinked: _between,
    CaseMerged: _between,
    MergeUndone: _between,
    NoticeBounced: _bounced,
    ProblemSolved: _between,
    WorkCorrected: _work,
    WorkLogged: _work,
}
"""Functions for placeholders that are more than a member of the event itself, by event."""
