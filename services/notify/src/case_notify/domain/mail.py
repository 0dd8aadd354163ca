"""A mail to send, as an effect carries it: everything decided, nothing looked up later."""

from datetime import datetime

from case_events.contracts.parts import Person
from msgspec import Struct


class Mail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mail to one recipient.

    `notice`, `about` (the case version) and `recipient` say what it was sent for; a mail
    without a case has a template's name and version 0. `date` is when its cause happened:
    a second attempt is the same mail. `answers`: it confirms a mail of the recipient.
    """

    notice: str
    about: int
    recipient: str
    channel: str = "mail"
    to: Person
    sender: Person
    reply_to: str = ""
    subject: str
    text: str
    language: str
    date: datetime
    message_id: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    answers: bool = False
