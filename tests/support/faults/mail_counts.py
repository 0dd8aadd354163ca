"""Mails that are counted: conversations, sent on several connections until each got its 250."""

import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache, partial
from itertools import cycle, islice

from case_definition.publishing.loading import load_tenant
from case_definition.schema.directory import Contact
from casefold.project import PROJECT
from casefold.samples import read_sample

from tests.support.faults.counted_sender import CountedSender

TIMEOUT = 60.0
AGAIN_EVERY = 10
"""One mail in this number is sent again, by a sender that lost the answer."""


@dataclass(frozen=True)
class Mail:
    """One mail as it is sent, always with the same bytes. `answers` is the Message-ID to which it
    replies.

    Message-IDs are without their angle brackets, as in histories.
    """

    message_id: str
    sender: str
    title: str
    raw: bytes
    answers: str = ""


@dataclass(frozen=True)
class Conversation:
    """A mail that makes a case, and replies to it by the same contact."""

    opening: Mail
    replies: tuple[Mail, ...]

    @property
    def mails(self) -> tuple[Mail, ...]:
        return (self.opening, *self.replies)


def conversations(count: int, replies: int, title: str = "counted") -> list[Conversation]:
    """Conversations with a number of replies each, from all sample contacts in turn."""
    return [
        conversation(sender, f"{title} {number}", replies)
        for number, sender in enumerate(islice(cycle(contacts()), count))
    ]


def conversation(sender: str, title: str, replies: int) -> Conversation:
    """One conversation. The replies find their case by In-Reply-To."""
    opening = _mail(sender, title)
    answers = tuple(
        _mail(sender, f"Re: {title} ({number})", opening.message_id) for number in range(replies)
    )
    return Conversation(opening, answers)


@cache
def _desk() -> str:
    """The address to which every mail goes."""
    return read_sample().mail_to


@cache
def contacts() -> Sequence[str]:
    """The addresses of the sample contacts."""
    tenant = read_sample().logins[0].account.tenant
    documents = load_tenant(PROJECT / "deploy" / "tenants" / tenant)
    return [entry.email for entry in documents.directory if isinstance(entry, Contact)]


def _mail(sender: str, title: str, answers: str = "") -> Mail:
    message = EmailMessage()
    message["From"], message["To"] = sender, _desk()
    message["Subject"], message["Date"] = title, formatdate()
    message_id = make_msgid(domain=sender.partition("@")[2])
    message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    message.set_content(f"This is what {title} is about.\n")
    return Mail(message_id.strip("<>"), sender, title, message.as_bytes(), answers)


class Senders(CountedSender[Mail]):
    """Several connections at once. Each conversation stays on one connection, in order.

    A mail is accepted with its 250. It is sent again with the same bytes.
    """

    def __init__(
        self, port: int, talks: Sequence[Conversation], connections: int = 6, pace: float = 0.0
    ) -> None:
        self.mails = [mail for talk in talks for mail in talk.mails]
        super().__init__(self.mails, TIMEOUT)
        self._port, self._pace = port, pace
        parts = [talks[number::connections] for number in range(connections)]
        self._begin(*(partial(self._send, part) for part in parts))

    def _send(self, talks: Sequence[Conversation]) -> None:
        connection: smtplib.SMTP | None = None
        for number, mail in enumerate(mail for talk in talks for mail in talk.mails):
            self._allowed.acquire()
            for _ in range(2 if number % AGAIN_EVERY == 0 else 1):
                connection = self._until_taken(mail, connection)
            if self._pace:
                time.sleep(self._pace)
        if connection is not None:
            connection.close()

    def _until_taken(self, mail: Mail, connection: smtplib.SMTP | None) -> smtplib.SMTP | None:
        while not self._stopped.is_set():
            self.attempts += 1
            try:
                connection = connection or smtplib.SMTP("127.0.0.1", self._port, timeout=TIMEOUT)
                connection.sendmail(mail.sender, [_desk()], mail.raw)
            except (smtplib.SMTPException, OSError) as error:
                self._note(error)
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.1)
            else:
                self.acknowledged[mail.message_id] += 1
                return connection
        return connection

    def _note(self, error: Exception) -> None:
        """A permanent refusal is a fault of the platform: none of these mails deserves it."""
        codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _ in error.recipients.values()]
        if any(code >= 500 for code in codes):
            self.refused.append(repr(error))
