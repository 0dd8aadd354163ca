"""The recipients of a notice with address and language, and the reasons against a recipient."""

import re
from collections.abc import Collection, Iterator

from case_definition.lookup.absence import on_call, present
from case_definition.lookup.agent_fields import hidden_from
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.notices import Level
from case_events.contracts.base import Event, notice_audience
from case_events.contracts.bounces import NoticeBounced
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Person
from case_events.contracts.people import (
    ConsultationAnswered,
    ConsultationRequested,
    WatcherAdded,
)
from case_events.contracts.ratings import RatingRequested
from case_events.contracts.sla import BreachWithdrawn, EscalationRaised, TargetAnswered
from case_events.contracts.unregistered import is_unregistered
from case_events.envelope import Actor, Record
from msgspec import Struct
from msgspec.structs import replace

from case_notify.domain.notification_state import NotificationState, TargetClock

# Control characters, spaces and characters that quote or separate addresses would change the
# envelope.
_ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9.-]+")
_UNSAFE = frozenset('<>()[]\\,;:"')
_LONGEST_ADDRESS, _LONGEST_LOCAL = 254, 64


OWN_ACTION = "own_action"
"""The suppression reason for people who caused the event themselves."""


class Addressee(Struct, frozen=True, kw_only=True):
    """A recipient of a notice. `id` is `kind/id`, as in the history."""

    id: str
    person: Person
    language: str
    is_contact: bool = False
    active: bool = True

    @property
    def is_unregistered(self) -> bool:
        """Whether the recipient is in no directory, and so can never log in."""
        return is_unregistered(self.id.removeprefix("contact/"))


def addressees(
    to: str, state: NotificationState, record: Record, definition: Definition, reference: Reference
) -> Iterator[Addressee]:
    """The people whom a definition's `contact`, `watchers`, `agent`, … means for this event.

    The contacts and watchers of cases that were merged into this case count as its watchers.
    """
    tenant, event = record.tenant, record.data
    if to == "contact" and (state.contact or state.person.address):
        yield _contact(state, tenant, reference)
    elif to == "watchers":
        for watchers in (state.watchers, *state.watchers_of_joined.values()):
            for watcher, person in watchers.items():
                yield _watcher(watcher, person, state, tenant, reference)
        for contact in state.joined.values():
            person = state.person if contact == state.contact else Person()
            yield _contact(replace(state, contact=contact, person=person), tenant, reference)
    elif to == "watcher" and isinstance(event, WatcherAdded):
        yield _watcher(event.watcher, event.personal, state, tenant, reference)
    elif to == "on_call":
        yield from _on_call(state, record, definition, reference)
    else:
        yield from _at_desk(to, state, record, definition, reference)


def _at_desk(
    to: str, state: NotificationState, record: Record, definition: Definition, reference: Reference
) -> Iterator[Addressee]:
    """The people whom `agent`, `team`, `consulted`, `level` or `role` means for this event."""
    tenant, event = record.tenant, record.data
    if to == "agent" and state.agent:
        yield from _on_duty(state, record, definition, reference)
    elif to == "team" and state.team:
        yield from _team(state.team, state, definition, reference)
    elif to == "consulted" and isinstance(event, ConsultationAnswered | ConsultationRequested):
        yield from _team(event.team, state, definition, reference)
    elif to == "level":
        levels = escalation_levels(state, definition, reference)
        for number in _levels(event, state):
            yield _level(number, levels, definition)
    elif to == "role" and isinstance(event, DecisionRequested | DecisionMade):
        for agent in reference.agents(tenant):
            if event.role in agent.roles:
                yield _agent(agent.id, tenant, reference)


def escalation_levels(
    state: NotificationState, definition: Definition, reference: Reference
) -> tuple[Level, ...]:
    """The escalation policy of the agreement, or else of the definition."""
    own = reference.agreement(state.agreement).escalation if state.agreement else ()
    return own or definition.escalation


def hidden_recipients(
    state: NotificationState, tenant: str, definition: Definition, reference: Reference
) -> frozenset[str]:
    """The addresses, in lower case, of the agents from whom the case is hidden."""
    agents = (reference.agent(tenant, one) for one in hidden_from(definition, state.fields))
    return frozenset(agent.email.casefold() for agent in agents if agent is not None)


def suppression_reason(
    addressee: Addressee,
    record: Record,
    receives: Collection[str],
    hidden_recipients: Collection[str],
) -> str:
    """Why this addressee gets no mail about this record; empty if they get it.

    The reasons: `no_address`; `bad_address`; `inactive`; `internal` (contacts never read internal
    notes or the texts of decisions); `stranger` (the page for ratings is for contacts of the
    directory); `hidden` (an agent from whom the case is hidden reads at that address);
    `own_address` (a mail to an address that the tenant `receives` would come back to the case);
    `bounced` (the event is about a mail that did not arrive at that address); `own_action` (the
    addressee caused the event). A contact gets the confirmation of their own new case all the same.
    """
    event = record.data
    if addressee.is_contact and notice_audience(event) == "desk":
        return "internal"
    if isinstance(event, RatingRequested) and addressee.is_unregistered:
        return "stranger"
    if not addressee.active:
        return "inactive"
    if not addressee.person.address:
        return "no_address"
    if not is_deliverable(addressee.person.address):
        return "bad_address"
    if addressee.person.address.casefold() in hidden_recipients:
        return "hidden"
    if addressee.person.address.casefold() in {address.casefold() for address in receives}:
        return "own_address"
    if isinstance(event, NoticeBounced) and _is_address(addressee, event.personal.address):
        return "bounced"
    if addressee.id == _id(record.actor) and not (
        addressee.is_contact and isinstance(event, CaseCreated)
    ):
        return OWN_ACTION
    return ""


def _is_address(addressee: Addressee, address: str) -> bool:
    return addressee.person.address.casefold() == address.casefold()


def is_deliverable(address: str) -> bool:
    """Whether an address can be used in an envelope unchanged."""
    local = address.rpartition("@")[0]
    return (
        _ADDRESS.fullmatch(address) is not None
        and not _UNSAFE.intersection(address)
        and "@" not in local
        and len(local) <= _LONGEST_LOCAL
        and len(address) <= _LONGEST_ADDRESS
    )


def _id(actor: Actor) -> str:
    return f"{actor.kind}/{actor.id}"


def _contact(state: NotificationState, tenant: str, reference: Reference) -> Addressee:
    known = reference.contact(tenant, state.contact)
    return Addressee(
        id=f"contact/{state.contact}",
        person=Person(known.email, known.name) if known else state.person,
        language=known.language if known else state.language,
        is_contact=True,
        active=known.active if known else True,
    )


def _agent(agent: str, tenant: str, reference: Reference) -> Addressee:
    known = reference.agent(tenant, agent)
    return Addressee(
        id=f"agent/{agent}",
        person=Person(known.email, known.name) if known else Person(),
        language=known.language if known else "",
        active=known.active if known else True,
    )


def _on_duty(
    state: NotificationState, record: Record, definition: Definition, reference: Reference
) -> Iterator[Addressee]:
    """The agent of the case; while the agent is absent, the stand-in, or else the team."""
    tenant = record.tenant
    known = reference.agent(tenant, state.agent)
    there = present(state.agent, reference, definition, record.recorded_at)
    if known is not None and known.active and there is None and state.team:
        yield from _team(state.team, state, definition, reference)
    else:
        yield _agent(there.id if there else state.agent, tenant, reference)


def _on_call(
    state: NotificationState, record: Record, definition: Definition, reference: Reference
) -> Iterator[Addressee]:
    """The agents on call; if there is none, the team of the case."""
    agents = on_call(reference, definition, record.recorded_at)
    for agent in agents:
        yield _agent(agent.id, record.tenant, reference)
    if not agents and state.team:
        yield from _team(state.team, state, definition, reference)


def _watcher(
    watcher: str, person: Person, state: NotificationState, tenant: str, reference: Reference
) -> Addressee:
    kind, _, name = watcher.partition("/")
    if kind == "agent":
        return _agent(name, tenant, reference)
    known = reference.contact(tenant, name) if kind == "contact" else None
    return Addressee(
        id=watcher,
        person=Person(known.email, known.name) if known else person,
        language=known.language if known else state.language,
        is_contact=True,
        active=known.active if known else kind == "address",
    )


def _team(
    team: str, state: NotificationState, definition: Definition, reference: Reference
) -> Iterator[Addressee]:
    """The mailbox of a team, which all members read. If the case is hidden from a member, each
    other member instead."""
    tenant, hidden = definition.tenant, hidden_from(definition, state.fields)
    members = [agent for agent in reference.agents(tenant) if agent.active and team in agent.teams]
    if not any(agent.id in hidden for agent in members):
        yield _mailbox(team, definition, reference)
        return
    for agent in members:
        if agent.id not in hidden:
            yield _agent(agent.id, tenant, reference)


def _mailbox(team: str, definition: Definition, reference: Reference) -> Addressee:
    known = reference.team(definition.tenant, team)
    language = known.language if known else definition.teams[team].language
    return Addressee(
        id=f"team/{team}",
        person=Person(
            known.email if known else definition.teams[team].address,
            definition.name_of("teams", team, language),
        ),
        language=language,
        active=known.active if known else True,
    )


def _levels(event: Event, state: NotificationState) -> tuple[int, ...]:
    match event:
        case EscalationRaised(level=level):
            return (level,)
        case TargetAnswered(levels=levels):
            return levels
        case BreachWithdrawn(target=target):
            return tuple(dict.fromkeys(state.clocks.get(target, TargetClock()).levels))
        case _:
            return ()


def _level(number: int, levels: tuple[Level, ...], definition: Definition) -> Addressee:
    for level in levels:
        if level.level == number:
            name = definition.name_of("roles", level.role, level.language)
            person = Person(level.address, name)
            return Addressee(id=f"level/{number}", person=person, language=level.language)
    return Addressee(id=f"level/{number}", person=Person(), language="")
