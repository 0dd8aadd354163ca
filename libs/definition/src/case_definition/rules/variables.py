"""The variables of rules: the only way in which a rule reads a case and the people around it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from case_events.contracts.base import Event
from case_events.contracts.parts import UnregisteredContact
from case_events.contracts.sla import ClockEvent
from case_events.envelope import Actor
from msgspec import Struct
from msgspec.structs import replace

from case_definition.cel.rules import Variables as Variables
from case_definition.lookup.definition import Definition
from case_definition.rules.case_state import CaseState
from case_definition.rules.event_variables import event_members
from case_definition.schema.agreements import Agreement
from case_definition.schema.directory import Agent, Contact, Customer

NO_EVENT: Mapping[str, Any] = {}
"""The event of rules that are not about an event."""
CAPACITIES = ("contact", "agent")


class RuleDirectory(Protocol):
    """The part of the reference data that rules may read."""

    def contact(self, tenant: str, contact: str) -> Contact | None: ...
    def customer(self, tenant: str, customer: str) -> Customer | None: ...
    def agent(self, tenant: str, agent: str) -> Agent | None: ...
    def agreement(self, key: str) -> Agreement: ...
    def agreement_of(self, tenant: str, customer: str) -> Agreement | None: ...


class Parties(Struct, frozen=True):
    """The people around a case, as rules read them: the actor, the case's contact and customer, and
    its agreement, which is `terms`."""

    actor: dict[str, Any] = {}
    contact: dict[str, Any] = {}
    customer: dict[str, Any] = {}
    agreement: dict[str, Any] = {}
    terms: Agreement | None = None


def parties_of(state: CaseState, actor: Actor, tenant: str, directory: RuleDirectory) -> Parties:
    """The people around a case of the tenant, as the directory has them now, for this `actor`."""
    customer = directory.customer(tenant, state.customer)
    terms = directory.agreement(state.agreement) if state.agreement else None
    agreement = terms.document if terms else None
    return Parties(
        actor={
            "id": actor.id,
            "capacity": capacity_of(actor),
            "roles": _roles(actor, tenant, directory),
        },
        contact=_contact(state.contact, state.unregistered, tenant, directory),
        customer={"id": state.customer, "name": customer.name if customer else ""},
        agreement={
            "id": agreement.id if agreement else "",
            "kind": agreement.kind if agreement else "",
        },
        terms=terms,
    )


def rule_variables(
    state: CaseState,
    parties: Parties,
    definition: Definition,
    *,
    event: Mapping[str, Any],
    now: datetime | None = None,
) -> Variables:
    """Every variable of rules, with its value for this case.

    `event` is that of `event_variables`, or the members of the request; `now` is the time of
    evaluation, None if no rule reads the time.
    """
    ledger = state.ledger
    return {
        "case": {
            "type": state.case_type,
            "priority": state.priority,
            "status": state.status,
            "team": state.team,
            "agent": state.agent,
            "channel": state.channel,
            "menu": state.menu,
            "title": state.title,
            "phase": state.phase,
            "release": state.release,
            "weight": max(1, state.weight),
            "tags": list(state.tags),
            "fields": definition.filled(state.fields),
            "work_minutes": ledger.work_minutes if ledger.bookings else 0,
            "approved_minutes": ledger.approved_minutes if ledger.granted else 0,
            "left_minutes": ledger.left_minutes if ledger.granted or ledger.bookings else 0,
        },
        "event": event,
        "actor": parties.actor,
        "contact": parties.contact,
        "customer": parties.customer,
        "agreement": parties.agreement,
        "now": now,
    }


def new_case_variables(
    new_case: CaseState,
    actor: Actor,
    definition: Definition,
    directory: RuleDirectory,
    now: datetime,
) -> Variables:
    """The variables of a rule that is asked before there is a case: `new_case` is its type and
    channel, and whom it is for. All else of it is empty; the agreement is that which it would
    come under."""
    agreement = directory.agreement_of(definition.tenant, new_case.customer)
    case = replace(new_case, agreement=agreement.key if agreement else "")
    parties = parties_of(case, actor, definition.tenant, directory)
    return rule_variables(case, parties, definition, event=NO_EVENT, now=now)


def event_variables(event: Event, parties: Parties) -> dict[str, Any]:
    """`event` for a rule about an event of a case with these parties."""
    members = event_members(event)
    if isinstance(event, ClockEvent):
        members["metric"] = metric_of(event.target, parties.terms)
    return members


def metric_of(target: str, terms: Agreement | None) -> str:
    """The metric of a target; a target without a name is called by its metric."""
    return (terms.metric_of(target) if terms else None) or target


def capacity_of(actor: Actor) -> str:
    """The capacity of an actor in definitions: contact, agent or system."""
    for named in (actor.capacity, actor.kind):
        if named in CAPACITIES:
            return named
    return "system"


def _roles(actor: Actor, tenant: str, directory: RuleDirectory) -> list[str]:
    if actor.kind == "agent":
        agent = directory.agent(tenant, actor.id)
        return list(agent.roles) if agent else []
    if actor.kind == "contact":
        contact = directory.contact(tenant, actor.id)
        return [contact.role] if contact else []
    return []


def _contact(
    contact: str, unregistered: UnregisteredContact, tenant: str, directory: RuleDirectory
) -> dict[str, Any]:
    known = directory.contact(tenant, contact)
    if known is None:
        language = unregistered.language
        return {"id": contact, "email": unregistered.address, "language": language, "role": ""}
    return {"id": known.id, "email": known.email, "language": known.language, "role": known.role}
