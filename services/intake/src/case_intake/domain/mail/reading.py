"""Reads a raw mail. A defect of the mail is a problem in the result, not an exception."""

import hashlib

from case_intake.domain.mail import addresses, charset, fields, filenames, headers, parts, reply
from case_intake.domain.mail.automatic import automatic
from case_intake.domain.mail.bounces import bounce_of
from case_intake.domain.mail.content import Content, content_of
from case_intake.domain.mail.message import (
    Headers,
    MailAttachment,
    MailReading,
    ParsedMail,
)
from case_intake.domain.mail.problems import MailProblems

_ONCE = ("From", "To", "Cc", "Subject", "Date", "Reply-To", "Content-Type")


def read_mail(raw: bytes, envelope_from: str | None = None) -> ParsedMail:
    """A message as intake understands it. See `read`."""
    return read(raw, envelope_from).mail


def read(raw: bytes, envelope_from: str | None = None) -> MailReading:
    """A message with its headers and the bytes of its attachments.

    `envelope_from` is the sender in SMTP: empty or `<>` for the null sender, None if unknown. Never
    raises for any content; the time grows in proportion to its size.
    """
    problems = MailProblems()
    declared = charset.declared_in(raw)
    header, body = headers.of_message(raw, problems.note, declared)
    _note_headers(header, raw, problems)
    root = parts.tree(header, body, problems.note, declared)
    content = content_of(root, problems.note, declared)
    attachments = _attachments(content, problems)
    sender = addresses.sender(header, problems.note)
    subject = headers.unencoded(header.first("Subject") or "", problems.note)
    own_text = reply.reply_of(content.text, subject)
    in_reply_to = _ids(header, "In-Reply-To", problems)
    answer_to = addresses.addresses(header.all("Reply-To"), problems.note)
    mail = ParsedMail(
        from_=sender,
        to=addresses.addresses(header.all("To"), problems.note),
        cc=addresses.addresses(header.all("Cc"), problems.note),
        reply_to=next(iter(answer_to), None),
        subject=subject,
        date=fields.date(header.first("Date"), problems.note),
        message_id=fields.message_id(header, problems.note),
        references=tuple(dict.fromkeys(_ids(header, "References", problems) + in_reply_to)),
        text=content.text,
        reply=own_text,
        attachments=attachments,
        automatic=automatic(header, root, sender, subject, own_text, envelope_from),
        bounce=bounce_of(header, root, sender, subject, content.text, envelope_from),
        problems=problems.sentences(),
    )
    return MailReading(mail, tuple(raw for _, raw in content.attachments), in_reply_to, header)


def _note_headers(header: Headers, raw: bytes, problems: MailProblems) -> None:
    if not raw.strip():
        problems.note("The message is empty.")
    elif not header.fields:
        problems.note("The message has no headers.")
    for name in _ONCE:
        if len(header.all(name)) > 1:
            problems.note(f"There are several {name} fields.")
    if header.fields and header.first("Date") is None:
        problems.note("There is no Date.")
    if header.fields and header.first("Message-ID") is None:
        problems.note("There is no Message-ID.")


def _ids(header: Headers, name: str, problems: MailProblems) -> tuple[str, ...]:
    # Ids are plain ASCII, but some senders encode long ones like words.
    values = (headers.unencoded(value, problems.note) for value in header.all(name))
    return fields.message_ids(" ".join(values))


def _attachments(content: Content, problems: MailProblems) -> tuple[MailAttachment, ...]:
    described = []
    for number, (part, raw) in enumerate(content.attachments, start=1):
        inline = part.disposition == "inline" or (
            not part.disposition and part.headers.first("Content-ID") is not None
        )
        described.append(
            MailAttachment(
                name=filenames.name_of(part.headers, part.kind, raw, number, problems.note),
                type=part.kind,
                size=len(raw),
                sha256=hashlib.sha256(raw).hexdigest(),
                inline=inline,
            )
        )
    return tuple(described)
