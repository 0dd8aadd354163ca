"""One event of a case, and what a definition's rules are told about it."""

from datetime import datetime
from typing import Any

from case_definition.agreements import Agreement
from case_definition.happened import event_facts
from case_definition.lookup import Definition
from case_definition.reference import Reference
from case_definition.rules import Facts
from case_events.contracts.cases import (
    CommentAdded,
    StatusChanged,
)
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.releases import CaseReleased, ReleasePlanned
from case_events.contracts.sla import (
    ClockFact,
)
from case_events.envelope import Record
from msgspec import Struct

from case_notify.domain.memory import Correspondence


class Situation(Struct, frozen=True, kw_only=True):
    """One event of a case, and all that is known around it. `portal` is the URL of the pages,
    `secret` what signs links to them."""

    memory: Correspondence
    record: Record
    definition: Definition
    reference: Reference
    portal: str
    secret: bytes = b""

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
            case StatusChanged() | PhaseChanged() | ReleasePlanned() | CaseReleased():
                return self.memory.said.text if self.memory.said else ""
            case _:
                return ""


def facts(situation: Situation, at: datetime) -> Facts:
    """What the rules of notices are asked with."""
    memory, record, reference = situation.memory, situation.record, situation.reference
    tenant, agreement = record.tenant, situation.agreement
    contact = reference.contact(tenant, memory.contact)
    customer = reference.customer(tenant, memory.customer)
    agent = reference.agent(tenant, record.actor.id) if record.actor.kind == "agent" else None
    return {
        "case": _case(memory),
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


def _case(memory: Correspondence) -> dict[str, Any]:
    return {
        "type": memory.case_type,
        "priority": memory.priority,
        "status": memory.status,
        "team": memory.team,
        "agent": memory.agent,
        "channel": memory.channel,
        "menu": memory.menu,
        "title": memory.title,
        "phase": memory.phase,
        "release": memory.release,
        "weight": max(1, memory.weight),
        "fields": memory.fields,
        "work_minutes": memory.ledger.work_minutes,
        "approved_minutes": memory.ledger.approved_minutes,
        "left_minutes": memory.ledger.left_minutes,
    }


def _event(situation: Situation) -> dict[str, Any]:
    event = situation.record.data
    told = event_facts(event) | {"has_comment": bool(situation.comment)}
    if isinstance(event, ClockFact):
        told["metric"] = metric_of(situation, event.target)
    return told


def metric_of(situation: Situation, target: str) -> str:
    """What a target measures; a target without a name of its own is called by its metric."""
    agreement = situation.agreement
    for terms in agreement.document.targets if agreement else ():
        if terms.id == target:
            return terms.metric
    return target
