"""What a definition's rules are told about an event, and what its templates may name."""

from datetime import datetime
from typing import Any, Protocol

from case_definition.agreements import Agreement
from case_definition.lookup import Definition
from case_definition.reference import Reference
from case_definition.rules import Facts
from case_definition.schema import Level
from case_events.contracts.cases import (
    AssessmentRequested,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Person
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockFact,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
)
from case_events.envelope import Record
from msgspec import Struct

from case_notify.domain.memory import Correspondence, TargetClock
from case_notify.domain.recipients import Addressee, ladder_of
from case_notify.domain.wording import moment, reason


class Situation(Struct, frozen=True, kw_only=True):
    """One event of a case, and all that is known around it. `portal` is the URL of the pages."""

    memory: Correspondence
    record: Record
    definition: Definition
    reference: Reference
    portal: str

    @property
    def agreement(self) -> Agreement | None:
        """The agreement that holds for the case."""
        key = self.memory.agreement
        return self.reference.agreement(key) if key else None

    @property
    def comment(self) -> str:
        """The public words that came with the event: its own, or those of its transition."""
        match self.record.data:
            case CommentAdded(personal=words):
                return words.text
            case StatusChanged() if self.memory.said is not None:
                return self.memory.said.text
            case _:
                return ""


class _Known(Protocol):
    @property
    def name(self) -> str: ...


def facts(situation: Situation, at: datetime) -> Facts:
    """What the rules of notices are asked with."""
    memory, record, reference = situation.memory, situation.record, situation.reference
    tenant, agreement = record.tenant, situation.agreement
    contact = reference.contact(tenant, memory.contact)
    customer = reference.customer(tenant, memory.customer)
    agent = reference.agent(tenant, record.actor.id) if record.actor.kind == "agent" else None
    return {
        "case": {
            "type": memory.case_type,
            "priority": memory.priority,
            "status": memory.status,
            "team": memory.team,
            "agent": memory.agent,
            "channel": memory.channel,
            "title": memory.title,
            "fields": memory.fields,
        },
        "event": _event(situation),
        "actor": {
            "id": record.actor.id,
            "capacity": record.actor.capacity or record.actor.kind,
            "roles": list(agent.roles) if agent else [],
        },
        "contact": {
            "id": memory.contact,
            "email": contact.email if contact else memory.person.address,
            "language": contact.language if contact else memory.language,
            "role": contact.role if contact else "",
        },
        "customer": {"id": memory.customer, "name": customer.name if customer else ""},
        "agreement": {
            "id": agreement.document.id if agreement else "",
            "kind": agreement.document.kind if agreement else "",
        },
        "now": at,
    }


def _event(situation: Situation) -> dict[str, Any]:
    event = situation.record.data
    told: dict[str, Any] = {
        "type": type(event).__name__,
        "transition": getattr(event, "transition", ""),
        "public": getattr(event, "public", False),
        "level": getattr(event, "level", 0),
        "has_comment": bool(situation.comment),
    }
    if isinstance(event, StatusChanged):
        told |= {"from_status": event.previous, "to_status": event.status}
    if isinstance(event, ClockFact):
        told["metric"] = _metric(situation, event.target)
    return told


def values(situation: Situation, addressee: Addressee) -> dict[str, str]:
    """What the places of a template are filled with, in the reader's language."""
    memory, reference = situation.memory, situation.reference
    definition, tenant = situation.definition, situation.record.tenant
    language = definition.language(addressee.language)

    def named(section: str, name: str) -> str:
        return definition.name_of(section, name, language) if name else ""

    return {
        "reference": memory.reference,
        "title": memory.title,
        "tenant": definition.document.name,
        "recipient": addressee.person.name,
        "contact": _name(reference.contact(tenant, memory.contact), memory.person),
        "customer": _name(reference.customer(tenant, memory.customer)),
        "case_type": named("case_types", memory.case_type),
        "status": named("statuses", memory.status),
        "priority": named("priorities", memory.priority),
        "team": named("teams", memory.team),
        "agent": _name(reference.agent(tenant, memory.agent)),
        "link": f"{situation.portal.rstrip('/')}/cases/{memory.reference}",
        **_values_of_event(situation, language),
    }


def _values_of_event(situation: Situation, language: str) -> dict[str, str]:
    definition, event = situation.definition, situation.record.data
    match event:
        case CaseCreated(personal=words, fields=fields):
            return {"description": words.text or fields.get("description", "")}
        case StatusChanged(previous=previous):
            name = definition.name_of("statuses", previous, language) if previous else ""
            return {"previous_status": name, "comment": situation.comment}
        case CommentAdded(personal=words):
            return {"comment": words.text, "author": _author(situation, words.author)}
        case PriorityAssessed(previous=previous):
            name = definition.name_of("priorities", previous, language) if previous else ""
            return {"previous_priority": name}
        case EscalationRaised(level=number, why=why):
            ladder = ladder_of(situation.memory, definition, situation.reference)
            return {
                **_target(situation, event, language),
                "level": str(number),
                "role": _role(ladder, number, definition, language),
                "reason": reason(why, language),
            }
        case DeadlineWarned() | TargetBreached() | BreachWithdrawn() | TargetAnswered():
            return _target(situation, event, language)
        case AssessmentRequested(personal=words):
            return {"comment": words.text, "author": _author(situation, words.author)}
        case _:
            return {}


def _target(situation: Situation, event: ClockFact, language: str) -> dict[str, str]:
    due = situation.memory.clocks.get(event.target, TargetClock()).due
    zone = _zone(situation, event.target)
    metric = _metric(situation, event.target)
    # A target of an agreement that no longer holds is called as it was named there.
    definition = situation.definition
    known = metric in definition.document.metric_names
    return {
        "metric": definition.name_of("metrics", metric, language) if known else metric,
        "due": moment(due, zone, language) if due else "",
    }


def _metric(situation: Situation, target: str) -> str:
    """What a target measures; a target without a name of its own is called by its metric."""
    agreement = situation.agreement
    for terms in agreement.document.targets if agreement else ():
        if terms.id == target:
            return terms.metric
    return target


def _zone(situation: Situation, target: str) -> str:
    """The zone in which a due is told: that of the target's calendar, or else of the desk's."""
    agreement = situation.agreement
    if agreement is not None:
        for terms in agreement.document.targets:
            calendar = terms.calendar or agreement.document.calendar or ""
            if terms.id == target and calendar in agreement.calendars:
                return str(agreement.calendars[calendar]["timezone"])
    for desk in situation.definition.document.calendars.values():
        return str(desk["timezone"])
    return "UTC"


def _role(ladder: tuple[Level, ...], number: int, definition: Definition, language: str) -> str:
    roles = [level.role for level in ladder if level.level == number]
    return definition.name_of("roles", roles[0], language) if roles else ""


def _author(situation: Situation, written: Person) -> str:
    actor, tenant = situation.record.actor, situation.record.tenant
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
