"""A mail to send, as an effect carries it: everything decided, nothing looked up later."""

import re
from datetime import datetime

from case_events.contracts.parts import Person
from case_events.tokens.sealing import opened
from msgspec import Struct
from msgspec.structs import replace

OPENS, CLOSES = "\ue000", "\ue001"
"""Around the name of a sealed value in a text: private signs, which no value may bring."""

_PLACE = re.compile(f"{OPENS}(\\w+){CLOSES}")


class Mail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mail to one recipient.

    `notice`, `about` (the case version) and `recipient` say what it was sent for; a mail
    without a case has a template's name and version 0. `date` is when its cause happened:
    a second attempt is the same mail. `answers`: it confirms a mail of the recipient.
    `sealed` holds what is filled in only when the mail is sent; it opens in `context`.
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
    sealed: str = ""
    context: str = ""


def sealed_place(name: str) -> str:
    """What stands in a text for a sealed value until the mail is sent."""
    return f"{OPENS}{name}{CLOSES}"


def without_places(text: str) -> str:
    """A value that cannot be taken for a sealed one."""
    return text.replace(OPENS, "").replace(CLOSES, "")


def complete(mail: Mail, secret: bytes) -> Mail:
    """The mail as its reader gets it. Raises `case_events.tokens.sealing.CannotOpen`."""
    if not mail.sealed:
        return mail
    values = opened(secret, mail.context, mail.sealed)
    text = _PLACE.sub(lambda found: values.get(found[1], ""), mail.text)
    return replace(mail, text=text, sealed="")
