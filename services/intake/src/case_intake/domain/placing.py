"""Where a mail belongs: the rules, in the order in which they are tried."""

from datetime import datetime
from typing import Literal

from case_definition.lookup.definition import Definition
from case_definition.schema.channels import Channel
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.messages import AccessRequested, MessageRequested
from case_events.contracts.parts import UnregisteredContact, Words
from case_events.contracts.refusals import InputRefused
from case_events.envelope import Actor
from case_events.kernel import Draft
from case_events.topics import INTAKE, MESSAGES, REFUSALS
from case_events.unregistered import with_submitter
from msgspec import Struct
from msgspec.structs import replace

from case_intake.domain.arrival import (
    Creator,
    Mailed,
    Part,
    Sender,
    Thread,
    attachments,
    clean,
    contact_creator,
    file_names,
)
from case_intake.domain.placement import (
    LONGEST_TITLE,
    Directory,
    Mistake,
    Placement,
    channel_mistake,
    creation_mistake,
    shortened,
    variables_of,
)

CHANNEL: Literal["mail"] = "mail"

MOST_ANSWERED = 20
"""So many of the messages that a reply names are passed on, the nearest first."""
ANSWER = "unknown_sender"
POINTED = "not_allowed"
_NO_SUBJECT = {"nl": "Bericht zonder onderwerp", "en": "Message without a subject"}
_AUTOMATIC = Mistake("from", "person", "A machine sent this mail; only people's mail makes a case.")
_UNKNOWN = Mistake("from", "known_contact", "The sender is no active contact of this desk.")


class Known(Struct, frozen=True, kw_only=True):
    """What is known about a mail before it is placed, which is done `at` an instant.

    `addressed` is what the signed plus-address that it was sent to belongs to, `answered` what
    its In-Reply-To or References lead to, `named` that whose reference is in the subject.
    `from_us`: it comes from an address that this platform itself receives or sends mail at.
    Of `people` is what rules may ask, and whom a refusal may point to.
    """

    definition: Definition
    at: datetime
    people: Directory
    sender: Sender = Sender()
    from_us: bool = False
    addressed: Thread | None = None
    answered: Thread | None = None
    named: Thread | None = None


def place(arrival: Mailed, known: Known) -> Placement:
    """What becomes of a mail. A new case still needs `numbered`."""
    mail = arrival.mail
    if known.from_us or "our own" in (mail.automatic.why or ""):
        return Placement(outcome="ignored", why="our own mail")
    if mail.bounce is not None:
        return Placement(outcome="ignored", why="report about a mail")
    if mail.automatic.is_:
        return _refused(arrival, known, "automatic_mail", _AUTOMATIC)
    if asks_for_access(arrival, known.definition):
        return _access(arrival, known)
    if known.addressed is not None:
        return _reply(arrival, known, known.addressed, "token")
    if known.answered is not None and known.answered.part >= Part.COLLEAGUE:
        # Who answers a message has got it. Who names a number may have guessed it.
        return _reply(arrival, known, known.answered, "thread")
    if known.named is not None and known.named.part >= Part.SEES:
        return _reply(arrival, known, known.named, "subject")
    return _new_case(arrival, known)


def asks_for_access(arrival: Mailed, definition: Definition) -> bool:
    """Whether this is what the definition calls a request for access: an address with its plus
    part, or a subject that says nothing else."""
    access = definition.document.access
    way = access.request_by_mail if access else None
    if way is None:
        return False
    subjects = {subject.casefold() for subject in way.subjects}
    if _subject(arrival).casefold() in subjects:
        return True
    parts = (one.rpartition("@")[0].partition("+")[2].casefold() for one in arrival.recipients)
    return way.plus is not None and way.plus.casefold() in parts


def _access(arrival: Mailed, known: Known) -> Placement:
    contact, access = known.sender.contact, known.definition.document.access
    if contact is None:
        way = access.request_by_mail if access else None
        answered = way is not None and way.unregistered_contacts == "answered"
        return _refused(arrival, known, "unknown_sender", _UNKNOWN, answer=answered)
    event = AccessRequested(contact=contact.id, in_reply_to=arrival.written_id, raw=arrival.raw_key)
    actor = Actor(kind="contact", id=contact.id, capacity="contact")
    return Placement(outcome="access", drafts=(_draft(MESSAGES, event, arrival, known, actor),))


def _reply(
    arrival: Mailed, known: Known, thread: Thread, found_by: Literal["token", "thread", "subject"]
) -> Placement:
    case, actor = thread.case, known.sender.actor_on(thread)
    event = ReplyReceived(
        found_by=found_by,
        participant=True,
        public=thread.public or actor.capacity == "contact",
        attachments=attachments(arrival.files),
        message_id=arrival.written_id,
        raw=arrival.raw_key,
        personal=_words(arrival, arrival.mail.reply),
        answers=arrival.mail.references[: -MOST_ANSWERED - 1 : -1],
    )
    draft = replace(_draft(INTAKE, event, arrival, known, actor), case=case.id)
    return Placement(outcome="reply", case=case.id, reference=case.reference, drafts=(draft,))


def _new_case(arrival: Mailed, known: Known) -> Placement:
    definition = known.definition
    way = definition.channels.get(CHANNEL)
    case_type = (way.case_type if way else None) or next(iter(definition.case_types))
    creator = _creator(arrival, known, way)
    whom = creator.case_contact if creator else None
    if creator is None or whom is None:
        return _refused(arrival, known, "unknown_sender", _UNKNOWN, answer=True)
    asked = variables_of(definition, creator, CHANNEL, case_type, known.people, known.at)
    closed = channel_mistake(definition, creator, CHANNEL, asked, known.at)
    mistake = closed or creation_mistake(definition, creator, case_type, asked, known.people)
    if mistake is not None:
        return _refused(arrival, known, "not_allowed", mistake, answer=True)
    language = definition.language(whom.language)
    words = _words(arrival, arrival.mail.text, _NO_SUBJECT.get(language, _NO_SUBJECT["en"]))
    event = CaseCreated(
        reference="",
        case_type=case_type,
        customer=whom.customer,
        contact=whom.id,
        language=language,
        attachments=attachments(arrival.files),
        message_id=arrival.written_id,
        raw=arrival.raw_key,
        personal=with_submitter(words, creator.stranger),
    )
    actor = creator.actor
    return Placement(outcome="case", drafts=(_draft(INTAKE, event, arrival, known, actor),))


def _creator(arrival: Mailed, known: Known, way: Channel | None) -> Creator | None:
    """Whose mail begins a case: a contact's, or a stranger's where the way in takes them."""
    sender = known.sender
    if sender.contact is not None:
        return contact_creator(sender.contact)
    taken = way is not None and way.unregistered_contacts == "accepted"
    if not taken or sender.listed or not sender.stranger:
        return None
    person = arrival.author
    stranger = UnregisteredContact(address=person.address, name=person.name)
    return Creator(capacity="contact", id=sender.stranger, stranger=stranger)


def _refused(
    arrival: Mailed, known: Known, code: str, mistake: Mistake, answer: bool = False
) -> Placement:
    event = InputRefused(
        code=code,
        field=mistake.field,
        rule=mistake.rule,
        reason=mistake.reason,
        raw=arrival.raw_key,
        message_id=arrival.written_id,
        personal=_words(arrival, arrival.mail.text),
    )
    drafts = [_draft(REFUSALS, event, arrival, known)]
    if answer and arrival.author.address:
        drafts.append(_draft(MESSAGES, _answer(arrival, known, mistake), arrival, known))
    return Placement(outcome="refused", why=code, drafts=tuple(drafts), mistakes=(mistake,))


def _answer(arrival: Mailed, known: Known, mistake: Mistake) -> MessageRequested:
    definition, contact = known.definition, known.sender.contact
    template = POINTED if mistake.pointer else ANSWER
    reason = {"reason": mistake.pointer} if mistake.pointer else {}
    return MessageRequested(
        key=f"{template}/{arrival.tenant}/{arrival.message_id}/{arrival.digest}",
        template=template,
        language=definition.language(contact.language if contact else None),
        values={
            "tenant": definition.document.name,
            "address": arrival.author.address,
            "subject": _subject(arrival),
            **reason,
        },
        in_reply_to=arrival.written_id,
        personal=arrival.author,
    )


def _words(arrival: Mailed, text: str, no_subject: str = "") -> Words:
    return Words(
        text=shortened(clean(text)),
        title=_subject(arrival) or no_subject,
        file_names=file_names(arrival.files),
        author=arrival.author,
    )


def _subject(arrival: Mailed) -> str:
    return shortened(clean(" ".join(arrival.mail.subject.split())), LONGEST_TITLE)


def _draft(
    topic: str,
    event: CaseCreated | ReplyReceived | InputRefused | MessageRequested | AccessRequested,
    arrival: Mailed,
    known: Known,
    actor: Actor | None = None,
) -> Draft:
    return Draft(
        topic=topic,
        event=event,
        tenant=arrival.tenant,
        actor=actor or known.sender.actor,
        channel=CHANNEL,
        definition=known.definition.key,
    )
