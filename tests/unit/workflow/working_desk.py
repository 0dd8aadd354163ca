"""A desk that books work: what is approved, free, surcharged and billed, and its one case."""

from collections.abc import Mapping
from typing import Any

from case_definition.lookup.reference import Reference
from case_events.contracts.approvals import RequestApproval
from case_events.contracts.base import Event
from case_events.contracts.parts import WrittenContent
from case_events.contracts.reference import AgreementPublished, DefinitionPublished, EntryChanged
from case_events.contracts.work import CorrectWork, LogWork

from tests.unit.workflow.workflow_desk import (
    AGREEMENT,
    ANNA,
    BO,
    DEFINITION,
    PEOPLE,
    Desk,
    created,
    record,
)

DONE = WrittenContent(text="Looked into it.")
_OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
_WEEK = {day: [["07:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}

WORKING: dict[str, Any] = DEFINITION | {
    "fields": [*DEFINITION["fields"], {"name": "costs", "type": "boolean"}],
    "case_types": [
        *DEFINITION["case_types"],
        {
            "name": "wish",
            "start_status": "new",
            "start_priority": {"priority": "P3"},
            "created_by": ["contact"],
            "fields": [{"field": "title", "required": True}, {"field": "costs", "accept": True}],
        },
        {
            "name": "visit",
            "start_status": "new",
            "start_priority": {"priority": "P3"},
            "created_by": ["contact"],
            "fields": [{"field": "title", "required": True}],
        },
    ],
    "transitions": [
        *DEFINITION["transitions"],
        {"name": "wait", "from": ["new"], "to": "asked", "on": "approval_requested"},
        {"name": "go_on", "from": ["asked"], "to": "new", "on": "approval_granted:building"},
    ],
    "automations": [
        {
            "name": "ask_on",
            "on": "allowance_used",
            "case_types": ["question"],
            "then": [{"ask_approval": "more"}],
        }
    ],
    "consultation": {"teams": ["gold"]},
    "calendars": {
        "office": {"timezone": "Europe/Amsterdam", "hours": _OFFICE},
        "week": {"timezone": "Europe/Amsterdam", "hours": _WEEK},
    },
    "approvals": [
        {
            "name": "thinking",
            "case_types": ["wish"],
            "at_submission": {"amount": "PT2H", "accepts": "costs"},
            "when": 'event.kind != "building"',
        },
        {
            "name": "building",
            "case_types": ["wish"],
            "granted_by": ["key"],
            "when": 'event.kind == "building"',
        },
        {"name": "more", "case_types": ["question"], "asks": "PT1H", "when": "event.billable"},
        {"name": "days", "case_types": ["visit"], "unit": "working_days"},
    ],
    "work": {
        "case_types": ["question", "wish", "visit"],
        "kinds": [
            {"name": "thinking"},
            {"name": "building", "case_types": ["wish"]},
            {"name": "on_site", "unit": "working_days", "case_types": ["visit"]},
            {"name": "travel", "surcharged": False},
        ],
        "surcharges": [{"outside": "week", "percent": 100}, {"outside": "office", "percent": 50}],
        "allowances": [{"name": "first_half_hour", "amount": "PT30M", "case_types": ["question"]}],
        "billing": [
            {"name": "sla", "billable": False, "when": 'agreement.kind == "sla"'},
            {"name": "standard", "billable": True},
        ],
    },
}


def working_reference() -> Reference:
    """The reference data of this desk: the customer `acme` has an SLA, `small` has none."""
    known = Reference()
    known.apply(record(DefinitionPublished("sample/1", WORKING)))
    known.apply(record(AgreementPublished("sample/gold/1", AGREEMENT)))
    for person in PEOPLE:
        document = {"tenant": "sample", **person}
        known.apply(record(EntryChanged(person["kind"], person["id"], document)))
    return known


WORKING_REFERENCE = working_reference()


def working(
    case_type: str = "wish",
    customer: str = "small",
    contact: str = "zoe",
    fields: Mapping[str, str] | None = None,
) -> Desk:
    """A case of this desk, just opened."""
    desk = Desk(WORKING_REFERENCE)
    filled = {"title": "Noise", "costs": "true"} if fields is None else dict(fields)
    desk.ask(created(case_type, customer, contact, filled), ANNA)
    return desk


def log(minutes: int, kind: str = "thinking", **more: Any) -> LogWork:
    """Somebody books work."""
    return LogWork(minutes=minutes, kind=kind, personal=DONE, **more)


def correct(entry: int, minutes: int | None, **more: Any) -> CorrectWork:
    """Somebody corrects an entry."""
    return CorrectWork(
        entry=entry, minutes=minutes, personal=WrittenContent(text="A mistake."), **more
    )


def request(approval: str, minutes: int, **more: Any) -> RequestApproval:
    """Somebody asks for approval."""
    return RequestApproval(approval=approval, minutes=minutes, **more)


def reason_of(desk: Desk, event: Event) -> str:
    """The sentence of the refusal that follows."""
    (answer,) = desk.ask(event, BO)
    return str(getattr(answer, "reason", answer))
