"""Routing of a mail: to a case, to a new case, or to a refusal. The rules are in their order."""

from datetime import datetime
from typing import Literal

from case_definition.lookup.definition import Definition
from case_definition.schema.channels import Channel
from case_events.contracts.base import Event
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.messages import AccessRequested, MessageRequested
from case_events.contracts.parts import UnregisteredContact, WrittenContent
from case_events.contracts.refusals import InputRefused
from case_events.contracts.unregistered import with_submitter
from case_events.envelope import SYSTEM, Actor
from case_events.kernel import Draft
from case_events.topics import INTAKE, MESSAGES, REFUSALS
from msgspec import Struct
from msgspec.structs import replace

from case_intake.domain.inbound import (
    CaseAccess,
    Creator,
    InboundMail,
    MailSender,
    Thread,
    attachments,
    clean,
    contact_creator,
    file_names,
)
from case_intake.domain.mail import Bounce
from case_intake.domain.returned_mail import ReturnedMail, bounce_received
from case_intake.domain.routing_result import (
    MAX_TITLE_LENGTH,
    Directory,
    Mistake,
    RoutingResult,
    channel_mistake,
    creation_mistake,
    shortened,
    variables_of,
)

CHANNEL: Literal["mail"] = "mail"

MAX_ANSWERED = 20
"""The number of answered messages that are passed on, the nearest first."""
ANSWER = "unknown_sender"
POINTED = "not_allowed"
_NO_SUBJECT = {"nl": "Bericht zonder onderwerp", "en": "Message without a subject"}
_AUTOMATIC = Mistake("from", "person", "A machine sent this mail; only people's mail makes a case.")
_NOT_OURS = Mistake("message", "our_mail", "This reports about a mail that no case sent.")
_UNKNOWN = Mistake("from", "known_contact", "The sender is no active contact of this desk.")


class Known(Struct, frozen=True, kw_only=True):
    """What is known about a mail before its routing `at` an instant.

    `addressed` is the thread of the signed plus-address in the envelope, `answered` that of its
    In-Reply-To or References, `named` that of the reference in the subject. `from_us` is true for
    an address at which this platform itself receives or sends mail. `returned` is the mail of ours
    that came back, if the mail reports about one or came to a return address. Rules and redirects
    read `people`.
    """

    definition: Definition
    at: datetime
    people: Directory
    sender: MailSender = MailSender()
    from_us: bool = False
    returned: ReturnedMail | None = None
    addressed: Thread | None = None
    answered: Thread | None = None
    named: Thread | None = None


def route_mail(inbound: InboundMail, known: Known) -> RoutingResult:
    """The routing of a mail. A new case still needs `numbered`."""
    mail = inbound.mail
    if known.from_us or "our own" in (mail.automatic.why or ""):
        return RoutingResult(outcome="ignored", why="our own mail")
    if mail.bounce is not None:
        return _bounce(inbound, known, mail.bounce)
    if mail.automatic.is_ or known.returned is not None or _is_for_nobody(inbound, known):
        return _refused(inbound, known, "automatic_mail", _AUTOMATIC)
    if asks_for_access(inbound, known.definition):
        return _access(inbound, known)
    if known.addressed is not None:
        return _reply(inbound, known, known.addressed, "token")
    if known.answered is not None and known.answered.part >= CaseAccess.COLLEAGUE:
        # The sender of an answer has received the message. The sender of a reference may have
        # guessed it.
        return _reply(inbound, known, known.answered, "thread")
    if known.named is not None and known.named.part >= CaseAccess.SEES:
        return _reply(inbound, known, known.named, "subject")
    return _new_case(inbound, known)


def _is_for_nobody(inbound: InboundMail, known: Known) -> bool:
    """Whether nobody whom the desk knows wrote a mail that asks for no answer, such as a
    newsletter."""
    if not inbound.mail.automatic.quiet or known.addressed is not None:
        return False
    sees = any(
        thread is not None and thread.part is CaseAccess.SEES
        for thread in (known.answered, known.named)
    )
    return not sees and known.sender.contact is None and known.sender.agent is None


def _bounce(inbound: InboundMail, known: Known, bounce: Bounce) -> RoutingResult:
    """The report of a mail server. One about a mail that no case sent is kept for the desk."""
    returned = known.returned
    if returned is None:
        return _refused(inbound, known, "bounce", _NOT_OURS)
    case, event = returned.case, bounce_received(returned, bounce, inbound)
    draft = replace(_draft(INTAKE, event, inbound, known, SYSTEM), case=case.id)
    return RoutingResult(outcome="bounce", case=case.id, reference=case.reference, drafts=(draft,))


def asks_for_access(inbound: InboundMail, definition: Definition) -> bool:
    """Whether the definition counts the mail as a request for access: an address with its plus
    part, or a subject with nothing else."""
    access = definition.document.access
    way = access.request_by_mail if access else None
    if way is None:
        return False
    subjects = {subject.casefold() for subject in way.subjects}
    if _subject(inbound).casefold() in subjects:
        return True
    parts = (one.rpartition("@")[0].partition("+")[2].casefold() for one in inbound.recipients)
    return way.plus is not None and way.plus.casefold() in parts


def _access(inbound: InboundMail, known: Known) -> RoutingResult:
    contact, access = known.sender.contact, known.definition.document.access
    if contact is None:
        way = access.request_by_mail if access else None
        answered = way is not None and way.unregistered_contacts == "answered"
        return _refused(inbound, known, "unknown_sender", _UNKNOWN, answer=answered)
    event = AccessRequested(contact=contact.id, in_reply_to=inbound.written_id, raw=inbound.raw_key)
    actor = Actor(kind="contact", id=contact.id, capacity="contact")
    return RoutingResult(outcome="access", drafts=(_draft(MESSAGES, event, inbound, known, actor),))


def _reply(
    inbound: InboundMail,
    known: Known,
    thread: Thread,
    found_by: Literal["token", "thread", "subject"],
) -> RoutingResult:
    case, actor = thread.case, known.sender.actor_on(thread)
    event = ReplyReceived(
        found_by=found_by,
        participant=True,
        public=thread.public or actor.capacity == "contact",
        attachments=attachments(inbound.files),
        message_id=inbound.written_id,
        raw=inbound.raw_key,
        personal=_words(inbound, inbound.mail.reply),
        answers=inbound.mail.references[: -MAX_ANSWERED - 1 : -1],
        no_answer=inbound.mail.automatic.quiet,
    )
    draft = replace(_draft(INTAKE, event, inbound, known, actor), case=case.id)
    return RoutingResult(outcome="reply", case=case.id, reference=case.reference, drafts=(draft,))


def _new_case(inbound: InboundMail, known: Known) -> RoutingResult:
    definition = known.definition
    way = definition.channels.get(CHANNEL)
    case_type = (way.case_type if way else None) or next(iter(definition.case_types))
    creator = _creator(inbound, known, way)
    whom = creator.case_contact if creator else None
    if creator is None or whom is None:
        return _refused(inbound, known, "unknown_sender", _UNKNOWN, answer=True)
    asked = variables_of(definition, creator, CHANNEL, case_type, known.people, known.at)
    closed = channel_mistake(definition, creator, CHANNEL, asked, known.at)
    mistake = closed or creation_mistake(definition, creator, case_type, asked, known.people)
    if mistake is not None:
        return _refused(inbound, known, "not_allowed", mistake, answer=True)
    language = definition.language(whom.language)
    words = _words(inbound, inbound.mail.text, _NO_SUBJECT.get(language, _NO_SUBJECT["en"]))
    event = CaseCreated(
        reference="",
        case_type=case_type,
        customer=whom.customer,
        contact=whom.id,
        language=language,
        attachments=attachments(inbound.files),
        message_id=inbound.written_id,
        raw=inbound.raw_key,
        personal=with_submitter(words, creator.unregistered),
        no_answer=inbound.mail.automatic.quiet,
    )
    actor = creator.actor
    return RoutingResult(outcome="case", drafts=(_draft(INTAKE, event, inbound, known, actor),))


def _creator(inbound: InboundMail, known: Known, way: Channel | None) -> Creator | None:
    """The creator of a new case from a mail: a contact, or an unregistered contact if the channel
    accepts them."""
    sender = known.sender
    if sender.contact is not None:
        return contact_creator(sender.contact)
    taken = way is not None and way.unregistered_contacts == "accepted"
    if not taken or sender.listed or not sender.unregistered:
        return None
    person = inbound.author
    unregistered = UnregisteredContact(address=person.address, name=person.name)
    return Creator(capacity="contact", id=sender.unregistered, unregistered=unregistered)


def _refused(
    inbound: InboundMail, known: Known, code: str, mistake: Mistake, answer: bool = False
) -> RoutingResult:
    event = InputRefused(
        code=code,
        field=mistake.field,
        rule=mistake.rule,
        reason=mistake.reason,
        raw=inbound.raw_key,
        message_id=inbound.written_id,
        personal=_words(inbound, inbound.mail.text),
    )
    drafts = [_draft(REFUSALS, event, inbound, known)]
    if answer and inbound.author.address and not inbound.mail.automatic.quiet:
        drafts.append(_draft(MESSAGES, _answer(inbound, known, mistake), inbound, known))
    return RoutingResult(outcome="refused", why=code, drafts=tuple(drafts), mistakes=(mistake,))


def _answer(inbound: InboundMail, known: Known, mistake: Mistake) -> MessageRequested:
    definition, contact = known.definition, known.sender.contact
    template = POINTED if mistake.pointer else ANSWER
    reason = {"reason": mistake.pointer} if mistake.pointer else {}
    return MessageRequested(
        key=f"{template}/{inbound.tenant}/{inbound.message_id}/{inbound.digest}",
        template=template,
        language=definition.language(contact.language if contact else None),
        values={
            "tenant": definition.document.name,
            "address": inbound.author.address,
            "subject": _subject(inbound),
            **reason,
        },
        in_reply_to=inbound.written_id,
        personal=inbound.author,
    )


def _words(inbound: InboundMail, text: str, no_subject: str = "") -> WrittenContent:
    return WrittenContent(
        text=shortened(clean(text)),
        title=_subject(inbound) or no_subject,
        file_names=file_names(inbound.files),
        author=inbound.author,
    )


def _subject(inbound: InboundMail) -> str:
    return shortened(clean(" ".join(inbound.mail.subject.split())), MAX_TITLE_LENGTH)


def _draft(
    topic: str,
    event: Event,
    inbound: InboundMail,
    known: Known,
    actor: Actor | None = None,
) -> Draft:
    return Draft(
        topic=topic,
        event=event,
        tenant=inbound.tenant,
        actor=actor or known.sender.actor,
        channel=CHANNEL,
        definition=known.definition.key,
    )
