"""Inbound mails and form submissions, in a normal form."""

from collections.abc import Collection
from datetime import datetime
from enum import IntEnum
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.schema.directory import Agent, Contact
from case_events.contracts.parts import Attachment, Person, UnregisteredContact
from case_events.contracts.unregistered import unregistered_id
from case_events.envelope import Actor
from msgspec import Struct, json
from msgspec.structs import replace

from case_intake.domain.mail import MailReading, ParsedMail

MAX_ID_LENGTH = 250
"""The maximum length of a stored Message-ID, in characters; a longer one is stored as its hash."""

MAX_WRITTEN_ID_LENGTH = 900
"""The maximum length of a Message-ID that a reply can name, in characters: a header line has
998."""


class InboundFile(Struct, frozen=True):
    """A file of the input. `sha256` (hex) is its key in the blob store, `size` is in bytes."""

    name: str
    type: str
    sha256: str
    size: int
    inline: bool = False


class InboundMail(Struct, frozen=True, kw_only=True):
    """A mail to one tenant. `recipients` are the addresses of this tenant in the envelope.

    `message_id` identifies the mail. `digest` is the SHA-256 (hex) of the body, or of the whole
    mail without a Message-ID. `contents` are those of the files, in their order.
    """

    tenant: str
    mail: ParsedMail
    raw: bytes
    raw_key: str
    recipients: tuple[str, ...]
    files: tuple[InboundFile, ...]
    contents: tuple[bytes, ...]
    message_id: str
    digest: str

    @property
    def written_id(self) -> str:
        """The Message-ID as a reply names it, without angle brackets; empty without one."""
        written = clean(self.mail.message_id or "")
        return written if len(written) <= MAX_WRITTEN_ID_LENGTH else ""

    @property
    def author(self) -> Person:
        """The person whom the mail names as its sender."""
        sender = self.mail.from_
        return Person(address=clean(sender.address), name=clean(sender.name))


class CaseContact(Struct, frozen=True, kw_only=True):
    """The contact of a case. An unregistered contact has no customer and no role."""

    id: str
    person: Person
    language: str
    customer: str = ""
    role: str = ""


class Creator(Struct, frozen=True, kw_only=True):
    """The person who creates a case, and its contact: the person, or a contact or unregistered
    contact whom an agent names.

    `language` is the language of the creator.
    """

    capacity: Literal["contact", "agent"]
    id: str
    contact: Contact | None = None
    unregistered: UnregisteredContact = UnregisteredContact()
    roles: tuple[str, ...] = ()
    language: str = ""

    @property
    def actor(self) -> Actor:
        """The creator as the actor of a record."""
        return Actor(kind=self.capacity, id=self.id, capacity=self.capacity)

    @property
    def case_contact(self) -> CaseContact | None:
        """The contact of the case; None if the creator names nobody."""
        one, unregistered = self.contact, self.unregistered
        if one is not None:
            return CaseContact(
                id=one.id,
                person=Person(address=one.email, name=one.name),
                language=one.language,
                customer=one.customer,
                role=one.role,
            )
        if not unregistered.is_named:
            return None
        return CaseContact(
            id=unregistered_id(unregistered.address or unregistered.name),
            person=Person(address=unregistered.address, name=unregistered.name),
            language=unregistered.language,
        )


def contact_creator(contact: Contact) -> Creator:
    """A contact of the directory who creates a case of their own."""
    return Creator(
        capacity="contact",
        id=contact.id,
        contact=contact,
        roles=(contact.role,),
        language=contact.language,
    )


class FormSubmission(Struct, frozen=True, kw_only=True):
    """A case from a form or a program. `key` is its Idempotency-Key, empty for none.

    `channel` is the named channel, `menu` the caller's choice in its menu, `raw` the request as it
    came. `received_at` is the earlier time of receipt that an agent states. `contents` are those of
    the files that are not in the blob store yet.
    """

    tenant: str
    creator: Creator
    channel: str
    menu: str = ""
    case_type: str = ""
    values: dict[str, Any] = {}
    files: tuple[InboundFile, ...] = ()
    contents: tuple[bytes, ...] = ()
    key: str = ""
    raw: bytes = b""
    received_at: datetime | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of the case, which is the same for the same case, in whatever form the
        request came."""
        whom = self.creator.case_contact
        contact = whom.id if whom else ""
        files = [(file.name, file.type, file.sha256) for file in self.files]
        way = f"{self.channel}/{self.menu}" if self.menu else self.channel
        content: tuple[Any, ...] = (way, self.case_type, contact, self.values, files)
        if self.received_at is not None:
            content = (*content, self.received_at)
        if self.creator.unregistered.is_named:
            content = (*content, self.creator.unregistered)
        return sha256(json.encode(content, order="deterministic")).hexdigest()


class NumberedCase(Struct, frozen=True):
    """A case that intake numbered."""

    id: UUID
    reference: str
    customer: str
    contact: str


class CaseAccess(IntEnum):
    """The access of a person to a case: none; that of a colleague of its contact; or that of
    people who see the case, which are its contact, its watchers, colleagues with permission, and
    agents."""

    NONE = 0
    COLLEAGUE = 1
    SEES = 2


class Thread(Struct, frozen=True):
    """The case of a message, and whether the contact could read the message.

    `part` is the access of the sender of the mail.
    """

    case: NumberedCase
    public: bool
    part: CaseAccess = CaseAccess.NONE


class MailSender(Struct, frozen=True):
    """The active people of the directory with the address from which a mail came.

    `unregistered` is the id that an unregistered contact with this address has in a case. `listed`
    is true if somebody in the directory has the address, active or not.
    """

    contact: Contact | None = None
    agent: Agent | None = None
    unregistered: str = ""
    listed: bool = True

    def part_in(
        self, case: NumberedCase, watchers: Collection[str], definition: Definition
    ) -> CaseAccess:
        """The access of the sender to a case."""
        if self.agent is not None or self._is_its_unregistered_contact(case):
            return CaseAccess.SEES
        one = self.contact
        if one is None:
            return CaseAccess.NONE
        if one.id == case.contact or f"contact/{one.id}" in watchers:
            return CaseAccess.SEES
        if one.customer != case.customer:
            return CaseAccess.NONE
        return CaseAccess.SEES if definition.sees_colleagues(one.role) else CaseAccess.COLLEAGUE

    def actor_on(self, thread: Thread) -> Actor:
        """The sender as the actor on this thread. An unknown sender counts as the person to whom
        the message was sent, a contact or an agent."""
        if self.agent is not None or self.contact is not None:
            return self.actor
        if self._is_its_unregistered_contact(thread.case):
            return Actor(kind="contact", id=self.unregistered, capacity="contact")
        return replace(self.actor, capacity="contact" if thread.public else "agent")

    def _is_its_unregistered_contact(self, case: NumberedCase) -> bool:
        return self.unregistered != "" and self.unregistered == case.contact

    @property
    def actor(self) -> Actor:
        """The sender as the actor of a record; an agent before a contact."""
        if self.agent is not None:
            return Actor(kind="agent", id=self.agent.id, capacity="agent")
        if self.contact is not None:
            return Actor(kind="contact", id=self.contact.id, capacity="contact")
        return Actor(kind="unknown", id="")


def inbound_mail(
    tenant: str, raw: bytes, recipients: tuple[str, ...], reading: MailReading
) -> InboundMail:
    """A parsed mail as an inbound mail of a tenant."""
    mail = reading.mail
    message_id = id_key(mail.message_id or "")
    return InboundMail(
        tenant=tenant,
        mail=mail,
        raw=raw,
        raw_key=sha256(raw).hexdigest(),
        recipients=recipients,
        files=tuple(
            InboundFile(clean(part.name), clean(part.type), part.sha256, len(content), part.inline)
            for part, content in zip(mail.attachments, reading.contents, strict=True)
        ),
        contents=tuple(reading.contents),
        message_id=message_id,
        digest=_digest(raw, whole=not message_id),
    )


def attachments(files: tuple[InboundFile, ...]) -> tuple[Attachment, ...]:
    """The files as attachments of an event."""
    return tuple(
        Attachment(sha256=file.sha256, size=file.size, type=file.type, inline=file.inline)
        for file in files
    )


def file_names(files: tuple[InboundFile, ...]) -> tuple[str, ...]:
    """The names of the files, in their order."""
    return tuple(file.name for file in files)


def clean(text: str) -> str:
    """A text that every store can hold: without NUL and without half surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def id_key(message_id: str) -> str:
    """The key by which a Message-ID is stored and found; an index of a database has a maximum key
    length."""
    known = clean(message_id.strip())
    if len(known) <= MAX_ID_LENGTH:
        return known
    return f"sha256:{sha256(known.encode()).hexdigest()}"


def _digest(raw: bytes, whole: bool) -> str:
    text = raw.replace(b"\r\n", b"\n").strip()
    body = text if whole else text.partition(b"\n\n")[2]
    return sha256(body).hexdigest()
