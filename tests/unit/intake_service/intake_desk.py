"""A small desk, who is known there, mails to it, and intake in memory."""

from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from case_definition.lookup.definition import Definition, compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Agent, Contact, Entry, entry_key, entry_kind
from case_events.contracts.base import Event, type_name
from case_events.contracts.reference import DefinitionPublished, EntryChanged
from case_events.envelope import SYSTEM, Record
from case_events.runtime import Ids, Outbox
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryBlobs, MemoryLog
from case_events.tokens.thread import read_return, read_token
from case_intake.adapters.memory import MemoryIntakeOutbox, MemoryStore
from case_intake.application.ports import IntakePorts
from case_intake.domain.inbound import InboundMail, inbound_mail
from case_intake.domain.mail import read
from msgspec import to_builtins

from tests.support.wire import codec

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DESK = "help@desk.example"

ANNA = Contact(tenant="desk", id="anna", name="Anna Bos", customer="acme",
               email="anna@acme.example", language="nl", role="super_user")  # fmt: skip
BEN = Contact(tenant="desk", id="ben", name="Ben", customer="acme", email="ben@acme.example",
              language="en", role="normal")  # fmt: skip
OLAF = Contact(tenant="desk", id="olaf", name="Olaf", customer="other",
               email="olaf@other.example", language="en", role="super_user")  # fmt: skip
GONE = Contact(tenant="desk", id="gone", name="Gone", customer="acme", active=False,
               email="gone@acme.example", language="en", role="super_user")  # fmt: skip
IVY = Agent(tenant="desk", id="ivy", name="Ivy", email="ivy@desk.example", language="en")
CARL = Contact(tenant="second", id="carl", name="Carl", customer="acme",
               email="carl@acme.example", language="en", role="super_user")  # fmt: skip
PEOPLE: tuple[Entry, ...] = (ANNA, BEN, OLAF, GONE, IVY, CARL)

_TEXTS = {
    "case_types.fault.name": "Fault",
    "case_types.fault.help": "Something is broken.",
    "case_types.wish.name": "Wish",
    "fields.title.name": "Title",
    "fields.description.name": "Description",
    "fields.impact.name": "Impact",
    "fields.impact.options.big": "Big",
    "fields.impact.options.small": "Small",
    "fields.seats.name": "Seats",
    "fields.urgent.name": "Urgent",
    "fields.files.name": "Files",
    "fields.cause.name": "Cause",
    "channels.night.refused": "Wait for the night.",
    "messages.reply_refused.subject": "{reference} is closed",
    "messages.reply_refused.body": "It takes no more.",
    "messages.unknown_sender.subject": "Your message to {tenant}",
    "messages.unknown_sender.body": "We do not know {address}: {subject}",
}


def document(tenant: str = "desk") -> dict[str, Any]:
    """A desk where super users report faults (O1), and agents also wishes."""
    return {
        "tenant": tenant,
        "name": f"The {tenant}",
        "version": 1,
        "languages": ["en", "nl"],
        "default_language": "en",
        "mail": {
            "sender": {"address": f"no-reply@{tenant}.example", "name": f"The {tenant}"},
            "receives": [f"help@{tenant}.example"],
        },
        "references": {"format": "D-{year}-{number:04}"},
        "channels": [
            {"name": "mail", "by": ["contact"], "case_type": "fault"},
            {"name": "portal", "by": ["contact"], "case_type": "fault"},
            {"name": "phone", "by": ["agent"], "menu": [
                {"name": "wishes", "case_type": "wish"}, {"name": "night", "channel": "night"},
            ]},
            {"name": "night", "way": "portal", "by": ["contact", "agent"], "case_type": "fault",
             "when": "contact.role == 'super_user'",
             "hours": {"calendar": "day", "open": "outside"}},
            {"name": "api", "by": ["contact", "agent"]},
        ],
        "fields": [
            {"name": "title", "type": "text", "max_length": 50},
            {"name": "description", "type": "text"},
            {"name": "impact", "type": "choice", "options": ["big", "small"]},
            {"name": "seats", "type": "number"},
            {"name": "urgent", "type": "boolean"},
            {"name": "files", "type": "files"},
            {"name": "cause", "type": "text", "editable_by": ["agent"]},
        ],
        "case_types": [
            _case_type("fault", ["contact", "agent"], "actor.capacity == 'agent' || "
                       "contact.role == 'super_user'"),
            _case_type("wish", ["agent"]),
        ],
        "calendars": {"day": {"timezone": "Europe/Amsterdam", "hours": {
            day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}},
        "priorities": {"scale": ["P1"]},
        "statuses": [{"name": "new", "kind": "active", "waits_for": "agent"}],
        "transitions": [{"name": "stay", "from": ["new"], "to": "new", "by": ["agent"]}],
        "teams": [{"name": "all", "line": 1, "address": "all@desk.example", "language": "en"}],
        "routing": [{"team": "all"}],
        "visibility": {"normal": "own"},
        "texts": {"en": _TEXTS, "nl": _TEXTS | {
            "case_types.fault.name": "Storing", "channels.night.refused": "Wacht op de nacht."}},
    }  # fmt: skip


def definition() -> Definition:
    """The desk's definition."""
    return compile_definition(document())


def reference() -> Reference:
    """Two tenants and their people, as they came by Kafka."""
    known = Reference()
    for tenant in ("desk", "second"):
        known.apply(_record(DefinitionPublished(f"{tenant}/1", document(tenant))))
    for entry in PEOPLE:
        known.apply(_record(EntryChanged(entry_kind(entry), entry_key(entry), to_builtins(entry))))
    return known


def raw_mail(
    *fields: str,
    sender: str = ANNA.email,
    subject: str = "The printer smokes",
    message_id: str = "<1@acme.example>",
    body: str = "It is hot.",
) -> bytes:
    """A mail to the desk, with these header fields added."""
    head = [
        f"From: {sender}",
        f"To: {DESK}",
        f"Subject: {subject}",
        "Date: Mon, 23 Nov 2026 09:00:00 +0100",
        *([f"Message-ID: {message_id}"] if message_id else []),
        *fields,
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body + "\r\n").encode()


def arrival(raw: bytes, *recipients: str, envelope_from: str | None = None) -> InboundMail:
    """A mail as it arrives at the desk."""
    return inbound_mail("desk", raw, recipients or (DESK,), read(raw, envelope_from))


class World:
    """Intake in memory, and what it has published."""

    def __init__(self) -> None:
        self.log, self.store, self.blobs = MemoryLog(START), MemoryStore(), MemoryBlobs()
        outbox = Outbox("intake", self.log, Ids(Random(1)), 4, codec, lambda: None)
        self.ports = IntakePorts(
            outbox=MemoryIntakeOutbox(outbox, self.store),
            blobs=self.blobs,
            directory=reference(),
            read_token=partial(read_token, SECRET),
            read_return=partial(read_return, SECRET),
        )

    def records(self) -> list[tuple[str, Record]]:
        """Topic and record of everything published, in no order between partitions."""
        entries = [entry for partition in self.log.state.entries.values() for entry in partition]
        return [(entry.topic, codec.decode(entry.value)) for entry in entries]

    def events(self) -> list[Event]:
        """The events published."""
        return [record.data for _, record in self.records()]


def _case_type(name: str, created_by: list[str], when: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "start_status": "new",
        "start_priority": {"priority": "P1"},
        "created_by": created_by,
        "fields": [
            {"field": "title", "required": True},
            *({"field": field} for field in
              ("description", "impact", "seats", "urgent", "files", "cause")),
        ],
    } | ({"when": when} if when else {})  # fmt: skip


def _record(event: Event) -> Record:
    return Record(
        id=UUID(int=1),
        type=type_name(event),
        source="test",
        tenant="desk",
        occurred_at=START,
        recorded_at=START,
        actor=SYSTEM,
        channel="",
        correlation=UUID(int=1),
        data=event,
    )
