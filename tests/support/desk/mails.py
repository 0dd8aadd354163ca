"""Mails as people send them and get them: composed, and read as a mail program does."""

import email
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime

from tests.support.desk.values import File, Sent

AS_SENT = SMTP.clone(max_line_length=998)
"""Python folds a long Message-ID into encoded words, which no mail program does."""


class Letter:
    """A mail that somebody got, as their mail program shows it."""

    def __init__(self, sent: Sent) -> None:
        self.to, self.raw = sent.to, sent.raw
        parsed = email.message_from_bytes(sent.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.message = parsed

    def __repr__(self) -> str:
        return f"<{self.notice} to {self.to}: {self.subject}>"

    @property
    def notice(self) -> str:
        """Which of the definition's notices it is."""
        return self.header("X-Casefold-Message")

    @property
    def subject(self) -> str:
        return self.header("Subject").strip()

    @property
    def message_id(self) -> str:
        return self.header("Message-ID").strip()

    @property
    def references(self) -> list[str]:
        """The whole thread before it, oldest first."""
        return self.header("References").split()

    @property
    def sender(self) -> str:
        """The address that it is from."""
        address: Address = self.message["From"].addresses[0]
        return address.addr_spec

    @property
    def reply_to(self) -> str:
        """Where an answer goes."""
        address: Address = (self.message["Reply-To"] or self.message["From"]).addresses[0]
        return address.addr_spec

    @property
    def text(self) -> str:
        """The plain text, line by line."""
        part = self.message.get_body(("plain",))
        return "\n".join(str(part.get_content()).splitlines()) if part is not None else ""

    def header(self, name: str) -> str:
        """A header field; empty where there is none."""
        return str(self.message[name] or "")


def compose(
    sender: str,
    to: str,
    subject: str,
    text: str,
    *,
    at: datetime,
    message_id: str,
    html: str = "",
    files: Sequence[File] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as a mail program sends it; HTML only, where there is no text."""
    message = EmailMessage(policy=AS_SENT)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(at), message_id
    for name, value in (headers or {}).items():
        message[name] = value
    if html and not text:
        message.set_content(html, subtype="html")
    else:
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
    for file in files:
        main, _, sub = file.type.partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return message.as_bytes()


def answering(letter: Letter) -> dict[str, str]:
    """What a mail program puts into the answer to a mail, to keep the thread together."""
    references = " ".join([*letter.references, letter.message_id])
    return {"In-Reply-To": letter.message_id, "References": references}
