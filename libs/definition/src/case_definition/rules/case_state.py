"""What a case is after the events so far, as far as rules may ask it: one struct, one fold.

Workflow's case, the portal's view, what notify remembers and the time of a case are this and
what each of them adds.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
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
from case_events.contracts.work import WorkEntry
from msgspec import Struct
from msgspec.structs import replace

from case_definition.rules.ledger import Ledger, fold_ledger

S = TypeVar("S", bound="CaseState")

TITLE = "title"
"""The field that is a case's title, where a type of case has it as one of its fields."""


class CaseState(Struct, frozen=True, kw_only=True):
    """A case as its events leave it.

    `channel` is that of the record that created the case: a case begins as
    `CaseState(channel=record.channel)`. `customer` and `contact` are ids of the directory;
    `stranger` is the contact who is in no directory. `agreement` is `tenant/id/version`, empty
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
    stranger: UnregisteredContact = UnregisteredContact()
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
"""Events that set one member of the state to their own member of that name."""


def changes_of(state: CaseState, event: Event) -> dict[str, Any]:
    """The members that an event changes, with their new values; empty where it changes none."""
    if type(event) in SETS:
        member = SETS[type(event)]
        return {member: getattr(event, member)}
    match event:
        case CaseAssigned():
            return {"team": event.team, "agent": event.agent}
        case FieldsSet(fields=fields):
            return {"fields": state.fields | fields, "title": fields.get(TITLE, state.title)}
        case (
            CaseLinked(kind="problem", direction="from")
            | CaseUnlinked(kind="problem", direction="from")
        ):
            return {"weight": event.weight}
        case TagAdded(tag=tag):
            return {"tags": (*state.tags, tag)}
        case TagRemoved(tag=tag):
            return {"tags": tuple(one for one in state.tags if one != tag)}
        case WorkEntry() | ApprovalRequested() | ApprovalGranted() | ApprovalDeclined():
            return {"ledger": fold_ledger(state.ledger, event)}
        case CaseCreated():
            return _created(event)
        case _:
            return {}


def _created(event: CaseCreated) -> dict[str, Any]:
    return {
        "reference": event.reference,
        "title": event.personal.title or event.fields.get(TITLE, ""),
        "case_type": event.case_type,
        "customer": event.customer,
        "contact": event.contact,
        "stranger": event.personal.stranger,
        "fields": event.fields,
        "menu": event.menu,
    }
