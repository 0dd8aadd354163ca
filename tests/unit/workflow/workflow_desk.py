"""A small tenant, its people, and a case that workflow is asked things of, one by one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, type_name
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import SubmittedContent, WrittenContent
from case_events.contracts.reference import AgreementPublished, DefinitionPublished, EntryChanged
from case_events.contracts.refusals import CommandRefused, CommandUnchanged
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import Draft, Outcome
from case_events.topics import CASES, REFUSALS
from case_workflow.application.react import WorkflowState, react

from tests.unit.workflow.channel_rules import CHANNELS

CASE = UUID("01930000-0000-7000-8000-00000000d00d")
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

ANNA = Actor(kind="contact", id="anna", capacity="contact")
GRACE = Actor(kind="contact", id="grace", capacity="contact")
KIM = Actor(kind="contact", id="kim", capacity="contact")
ZOE = Actor(kind="contact", id="zoe", capacity="contact")
BO = Actor(kind="agent", id="bo", capacity="agent")
CY = Actor(kind="agent", id="cy", capacity="agent")
GONE = Actor(kind="agent", id="gone", capacity="agent")
UNKNOWN_ACTOR = Actor(kind="unknown", id="")

GOLD = 'case.team == "gold"'

DEFINITION: dict[str, Any] = {
    "tenant": "sample",
    "name": "Sample desk",
    "version": 1,
    "languages": ["en"],
    "default_language": "en",
    "mail": {
        "sender": {"address": "help@sample.example", "name": "Sample"},
        "receives": ["help@sample.example"],
    },
    "references": {"format": "S-{number:04}"},
    "channels": CHANNELS,
    "fields": [
        {"name": "title", "type": "text", "max_length": 20},
        {"name": "urgency", "type": "choice", "options": ["high", "low"]},
        {"name": "necessity", "type": "choice", "options": ["high", "low"]},
        {"name": "cause", "type": "text", "editable_by": ["agent"]},
    ],
    "case_types": [
        {
            "name": "incident",
            "start_status": "new",
            "start_priority": {"priority": "P3", "by_matrix": True},
            "created_by": ["contact", "agent"],
            "fields": [
                {"field": "title", "required": True},
                {"field": "urgency"},
                {"field": "necessity"},
                {"field": "cause"},
            ],
            "reclassify_to": ["question"],
        },
        {
            "name": "question",
            "start_status": "new",
            "start_priority": {"priority": "P3"},
            "created_by": ["contact", "agent"],
            "fields": [{"field": "title", "required": True}],
        },
    ],
    "priorities": {
        "scale": ["P1", "P2", "P3"],
        "matrix": {
            "axes": ["urgency", "necessity"],
            "priority": {
                "high": {"high": "P1", "low": "P2"},
                "low": {"high": "P2", "low": "P3"},
            },
        },
    },
    "statuses": [
        {"name": "new", "kind": "active", "waits_for": "agent"},
        {"name": "asked", "kind": "waiting", "waits_for": "contact", "pauses": ["resolution"]},
        {"name": "solved", "kind": "resolved", "waits_for": "contact"},
        {"name": "closed", "kind": "final", "waits_for": "none", "comments_by": ["agent"]},
    ],
    "transitions": [
        {
            "name": "ask",
            "from": ["new"],
            "to": "asked",
            "by": ["agent"],
            "requires": {"comment": True},
        },
        {"name": "answered", "from": ["asked"], "to": "new", "on": "contact_replied"},
        {"name": "handed_on", "from": ["asked"], "to": "new", "on": "assigned", "when": GOLD},
        {
            "name": "solve",
            "from": ["new", "asked"],
            "to": "solved",
            "by": ["agent"],
            "requires": {"fields": ["cause"]},
        },
        {
            "name": "agree",
            "from": ["solved"],
            "to": "closed",
            "by": ["contact"],
            "case_types": ["incident"],
        },
        {
            "name": "reopen",
            "from": ["solved"],
            "to": "new",
            "by": ["agent"],
            "when": 'case.priority == "P1"',
        },
    ],
    "teams": [
        {"name": "desk", "line": 1, "address": "desk@sample.example", "language": "en"},
        {"name": "gold", "line": 2, "address": "gold@sample.example", "language": "en"},
        {"name": "post", "line": 1, "address": "post@sample.example", "language": "en"},
    ],
    "routing": [
        {"team": "gold", "when": 'case.menu == "b"'},
        {"team": "gold", "when": 'agreement.kind == "sla" && case.priority == "P1"'},
        {"team": "post", "when": 'case.channel == "mail"'},
        {"team": "desk"},
    ],
    "visibility": {"normal": "own", "key": "customer"},
}

AGREEMENT = {
    "id": "gold",
    "tenant": "sample",
    "customer": "acme",
    "version": 1,
    "kind": "sla",
    "calendar": "office",
    "calendars": {"office": {"timezone": "Europe/Amsterdam", "hours": {}}},
    "targets": [{"metric": "resolution", "length": "PT4H"}],
}


def _contact(name: str, customer: str, role: str = "normal") -> dict[str, Any]:
    address, language = f"{name}@customer.example", "nl" if name == "kim" else "en"
    return {"kind": "contact", "id": name, "name": name.title(), "customer": customer,
            "email": address, "language": language, "role": role}  # fmt: skip


def _agent(name: str, *, active: bool = True) -> dict[str, Any]:
    address = f"{name}@sample.example"
    return {"kind": "agent", "id": name, "name": name.title(), "email": address,
            "language": "en", "teams": ["desk", "gold"], "active": active}  # fmt: skip


PEOPLE: list[dict[str, Any]] = [
    {"kind": "customer", "id": "acme", "name": "Acme"},
    {"kind": "customer", "id": "small", "name": "Small"},
    _contact("anna", "acme"),
    _contact("grace", "acme"),
    _contact("kim", "acme", "key"),
    _contact("zoe", "small", "key"),
    _agent("bo"),
    _agent("cy"),
    _agent("gone", active=False),
]


def reference() -> Reference:
    """All reference data of the sample: two versions of the definition, one agreement."""
    known = Reference()
    for version in (1, 2):
        document = DEFINITION | {"version": version}
        known.apply(record(DefinitionPublished(f"sample/{version}", document)))
    known.apply(record(AgreementPublished("sample/gold/1", AGREEMENT)))
    for person in PEOPLE:
        document = {"tenant": "sample", **person}
        known.apply(record(EntryChanged(person["kind"], person["id"], document)))
    return known


def record(
    event: Event,
    actor: Actor = SYSTEM,
    minute: float = 0,
    *,
    channel: str = "portal",
    definition: str = "sample/1",
) -> Record:
    """A record of the sample's case."""
    at = START + timedelta(minutes=minute)
    return Record(
        id=UUID(int=round(minute * 60)),
        type=type_name(event),
        source="portal/0",
        tenant="sample",
        occurred_at=at,
        recorded_at=at,
        actor=actor,
        channel=channel,
        correlation=UUID(int=1),
        definition=definition,
        case=CASE,
        data=event,
    )


def created(
    case_type: str = "incident",
    customer: str = "acme",
    contact: str = "anna",
    fields: Mapping[str, str] | None = None,
) -> CaseCreated:
    """What came in."""
    filled = {"title": "Noise"} if fields is None else dict(fields)
    return CaseCreated(
        reference="S-0001",
        case_type=case_type,
        customer=customer,
        contact=contact,
        language="en",
        fields=filled,
        personal=SubmittedContent(text="It makes a noise."),
    )


REFERENCE = reference()


class Desk:
    """One case, as workflow decides about it; a minute passes before each thing asked."""

    def __init__(self, known: Reference = REFERENCE) -> None:
        self.reference = known
        self.state: WorkflowState | None = None
        self.minute = 0
        self.history: list[Draft] = []

    def take(self, asked: Record) -> Outcome[WorkflowState]:
        """Any record; the memory travels as JSON, as it does in the store."""
        outcome = react(self.state, asked, self.reference)
        self.state = msgspec.json.decode(msgspec.json.encode(outcome.state), type=WorkflowState)
        self.history += [draft for draft in outcome.events if draft.topic == CASES]
        return outcome

    def ask(self, event: Event, actor: Actor = BO, **how: Any) -> list[Event]:
        """The facts, or the one refusal, that follow."""
        self.minute += 1
        outcome = self.take(record(event, actor, self.minute, **how))
        return [draft.event for draft in outcome.events]

    def refused(self, event: Event, actor: Actor = BO) -> tuple[str, str, str]:
        """Code, field and rule of the refusal that follows, and nothing else does."""
        before = self.state
        self.minute += 1
        asked = record(event, actor, self.minute)
        outcome = self.take(asked)
        (draft,) = outcome.events
        assert draft.topic == REFUSALS
        answer = draft.event
        assert isinstance(answer, CommandRefused)
        assert answer.command == asked.type
        assert answer.personal == getattr(event, "personal", WrittenContent())
        assert answer.reason
        assert self.state == before or before is None
        return answer.code, answer.field, answer.rule

    def unchanged(self, event: Event, actor: Actor = BO) -> bool:
        """Whether the one answer is that it already is so."""
        return [type(answer) for answer in self.ask(event, actor)] == [CommandUnchanged]

    @property
    def snapshot_state(self) -> WorkflowState:
        """What workflow remembers."""
        assert self.state is not None
        return self.state

    @property
    def status(self) -> str:
        """The status of the case."""
        return self.snapshot_state.case.status

    @property
    def version(self) -> int:
        """How many events the case has."""
        return self.snapshot_state.case.version


def opened(**created_as: Any) -> Desk:
    """A case of Anna's, just opened."""
    desk = Desk()
    desk.ask(created(**created_as), ANNA)
    return desk
