"""A desk with a rule in every place, and a case of which every member has a value."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from case_definition.lookup.reference import Reference
from case_events.contracts.approvals import ApprovalGranted
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked
from case_events.contracts.parts import SubmittedContent, WorkPart, WrittenContent
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.reference import AgreementPublished, DefinitionPublished
from case_events.contracts.releases import ReleasePlanned
from case_events.contracts.work import WorkLogged
from msgspec.structs import replace

from tests.unit.workflow.linked_cases import PROBLEM
from tests.unit.workflow.test_progress import PARTS
from tests.unit.workflow.workflow_desk import (
    AGREEMENT,
    BO,
    DEFINITION,
    START,
    record,
    reference,
)

OTHER = UUID("01930000-0000-7000-8000-00000000beef")
WORDS = WrittenContent(text="It is the fan.")
PHONE = "phone"


def probe(place: str, holds: bool = True) -> str:
    """A rule that says where it stands, and always or never holds."""
    return f'case.channel {"!=" if holds else "=="} "at {place}"'


def _with_rule(parts: Sequence[dict[str, Any]], name: str, rule: dict[str, str]) -> list[Any]:
    return [part | rule if part["name"] == name else part for part in parts]


DOCUMENT: dict[str, Any] = DEFINITION | PARTS | {
    "channels": [
        {"name": PHONE, "by": ["agent"], "menu": [{"name": "b"}], "when": probe("channels")}
    ],
    "fields": [
        *_with_rule(DEFINITION["fields"], "cause", {"editable_when": probe("fields")}),
        {"name": "users", "type": "number"},
        {"name": "urgent", "type": "boolean"},
    ],
    "case_types": [
        *_with_rule(DEFINITION["case_types"], "incident", {"when": probe("case_types")}),
        PROBLEM,
    ],
    "transitions": _with_rule(DEFINITION["transitions"], "ask", {"when": probe("transitions")}),
    "phases": _with_rule(PARTS["phases"], "making", {"when": probe("phases")}),
    "automations": [
        {"name": "again", "on": "agent_replied", "when": probe("automations"),
         "then": [{"assess_again": True}]},
    ],
    "routing": [{"team": "desk", "when": probe("routing")}, {"team": "desk"}],
    "notices": [
        {"name": "said", "on": "comment_added", "to": ["agent"], "when": probe("notices", False)}
    ],
    "targets": [
        {"metric": "resolution", "length": "PT4H", "elapsed": True, "when": probe("targets")}
    ],
    "timers": [
        {"name": "remind", "after": "PT1H", "elapsed": True, "since": ["status:asked"],
         "when": probe("timers")},
    ],
    "links": {"duplicates": {"when": probe("links")}},
    "decisions": [PARTS["decisions"][0] | {"ranking": "worth"}],
    "rankings": [
        {"name": "worth", "criteria": [{"name": "w", "when": probe("rankings"), "points": 1}]}
    ],
    "approvals": [{"name": "more", "case_types": ["incident"], "when": probe("approvals")}],
    "work": {
        "case_types": ["incident"],
        "kinds": [{"name": "thinking"}],
        "allowances": [{"name": "free", "amount": "PT10M", "when": probe("work.allowances")}],
        "billing": [
            {"name": "standard", "billable": True, "when": probe("work.billing")},
            {"name": "else", "billable": True},
        ],
    },
}  # fmt: skip
PROMISED = AGREEMENT | {
    "targets": [
        {"metric": "first_response", "length": "PT4H", "elapsed": True, "when": probe("agreements")}
    ]
}

CREATED = CaseCreated(
    reference="S-0001",
    case_type="incident",
    customer="acme",
    contact="anna",
    language="en",
    fields={"urgency": "high"},
    menu="b",
    personal=SubmittedContent(title="Noise at night"),
)
HISTORY: Sequence[Event] = (
    CREATED,
    AgreementApplied("sample/gold/1"),
    PriorityAssessed("P2"),
    StatusChanged("new", reason="created"),
    CaseAssigned("desk", "bo"),
    PhaseChanged("asking"),
    ReleasePlanned("2027-01", "2027-W03"),
    CaseLinked(kind="problem", direction="from", case=OTHER, reference="S-0009", weight=3),
    ApprovalGranted("more", 120),
    WorkLogged(
        entry=1, minutes=30, began=START, kind="thinking", parts=(WorkPart(30),), approval="more"
    ),
    DecisionRequested("change", "owner"),
    FieldsSet({"users": "250", "urgent": "true"}),
)
NOW = START.replace(hour=9)


def known() -> Reference:
    """The reference data of the sample, with a rule in every place."""
    found = reference()
    for version in (1, 2):
        document = DOCUMENT | {"version": version}
        found.apply(record(DefinitionPublished(f"sample/{version}", document)))
    found.apply(record(AgreementPublished("sample/gold/1", PROMISED)))
    return found


REFERENCE = known()
DESK = REFERENCE.definition("sample/1")
RECORDS = tuple(
    replace(record(event, BO, channel=PHONE), version=place, occurred_at=NOW, id=UUID(int=place))
    for place, event in enumerate(HISTORY, 1)
)
