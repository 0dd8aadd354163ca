"""The requester of a record, from the directory."""

from functools import partial

from case_definition.lookup.absence import present
from case_definition.lookup.agent_fields import agents_named, hidden_from
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.variables import parties_of
from case_definition.schema.directory import Agent
from case_events.contracts.commands import AssignCase, Command
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.links import ForwardWatchers
from case_events.contracts.people import AddWatcher
from case_events.contracts.unregistered import is_unregistered
from case_events.envelope import Record

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Requester

REQUESTS = (CaseCreated, ReplyReceived, Command)
"""The requests from outside. All other events that workflow reads are reports of machines."""
OWN = "workflow/"
"""The source of a record from one case to another begins with this."""


def requester_of(
    case: Case, record: Record, reference: Reference, definition: Definition
) -> Requester:
    """The requester of a record.

    `case` is the case before the request; a new case has its first events already.
    """
    tenant, actor = record.tenant, record.actor
    look_up_parties = partial(parties_of, case, actor, tenant, reference)
    if not isinstance(record.data, REQUESTS):
        return Requester(
            actor=actor,
            record=str(record.id),
            case=record.case,
            participant=True,
            look_up_parties=look_up_parties,
            now=record.occurred_at,
        )
    parties = look_up_parties()
    return Requester(
        actor=actor,
        record=str(record.id),
        case=record.case,
        another_case=record.source.startswith(OWN),
        roles=tuple(parties.actor["roles"]),
        participant=_takes_part(case, record, reference, definition),
        hidden=actor.kind == "agent" and actor.id in hidden_from(definition, case.fields),
        nominee_is_valid=_named_fits(case, record, reference, definition),
        substitute=_instead(case, record, reference, definition),
        agents=agents_named(definition, getattr(record.data, "fields", {}), reference),
        may_follow=_may_follow(case, record, reference, definition),
        language=language_of(record, reference),
        look_up_parties=lambda: parties,
        now=record.occurred_at,
    )


def language_of(record: Record, reference: Reference) -> str:
    """The language of the actor; empty for machines and for people in no directory."""
    tenant, actor = record.tenant, record.actor
    find = {"agent": reference.agent, "contact": reference.contact}.get(actor.kind)
    known = find(tenant, actor.id) if find else None
    return known.language if known else ""


def _sees(case: Case, agent: Agent | None, definition: Definition) -> bool:
    """Whether a case exists for an agent."""
    if agent is None or not agent.active:
        return False
    return agent.id not in hidden_from(definition, case.fields)


def _named_fits(case: Case, record: Record, reference: Reference, definition: Definition) -> bool:
    asked, tenant = record.data, record.tenant
    if isinstance(asked, AssignCase) and asked.agent:
        agent = reference.agent(tenant, asked.agent)
        return agent is not None and _sees(case, agent, definition) and asked.team in agent.teams
    if isinstance(asked, AddWatcher):
        return _is_of_the_case(asked.watcher, case, tenant, reference, definition)
    return True


def _is_of_the_case(
    watcher: str, case: Case, tenant: str, reference: Reference, definition: Definition
) -> bool:
    """Whether this is an active agent from whom the case is not hidden, or an active contact of
    the case's customer."""
    kind, _, name = watcher.partition("/")
    if kind == "agent":
        return _sees(case, reference.agent(tenant, name), definition)
    contact = reference.contact(tenant, name) if kind == "contact" else None
    return contact is not None and contact.active and contact.customer == case.customer


def _may_follow(
    case: Case, record: Record, reference: Reference, definition: Definition
) -> tuple[str, ...]:
    """The watchers from another case that this case accepts. Its own contact is not among them,
    because the contact gets the messages anyway."""
    asked = record.data
    if not isinstance(asked, ForwardWatchers):
        return ()
    return tuple(
        watcher
        for watcher in asked.watchers
        if watcher != f"contact/{case.contact}"
        and (
            watcher in asked.personal.persons
            or _is_of_the_case(watcher, case, record.tenant, reference, definition)
        )
    )


def _instead(case: Case, record: Record, reference: Reference, definition: Definition) -> str:
    """The stand-in of an absent agent to whom the case is assigned; empty if the agent is present
    or has no stand-in."""
    asked = record.data
    if not isinstance(asked, AssignCase) or not asked.agent:
        return ""
    there = present(asked.agent, reference, definition, record.occurred_at)
    if there is None or there.id == asked.agent or not _sees(case, there, definition):
        return ""
    return there.id


def _takes_part(case: Case, record: Record, reference: Reference, definition: Definition) -> bool:
    """Whether the actor takes part in the case. Agents take part in every case of the tenant that
    is not hidden from them; machines in all cases; unregistered contacts in their own; contacts in
    their own, and in those of their customer if the definition lets their role see them."""
    actor = record.actor
    if actor.kind == "agent":
        return _sees(case, reference.agent(record.tenant, actor.id), definition)
    if actor.kind != "contact":
        return actor.kind == "system"
    if is_unregistered(actor.id):
        return actor.id == case.contact
    contact = reference.contact(record.tenant, actor.id)
    if contact is None or not contact.active:
        return False
    if contact.id == case.contact or f"contact/{contact.id}" in case.people.watchers:
        return True
    newest = reference.newest(record.tenant)
    return (
        newest is not None
        and contact.customer == case.customer
        and newest.sees_colleagues(contact.role)
    )
