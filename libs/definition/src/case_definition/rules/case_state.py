"""The state of a case that rules may read: one struct, one fold.

Workflow's case, the portal's view, the notification state and the time of a case extend it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from case_events.contracts import every_contract
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    CaseClassified,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked, CaseUnlinked
from case_events.contracts.parts import UnregisteredContact
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.releases import ReleasePlanned, ReleaseSlipped
from case_events.contracts.tags import TagAdded, TagRemoved
from msgspec import Struct
from msgspec.structs import replace

from case_definition.rules.ledger import LEDGER_EVENTS, Ledger, fold_ledger

S = TypeVar("S", bound="CaseState")

TITLE = "title"
"""The field that is a case's title, if the case type has it."""


class CaseState(Struct, frozen=True, kw_only=True):
    """A case as its events leave it.

    `channel` is that of the record that created the case: a case begins as
    `CaseState(channel=record.channel)`. `customer` and `contact` are ids of the directory;
    `unregistered` is the contact who is in no directory. `agreement` is `tenant/id/version`, empty
    where best effort is all there is. `weight` is that of a problem: how many have reported it.
    """

    reference: str = ""
    case_type: str = ""
    priority: str = ""
    status: str = ""
    team: str = ""
    agent: str = ""
    channel: str = ""
    menu: str = ""
    title: str = ""
    phase: str = ""
    release: str = ""
    weight: int = 0
    tags: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    customer: str = ""
    contact: str = ""
    unregistered: UnregisteredContact = UnregisteredContact()
    agreement: str = ""
    ledger: Ledger = Ledger()


def fold_case_state(state: S, event: Event) -> S:
    """The case after one more event of its history."""
    changes = changes_of(state, event)
    return replace(state, **changes) if changes else state


SETS: Mapping[type[Event], str] = {
    AgreementApplied: "agreement",
    CaseClassified: "case_type",
    PhaseChanged: "phase",
    PriorityAssessed: "priority",
    ReleasePlanned: "release",
    ReleaseSlipped: "release",
    StatusChanged: "status",
}
"""Events that set one member of the state to their own member with that name."""


def changes_of(state: CaseState, event: Event) -> dict[str, Any]:
    """The members that an event changes, with their new values; empty if it changes none."""
    kind = type(event)
    if kind in SETS:
        member = SETS[kind]
        return {member: getattr(event, member)}
    return FOLDS[kind](state, event) if kind in FOLDS else {}


def _created(state: CaseState, event: CaseCreated) -> dict[str, Any]:
    return {
        "reference": event.reference,
        "title": event.personal.title or event.fields.get(TITLE, ""),
        "case_type": event.case_type,
        "customer": event.customer,
        "contact": event.contact,
        "unregistered": event.personal.unregistered,
        "fields": event.fields,
        "menu": event.menu,
    }


def _assigned(state: CaseState, event: CaseAssigned) -> dict[str, Any]:
    return {"team": event.team, "agent": event.agent}


def _filled_in(state: CaseState, event: FieldsSet) -> dict[str, Any]:
    fields = event.fields
    return {"fields": state.fields | fields, "title": fields.get(TITLE, state.title)}


def _reported(state: CaseState, event: CaseLinked | CaseUnlinked) -> dict[str, Any]:
    is_report = event.kind == "problem" and event.direction == "from"
    return {"weight": event.weight} if is_report else {}


def _tagged(state: CaseState, event: TagAdded) -> dict[str, Any]:
    return {"tags": (*state.tags, event.tag)}


def _untagged(state: CaseState, event: TagRemoved) -> dict[str, Any]:
    return {"tags": tuple(one for one in state.tags if one != event.tag)}


def _accounted(state: CaseState, event: Event) -> dict[str, Any]:
    return {"ledger": fold_ledger(state.ledger, event)}


FOLDS: Mapping[type[Event], Callable[[CaseState, Any], dict[str, Any]]] = {
    CaseCreated: _created,
    CaseAssigned: _assigned,
    FieldsSet: _filled_in,
    CaseLinked: _reported,
    CaseUnlinked: _reported,
    TagAdded: _tagged,
    TagRemoved: _untagged,
    **{one.event: _accounted for one in every_contract() if issubclass(one.event, LEDGER_EVENTS)},
}
"""The changes by all other events that change the state."""

STATE_EVENTS = frozenset((*SETS, *FOLDS))
"""The events that may change the state of a case."""
