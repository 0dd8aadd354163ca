"""Composes mails: fills templates in the reader's language, and keeps each thread in one piece."""

from datetime import datetime
from uuid import UUID

from case_definition.lookup.reference import Reference
from case_definition.schema.notices import Notice
from case_definition.schema.templates import fill, placeholders
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import CaseCreated
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import Person
from case_events.envelope import Record
from case_events.keyring import Keyring
from case_events.tokens.thread import fingerprint, message_id, reply_address, return_address
from msgspec import Struct
from msgspec.structs import replace

from case_notify.application.situation import Situation
from case_notify.application.template_context import template_context
from case_notify.domain.address_state import address_key
from case_notify.domain.mail import OutgoingMail, sealed_place, without_places
from case_notify.domain.notification_state import NotificationState
from case_notify.domain.recipients import Addressee, is_deliverable
from case_notify.domain.wording import one_line, paragraphs


class MailSettings(Struct, frozen=True):
    """The settings of all mails: the key that signs thread addresses, and the URL of the portal."""

    secret: Keyring
    portal: str


def case_of(record: Record) -> UUID:
    """The case of a record on a topic that is keyed by case. Raises ValueError for a record without
    one."""
    if record.case is None:
        raise ValueError(f"{record.type} belongs to no case")
    return record.case


def about_case(
    notice: Notice,
    addressee: Addressee,
    situation: Situation,
    mail_settings: MailSettings,
    root: str,
) -> OutgoingMail:
    """The mail that tells an addressee of an event. `root` is the Message-ID of our first mail."""
    state, record, definition = situation.state, situation.record, situation.definition
    case, settings = case_of(record), definition.document.mail
    sender = settings.sender.address
    receives = sender if sender in settings.receives else settings.receives[0]
    event = record.data
    # The answer of an agent is public only as an answer to a message that the contact can read.
    public = addressee.is_contact or (isinstance(event, CommentAdded) and event.public)
    filled = template_context(situation, addressee)
    language = definition.language(addressee.language)
    distinct = f"{record.version}/{notice.name}/{addressee.id}/mail"
    secret, tenant, domain = mail_settings.secret, record.tenant, sender.rpartition("@")[2]
    own_id = message_id(secret, tenant, case, distinct, domain, public=public)
    mail = OutgoingMail(
        notice=notice.name,
        about=record.version,
        recipient=addressee.id,
        to=Person(addressee.person.address, one_line(addressee.person.name)),
        sender=Person(sender, one_line(settings.sender.name)),
        reply_to=reply_address(secret, tenant, case, receives, public=public),
        subject=one_line(fill(definition.text(f"{notice.text_key}.subject", language), filled)),
        text=paragraphs(fill(definition.text(f"{notice.text_key}.body", language), filled)),
        language=language,
        date=record.recorded_at,
        message_id=own_id,
        tenant=tenant,
        return_path=_return_path(secret, tenant, case, receives, own_id, domain),
        heard_at=state.heard.get(address_key(addressee.person.address)),
    )
    return _threaded(mail, state, root, confirms=isinstance(event, CaseCreated))


def _return_path(
    secret: Keyring, tenant: str, case: UUID, receives: str, message_id: str, domain: str
) -> str:
    """The address to which mail servers report. It has the sender's domain, so that SPF still
    speaks for the sender; where the desk receives at no address of that domain, it is empty."""
    if receives.rpartition("@")[2].casefold() != domain.casefold():
        return ""
    return return_address(secret, tenant, case, receives, message_id)


def _threaded(
    mail: OutgoingMail, state: NotificationState, root: str, *, confirms: bool
) -> OutgoingMail:
    """The mail with its thread headers. Only the contact's mail is a reply: other recipients never
    saw the contact's message."""
    to_contact = mail.recipient.startswith("contact/")
    answered = state.incoming if to_contact else ""
    references = dict.fromkeys((state.began, root, state.incoming) if to_contact else (root,))
    return replace(
        mail,
        in_reply_to=answered or root,
        references=tuple(one for one in references if one),
        answers=confirms and bool(answered),
    )


def without_case(
    event: MessageRequested, record: Record, reference: Reference, at: datetime
) -> OutgoingMail | None:
    """A mail without a case; None if there is no address to send it to."""
    definition = reference.newest(record.tenant)
    if definition is None:
        raise LookupError(f"{record.tenant} has no definition")
    if not is_deliverable(event.personal.address):
        return None
    settings, language = definition.document.mail, definition.language(event.language)
    filled = {
        "tenant": definition.document.name,
        "recipient": _called(event.personal, record, reference),
        "address": event.personal.address,
        **event.values,
    }
    text = f"messages.{event.template}"
    body = definition.text(f"{text}.body", language)
    if event.sealed:
        filled = _with_places(filled, body)
    return OutgoingMail(
        notice=event.template,
        about=0,
        recipient="address",
        to=Person(event.personal.address, one_line(event.personal.name)),
        sender=Person(settings.sender.address, one_line(settings.sender.name)),
        reply_to=settings.receives[0],
        subject=one_line(fill(definition.text(f"{text}.subject", language), filled)),
        text=paragraphs(fill(body, filled)),
        language=language,
        date=at,
        message_id=_message_id(record.tenant, event.key, settings.sender.address),
        in_reply_to=event.in_reply_to,
        references=(event.in_reply_to,) if event.in_reply_to else (),
        answers=bool(event.in_reply_to),
        sealed=event.sealed,
        context=f"{record.tenant}/{event.key}" if event.sealed else "",
        tenant=record.tenant,
        heard_at=record.occurred_at if event.in_reply_to else None,
    )


def _with_places(filled: dict[str, str], body: str) -> dict[str, str]:
    """The values of a text, with a place for each value that is sealed."""
    plain = {name: without_places(value) for name, value in filled.items()}
    return {name: sealed_place(name) for name in placeholders(body)} | plain


def _called(person: Person, record: Record, reference: Reference) -> str:
    """The name by which a mail addresses a person: the name in the directory, else the name that
    the person gave, else the mail address."""
    known = reference.contact_by_address(record.tenant, person.address)
    return (known.name if known and known.active else person.name) or person.address


def _message_id(tenant: str, key: str, sender: str) -> str:
    return f"message.{fingerprint(f'{tenant}/{key}')}@{sender.rpartition('@')[2]}"
