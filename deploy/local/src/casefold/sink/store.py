"""Stores mails in a Maildir, with an index in memory."""

import email
import email.policy
import mailbox
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

ENVELOPE_FROM = "X-Sink-Envelope-From"
ENVELOPE_TO = "X-Sink-Envelope-To"
RECEIVED_AT = "X-Sink-Received-At"


@dataclass(frozen=True)
class SinkAttachment:
    """One attachment of a mail."""

    name: str
    type: str
    size: int


@dataclass(frozen=True)
class SinkMail:
    """A mail as the pages show it. `sender` and `recipients` are those of the SMTP envelope."""

    id: str
    received_at: str
    sender: str
    recipients: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[SinkAttachment, ...]

    def header(self, name: str) -> str:
        """The value of the first header with a name; empty if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Store:
    """All mails of one Maildir. Mails that another program adds appear after a restart."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=True)
        mails = [read(key, self._maildir.get_bytes(key)) for key in self._maildir.iterkeys()]
        self._mails = {mail.id: mail for mail in sorted(mails, key=lambda mail: mail.received_at)}

    def keep(self, sender: str, recipients: Sequence[str], content: bytes) -> SinkMail:
        """Write a mail to disk, with its envelope in additional headers, and index it."""
        envelope = (
            f"{ENVELOPE_FROM}: {sender}\n"
            f"{ENVELOPE_TO}: {', '.join(recipients)}\n"
            f"{RECEIVED_AT}: {datetime.now(UTC).isoformat()}\n"
        )
        raw = envelope.encode("utf-8", "replace") + content
        key = self._maildir.add(raw)
        self._mails[key] = read(key, raw)
        return self._mails[key]

    def newest_first(self, to: str = "") -> list[SinkMail]:
        """The mails whose envelope or `To` header contains the text `to`, newest first."""
        wanted = to.strip().lower()
        return [
            mail
            for mail in reversed(self._mails.values())
            if any(wanted in place.lower() for place in (*mail.recipients, mail.header("To")))
        ]

    def get(self, key: str) -> SinkMail | None:
        """The mail with a key; None if there is none."""
        return self._mails.get(key)

    def raw(self, key: str) -> bytes:
        """The mail as it arrived, without the headers of the sink."""
        return self._maildir.get_bytes(key).split(b"\n", 3)[3]

    def attachment(self, key: str, index: int) -> bytes:
        """The content of an attachment."""
        message = _parse(self._maildir.get_bytes(key))
        content = list(message.iter_attachments())[index].get_payload(decode=True)
        return content if isinstance(content, bytes) else b""


def read(key: str, raw: bytes) -> SinkMail:
    """Parse a stored mail. Of a malformed mail, it returns what can be read."""
    kept = BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw)
    message = _parse(raw)
    return SinkMail(
        id=key,
        received_at=str(kept[RECEIVED_AT] or ""),
        sender=str(kept[ENVELOPE_FROM] or ""),
        recipients=tuple(
            part.strip() for part in str(kept[ENVELOPE_TO] or "").split(",") if part.strip()
        ),
        headers=tuple(_headers(message)),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _parse(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for name in (ENVELOPE_FROM, ENVELOPE_TO, RECEIVED_AT):
        del message[name]
    return message


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    try:
        return [(name, str(value)) for name, value in message.items()]
    except (ValueError, LookupError, IndexError, AttributeError):
        # The header parser of the library fails on some malformed headers.
        return [(name, str(value)) for name, value in message.raw_items()]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, KeyError, ValueError):
        content = part.get_payload(decode=True)
        return content.decode("latin-1") if isinstance(content, bytes) else str(content)


def _attachments(message: EmailMessage) -> list[SinkAttachment]:
    found = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        size = len(content) if isinstance(content, bytes) else len(part.as_bytes())
        name = part.get_filename() or "unnamed"
        found.append(SinkAttachment(name, part.get_content_type(), size))
    return found
