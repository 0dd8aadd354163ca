"""A small desk, its people, and the story of one case."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Agent, Auditor, Contact, Customer, Entry, entry_kind
from case_events.contracts import type_name
from case_events.contracts.base import Event
from case_events.contracts.cases import CaseAssigned, CommentAdded, PriorityAssessed, StatusChanged
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Attachment, SubmittedContent, WrittenContent
from case_events.contracts.reference import DefinitionPublished, EntryChanged
from case_events.contracts.sla import DeadlineSet
from case_events.envelope import SYSTEM, Actor, Record

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = UUID("018f0000-0000-7000-8000-000000000001")
REFERENCE = "CAS-2026-000001"
BOB = Actor(kind="contact", id="bob", capacity="contact")
AMY = Actor(kind="agent", id="amy", capacity="agent")

_NAMES = {
    "statuses": {
        "open": ("Submitted", "We have received your case."),
        "need_input": ("Needs your input", "We need your answer to go on."),
        "resolved": ("Resolved", "We have offered a solution. Do you agree?"),
        "closed": ("Closed", "This case is finished."),
    },
    "transitions": {
        "ask": ("Ask the contact", ""),
        "resolve": ("Offer a solution", ""),
        "agree": ("Agree and close", "The solution works."),
        "reject": ("Not solved yet", "Tell us what is wrong."),
        "close": ("Close", "You need no more help."),
    },
    "case_types": {"incident": ("Incident", "Something does not work.")},
    "fields": {
        "title": ("Title", ""),
        "description": ("Description", ""),
        "urgency": ("Urgency", ""),
        "files": ("Attachments", ""),
        "cause": ("Cause", ""),
    },
    "priorities": {"P1": ("P1 Critical", ""), "P2": ("P2 High", "")},
    "teams": {"first": ("Service desk", ""), "second": ("Application support", "")},
    "metrics": {"resolution": ("Resolution", "")},
    "channels": {"portal": ("Portal", ""), "mail": ("E-mail", "")},
}


def _texts() -> dict[str, str]:
    texts = {"fields.urgency.options.high": "High", "fields.urgency.options.low": "Low"}
    for section, names in _NAMES.items():
        for name, (expected, explained) in names.items():
            texts[f"{section}.{name}.name"] = expected
            texts[f"{section}.{name}.help"] = explained
    return texts


def definition_document(tenant: str) -> dict[str, Any]:
    """A definition with four statuses and one type of case."""
    both = ["contact", "agent"]
    team = {"line": 1, "address": "desk@desk.example", "language": "en"}
    return {
        "tenant": tenant,
        "name": "Example Desk",
        "version": 1,
        "languages": ["en", "nl"],
        "default_language": "en",
        "mail": {
            "sender": {"address": "desk@desk.example", "name": "Desk"},
            "receives": [f"desk@{tenant}.example"],
        },
        "references": {"format": "CAS-{year}-{number:06}"},
        "channels": [{"name": "portal", "by": both}],
        "fields": [
            {"name": "title", "type": "text", "max_length": 200},
            {"name": "description", "type": "text"},
            {"name": "urgency", "type": "choice", "options": ["high", "low"]},
            {"name": "files", "type": "files"},
            {"name": "cause", "type": "text", "visible_to": ["agent"], "editable_by": ["agent"]},
        ],
        "case_types": [
            {
                "name": "incident",
                "start_status": "open",
                "start_priority": {"priority": "P2"},
                "created_by": both,
                "fields": [
                    {"field": "title", "required": True},
                    {"field": "description", "required": True},
                    {"field": "urgency"},
                    {"field": "files"},
                    {"field": "cause"},
                ],
            }
        ],
        "priorities": {"scale": ["P1", "P2"]},
        "statuses": [
            {"name": "open", "kind": "active", "waits_for": "agent"},
            {
                "name": "need_input",
                "kind": "waiting",
                "waits_for": "contact",
                "stands_out": True,
            },
            {
                "name": "resolved",
                "kind": "resolved",
                "waits_for": "contact",
                "stands_out": True,
            },
            {"name": "closed", "kind": "final", "waits_for": "none", "comments_by": ["agent"]},
        ],
        "transitions": [
            {"name": "ask", "from": ["open"], "to": "need_input", "by": ["agent"]},
            {
                "name": "resolve",
                "from": ["open"],
                "to": "resolved",
                "by": ["agent"],
                "requires": {"comment": True, "fields": ["cause"]},
            },
            {"name": "agree", "from": ["resolved"], "to": "closed", "by": ["contact"]},
            {
                "name": "reject",
                "from": ["resolved"],
                "to": "open",
                "by": ["contact"],
                "requires": {"comment": True},
            },
            {"name": "close", "from": ["open"], "to": "closed", "by": ["contact"]},
        ],
        "teams": [{"name": "first"} | team, {"name": "second"} | team],
        "routing": [{"team": "first"}],
        "links": {
            "problems": {"case_types": ["problem"], "solved_in": ["resolved"]},
            "duplicates": {},
            "split": {},
            "merge": {"status": "closed"},
            "follow_up": {"of": ["closed"]},
        },
        "visibility": {"normal": "own", "key": "customer"},
        "access": {"invitation": {}},
        "texts": {"en": _texts(), "nl": _texts()},
    }


def reference_data() -> Reference:
    """Two tenants; at the first two customers, four contacts, an agent and an auditor."""
    known = Reference()
    for tenant in ("here", "there"):
        document = definition_document(tenant)
        known.apply(published(DefinitionPublished(f"{tenant}/1", document)))
        assert compile_definition(document).key == f"{tenant}/1"
    for entry in PEOPLE:
        document = msgspec.to_builtins(entry)
        known.apply(published(EntryChanged(entry_kind(entry), entry.id, document)))
    return known


def _contact(name: str, customer: str = "acme", tenant: str = "here", **more: Any) -> Contact:
    known = name.lower(), f"{name.lower()}@{customer}.example"
    return Contact(tenant=tenant, id=known[0], name=name, customer=customer, email=known[1],
                   language=more.pop("language", "en"), **more)  # fmt: skip


def _agent(name: str, tenant: str = "here", language: str = "en", **more: Any) -> Agent:
    known = name.lower(), f"{name.lower()}@desk.example"
    return Agent(tenant=tenant, id=known[0], name=name, email=known[1], language=language, **more)


PEOPLE: tuple[Entry, ...] = (
    Customer(tenant="here", id="acme", name="Acme"),
    Customer(tenant="here", id="globex", name="Globex"),
    _contact("Bob"),
    _contact("Kim", role="key"),
    _contact("Ned"),
    _contact("Gus", customer="globex"),
    _contact("Jan", language="nl"),
    _contact("Bob", tenant="there"),
    _agent("Amy"),
    _agent("Dirk", language="nl", roles=("agent", "administrator")),
    _agent("Eve", tenant="there", roles=("agent", "administrator")),
    Auditor(tenant="here", id="aud", name="Aud", email="aud@desk.example", language="en"),
)


def published(event: Event) -> Record:
    return record(event, version=0, actor=SYSTEM)


def record(
    event: Event,
    version: int,
    actor: Actor = AMY,
    at: datetime = NOW,
    causation: UUID | None = None,
    channel: str = "portal",
    *,
    tenant: str = "here",
    case: UUID | None = CASE,
) -> Record:
    """A record about the case of this desk."""
    return Record(
        id=uuid4(),
        type=type_name(event),
        source="test/0",
        tenant=tenant,
        occurred_at=at,
        recorded_at=at,
        actor=actor,
        channel=channel,
        correlation=uuid4(),
        causation=causation,
        definition="here/1",
        case=case,
        version=version,
        data=event,
    )


CREATED = CaseCreated(
    reference=REFERENCE,
    case_type="incident",
    customer="acme",
    contact="bob",
    language="en",
    fields={"urgency": "high", "cause": "a loose cable"},
    personal=SubmittedContent(title="The printer is on fire", text="It burns <b>brightly</b>."),
)
DUE = NOW + timedelta(days=1)


def sample_history() -> list[Record]:
    """A case that was opened, assigned, discussed inside and outside, and solved."""
    attachment = Attachment(sha256="a" * 64, size=2048, type="image/png")
    secret = Attachment(sha256="b" * 64, size=10, type="text/plain")
    events: list[tuple[Event, Actor]] = [
        (CREATED, BOB),
        (PriorityAssessed("P2"), SYSTEM),
        (StatusChanged("open"), BOB),
        (CaseAssigned("second", "amy", "first"), AMY),
        (
            DeadlineSet(
                target="resolution",
                cycle=1,
                rests_on=3,
                due=DUE,
                elapsed=0,
                reason="created",
                calendar="desk",
                tz_version="2026a",
            ),
            SYSTEM,
        ),
        (
            CommentAdded(
                "n1",
                "agent",
                public=False,
                attachments=(secret,),
                personal=WrittenContent(text="He smokes.", file_names=("secret.txt",)),
            ),
            AMY,
        ),
        (
            CommentAdded(
                "c1",
                "contact",
                public=True,
                attachments=(attachment,),
                personal=WrittenContent(text="Here is a picture.", file_names=("fire.png",)),
            ),
            BOB,
        ),
    ]
    return [
        record(event, version, actor, NOW + timedelta(minutes=version))
        for version, (event, actor) in enumerate(events, 1)
    ]


def solved(history: list[Record]) -> list[Record]:
    """The same, with a solution offered."""
    answer = CommentAdded("c2", "agent", public=True, personal=WrittenContent(text="Use a bucket."))
    version = len(history)
    return [
        *history,
        record(answer, version + 1, at=NOW + timedelta(minutes=20)),
        record(StatusChanged("resolved", "open", "resolve"), version + 2),
    ]
