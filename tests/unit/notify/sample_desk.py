"""A small tenant, its people, and a case that is told event by event."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_definition.vocabulary import NOTICE_EVENTS, PLACEHOLDERS
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import AgreementApplied, CaseAssigned
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.reference import AgreementPublished, DefinitionPublished, EntryChanged
from case_events.contracts.unregistered import with_submitter
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import EffectDone, Outcome
from case_events.testing.keys import SECRET
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import reaction
from case_notify.domain.mail import OutgoingMail
from case_notify.domain.notification_state import NotificationState

CASE = UUID("01930000-0000-7000-8000-00000000cafe")
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MAIL_SETTINGS = MailSettings(SECRET, "https://portal.example/")
INCOMING = "first@customer.example"

ANNA = Actor(kind="contact", id="anna", capacity="contact")
BO = Actor(kind="agent", id="bo", capacity="agent")
CY = Actor(kind="agent", id="cy", capacity="agent")

NAMES = {
    "en": {
        "statuses.new.name": "New",
        "statuses.asked.name": "Waiting for you",
        "transitions.ask.name": "Ask",
        "case_types.request.name": "Request",
        "priorities.P1.name": "High",
        "priorities.P2.name": "Low",
        "teams.desk.name": "Desk",
        "teams.experts.name": "Experts",
        "roles.lead.name": "Team lead",
        "roles.head.name": "Head of operations",
        "metrics.resolution.name": "Resolution time",
        "approvals.extra.name": "More work",
        "work_kinds.advice.name": "Advice",
        "billing.standard.name": "The standard rate",
        "messages.reply_refused.subject": "Your message about {reference}",
        "messages.reply_refused.body": "Dear {recipient}, {reference} is closed: {subject}",
        "messages.unknown_sender.subject": "Your message to {tenant}",
        "messages.unknown_sender.body": "We do not know {address}: {subject}",
    },
    "nl": {
        "statuses.new.name": "Nieuw",
        "statuses.asked.name": "Wacht op u",
        "transitions.ask.name": "Vragen",
        "case_types.request.name": "Verzoek",
        "priorities.P1.name": "Hoog",
        "priorities.P2.name": "Laag",
        "teams.desk.name": "Balie",
        "teams.experts.name": "Experts",
        "roles.lead.name": "Teamleider",
        "roles.head.name": "Hoofd operaties",
        "metrics.resolution.name": "Oplostijd",
        "approvals.extra.name": "Meerwerk",
        "work_kinds.advice.name": "Advies",
        "billing.standard.name": "Het standaardtarief",
        "messages.reply_refused.subject": "Uw bericht over {reference}",
        "messages.reply_refused.body": "Beste {recipient}, {reference} is gesloten: {subject}",
        "messages.unknown_sender.subject": "Uw bericht aan {tenant}",
        "messages.unknown_sender.body": "{address} kennen we niet: {subject}",
    },
}


def notices_that_name_everything() -> tuple[list[dict[str, Any]], dict[str, dict[str, str]]]:
    """A notice of every event, to everyone, whose template names all that it may."""
    texts: dict[str, dict[str, str]] = {"en": {}, "nl": {}}
    for language, hello in (("en", "Dear"), ("nl", "Beste")):
        for event in NOTICE_EVENTS:
            places = "\n".join(f"{name}={{{name}}}" for name in sorted(PLACEHOLDERS[event]))
            texts[language][f"notices.{event}.subject"] = "[{reference}] " + event + " {title}"
            texts[language][f"notices.{event}.body"] = f"{hello} {{recipient}},\n\n{places}\n"
    everyone = ["contact", "watchers", "agent", "team", "level"]
    return [{"name": event, "on": event, "to": everyone} for event in NOTICE_EVENTS], texts


def _level(number: int, role: str, address: str, language: str) -> dict[str, Any]:
    return {
        "level": number,
        "role": role,
        "address": address,
        "language": language,
        "raised": [{"on": "breach"}],
    }


DEFINITION: dict[str, Any] = {
    "tenant": "sample",
    "name": "Sample desk",
    "version": 1,
    "languages": ["en", "nl"],
    "default_language": "en",
    "mail": {
        "sender": {"address": "help@sample.example", "name": "Sample, the desk"},
        "receives": ["help@sample.example"],
    },
    "references": {"format": "S-{number:04}"},
    "channels": [{"name": "mail", "by": ["contact"], "case_type": "request"}],
    "fields": [
        {"name": "title", "type": "text"},
        {"name": "impact", "type": "choice", "options": ["big", "small"]},
    ],
    "case_types": [
        {
            "name": "request",
            "start_status": "new",
            "start_priority": {"priority": "P2"},
            "created_by": ["contact"],
            "fields": [{"field": "title"}, {"field": "impact"}],
        }
    ],
    "priorities": {"scale": ["P1", "P2"]},
    "statuses": [
        {"name": "new", "kind": "active", "waits_for": "agent"},
        {"name": "asked", "kind": "waiting", "waits_for": "contact"},
    ],
    "transitions": [{"name": "ask", "from": ["new"], "to": "asked", "by": ["agent"]}],
    "approvals": [{"name": "extra"}],
    "work": {
        "kinds": [{"name": "advice"}],
        "billing": [{"name": "standard", "billable": True}],
    },
    "calendars": {"desk": {"timezone": "Europe/Amsterdam", "hours": {}}},
    "escalation": [_level(1, "lead", "lead@sample.example", "en")],
    "teams": [
        {"name": "desk", "line": 1, "address": "desk@sample.example", "language": "nl"},
        {"name": "experts", "line": 2, "address": "experts@sample.example", "language": "en"},
    ],
    "routing": [{"team": "desk"}],
    "visibility": {"normal": "own"},
}


def definition(notices: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The sample tenant's definition, with other notices where they are given."""
    every, texts = notices_that_name_everything()
    return DEFINITION | {
        "notices": every if notices is None else notices,
        "texts": {language: NAMES[language] | texts[language] for language in NAMES},
    }


AGREEMENT = {
    "id": "gold",
    "tenant": "sample",
    "customer": "acme",
    "version": 1,
    "kind": "sla",
    "calendar": "london",
    "calendars": {"london": {"timezone": "Europe/London", "hours": {}}},
    "targets": [{"metric": "resolution", "name": "fix", "length": "PT4H"}],
    "escalation": [],
}

PEOPLE: list[dict[str, Any]] = [
    {"kind": "customer", "id": "acme", "name": "Acme"},
    {"kind": "contact", "id": "anna", "name": "Anna Bos", "customer": "acme",
     "email": "anna@customer.example", "language": "nl"},
    {"kind": "contact", "id": "grace", "name": "Grace Hill", "customer": "acme",
     "email": "grace@customer.example", "language": "en"},
    {"kind": "agent", "id": "bo", "name": "Bo Vos", "email": "bo@sample.example",
     "language": "en", "teams": ["desk"]},
    {"kind": "agent", "id": "cy", "name": "Cy Moor", "email": "cy@sample.example",
     "language": "nl", "teams": ["experts"]},
]  # fmt: skip


def reference(
    notices: list[dict[str, Any]] | None = None, **changed: Mapping[str, Any]
) -> Reference:
    """All reference data of the sample; `changed` alters people by their id, the agreement by
    `agreement`."""
    known = Reference()
    agreement = AGREEMENT | dict(changed.get("agreement", {}))
    known.apply(record(DefinitionPublished("sample/1", definition(notices)), case=None))
    known.apply(record(AgreementPublished("sample/gold/1", agreement), case=None))
    for person in PEOPLE:
        document = {"tenant": "sample", **person, **changed.get(person["id"], {})}
        known.apply(record(EntryChanged(person["kind"], person["id"], document), case=None))
    return known


def record(
    event: Event,
    actor: Actor = SYSTEM,
    version: int = 1,
    cause: int = 0,
    case: UUID | None = CASE,
) -> Record:
    """A record of the sample; events with the same `cause` were caused by one record."""
    return Record(
        id=UUID(int=version),
        type=type_name(event),
        source="workflow/0",
        tenant="sample",
        occurred_at=START + timedelta(minutes=version),
        recorded_at=START + timedelta(minutes=version),
        actor=actor,
        channel="mail",
        correlation=UUID(int=1),
        causation=UUID(int=1000 + (cause or version)),
        definition="sample/1",
        case=case,
        version=version if case else 0,
        data=event,
    )


def created(contact: str = "anna", message_id: str = INCOMING) -> CaseCreated:
    """A case that came in by mail."""
    words = WrittenContent(
        text="It makes a noise.",
        title="Broken printer",
        author=Person(f"{contact}@customer.example", "As written"),
    )
    return CaseCreated(
        reference="S-0001",
        case_type="request",
        customer="acme",
        contact=contact,
        language="en",
        fields={"impact": "big"},
        message_id=message_id,
        personal=with_submitter(words),
    )


class Story:
    """One case, event by event, as notify sees it."""

    def __init__(
        self, notices: list[dict[str, Any]] | None = None, **changed: Mapping[str, Any]
    ) -> None:
        self.reference = reference(notices, **changed)
        self.react = reaction(MAIL_SETTINGS)
        self.state: NotificationState | None = None
        self.version = 0

    def tell(
        self, event: Event, actor: Actor = SYSTEM, cause: int = 0
    ) -> Outcome[NotificationState]:
        """The next event of the case history."""
        self.version += 1
        return self.take(record(event, actor, self.version, cause))

    def take(self, event: Record) -> Outcome[NotificationState]:
        """Any record; the memory travels as JSON, as it does in the store."""
        outcome = self.react(self.state, event, self.reference)
        self.state = msgspec.json.decode(msgspec.json.encode(outcome.state), type=NotificationState)
        return outcome

    def done(
        self, outcome: Outcome[NotificationState], **result: Any
    ) -> Outcome[NotificationState]:
        """What the runtime says of the first mail that an outcome asked for."""
        effect = outcome.effects[0]
        values: dict[str, Any] = {"result": "done", "attempts": 1} | result
        event = EffectDone(key=effect.key, kind=effect.kind, payload=effect.payload, **values)
        return self.take(record(event, version=self.version))


def begun(story: Story) -> Story:
    """A case with an agent, a team and an agreement."""
    story.tell(created(), ANNA)
    story.tell(AgreementApplied("sample/gold/1"))
    story.tell(CaseAssigned("desk", "bo"))
    return story


def mails(outcome: Outcome[NotificationState]) -> dict[str, OutgoingMail]:
    """The mails of an outcome, by recipient."""
    sent = [msgspec.json.decode(effect.payload, type=OutgoingMail) for effect in outcome.effects]
    return {mail.recipient: mail for mail in sent}


def places(mail: OutgoingMail) -> dict[str, str]:
    """What the places of a template that names everything were filled with."""
    lines = [line.partition("=") for line in mail.text.splitlines() if "=" in line]
    return {name: value for name, _, value in lines}
