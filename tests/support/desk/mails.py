"""Mails as people send and receive them: composed, and read like a mail program reads them."""

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
    """A received mail, as a mail program shows it."""

    def __init__(self, sent: Sent) -> None:
        self.to, self.raw = sent.to, sent.raw
        parsed = email.message_from_bytes(sent.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.message = parsed

    def __repr__(self) -> str:
        return f"<{self.notice} to {self.to}: {self.subject}>"

    @property
    def notice(self) -> str:
        """The notice of the definition that the mail is."""
        return self.header("X-Casefold-Message")

    @property
    def subject(self) -> str:
        return self.header("Subject").strip()

    @property
    def message_id(self) -> str:
        return self.header("Message-ID").strip()

    @property
    def references(self) -> list[str]:
        """The whole thread before the mail, oldest first."""
        return self.header("References").split()

    @property
    def sender(self) -> str:
        """The address of the sender."""
        address: Address = self.message["From"].addresses[0]
        return address.addr_spec

    @property
    def reply_to(self) -> str:
        """The address to which an answer goes."""
        address: Address = (self.message["Reply-To"] or self.message["From"]).addresses[0]
        return address.addr_spec

    @property
    def text(self) -> str:
        """The plain text, line by line."""
        part = self.message.get_body(("plain",))
        return "\n".join(str(part.get_content()).splitlines()) if part is not None else ""

    def header(self, name: str) -> str:
        """The value of a header field; empty without one."""
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
    """A mail as a mail program sends it; HTML only, if there is no text."""
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
    """The headers that a mail program adds to an answer, to keep the thread together."""
    references = " ".join([*letter.references, letter.message_id])
    return {"In-Reply-To": letter.message_id, "References": references}
