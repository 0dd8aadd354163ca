"""Encodes a mail: plain text and HTML in one message (RFC 5322)."""

import re
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from case_events.contracts.parts import Person
from jinja2 import Environment, StrictUndefined

from case_notify.domain.mail import OutgoingMail

ENCODING = "quoted-printable"
"""Every relay passes it on unchanged, and a person can read its text."""
LONGEST_MESSAGE_ID = 250
LONGEST_PLAIN_SUBJECT = 900
"""Characters of a subject that fit on one line; a line of a mail has at most 998."""

_MESSAGE_ID = re.compile(rf"[!-;=?-~]{{1,{LONGEST_MESSAGE_ID - 2}}}")
_LINK = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")
_page = Environment(autoescape=True, undefined=StrictUndefined).from_string(
    files("case_notify.adapters").joinpath("mail.html").read_text(encoding="utf-8")
)


class Piece(NamedTuple):
    """A part of a line: a link, or plain text."""

    text: str
    url: bool


def message_bytes(mail: OutgoingMail) -> bytes:
    """The encoded message, with CRLF line ends. The same mail always gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.to)
    if mail.reply_to:
        message["Reply-To"] = _address(Person(mail.reply_to, mail.sender.name))
    if not _is_plain(mail.subject):
        message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.date)
    message["Auto-Submitted"] = "auto-replied" if mail.answers else "auto-generated"
    message["X-Casefold-Message"] = mail.notice
    message.set_content(mail.text, cte=ENCODING)
    message.add_alternative(html(mail), subtype="html", cte=ENCODING)
    # Set last: `add_alternative` moves the headers that describe content into the first part.
    message["Content-Language"] = mail.language
    message.set_boundary(f"=_{sha256(mail.message_id.encode()).hexdigest()[:32]}")
    return _written_headers(mail) + message.as_bytes()


def html(mail: OutgoingMail) -> str:
    """The text of a mail as an HTML page, with its paragraphs and links."""
    paragraphs = [
        [list(_pieces(line)) for line in paragraph.splitlines()]
        for paragraph in mail.text.strip().split("\n\n")
    ]
    return _page.render(language=mail.language, subject=mail.subject, paragraphs=paragraphs)


def _is_plain(subject: str) -> bool:
    return subject.isascii() and len(subject) <= LONGEST_PLAIN_SUBJECT


def _written_headers(mail: OutgoingMail) -> bytes:
    # The email package would fold long identifiers into encoded words, which no mail program
    # accepts as identifiers, and would put a long subject on the line below its name.
    known = [f"<{one}>" for one in mail.references if _MESSAGE_ID.fullmatch(one)]
    lines = [f"Message-ID: <{mail.message_id}>"]
    if _MESSAGE_ID.fullmatch(mail.in_reply_to):
        lines.append(f"In-Reply-To: <{mail.in_reply_to}>")
    if known:
        lines.append("References: " + "\r\n ".join(known))
    if _is_plain(mail.subject):
        lines.append(f"Subject: {mail.subject}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _address(person: Person) -> Address:
    local, _, domain = person.address.rpartition("@")
    return Address(display_name=person.name, username=local, domain=domain)


def _pieces(line: str) -> Iterator[Piece]:
    for place, text in enumerate(_LINK.split(line)):
        if text:
            yield Piece(text, url=place % 2 == 1)
