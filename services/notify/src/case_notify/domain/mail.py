"""A mail to send, as an effect carries it. Everything is decided; nothing is looked up later."""

import re
from datetime import datetime

from case_events.contracts.parts import Person
from case_events.keyring import Keyring
from case_events.tokens.sealing import opened
from msgspec import Struct
from msgspec.structs import replace

OPENS, CLOSES = "\ue000", "\ue001"
"""Characters around the name of a sealed value in a text. They are private-use characters, which no
value may contain."""

_PLACE = re.compile(f"{OPENS}(\\w+){CLOSES}")


class OutgoingMail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mail to one recipient.

    `notice`, `about` (the case version) and `recipient` name the reason of the mail; a mail without
    a case has the name of a template and version 0. `date` is the time of its cause, so a second
    attempt is the same mail. `answers` is true if the mail confirms a mail of the recipient.
    `sealed` has the values that are filled in only during sending; it opens in `context`. Mail
    servers report to `return_path`; to the sender, if it is empty. `heard_at` is the time of the
    last mail from the recipient's address.
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
    tenant: str = ""
    return_path: str = ""
    heard_at: datetime | None = None


def sealed_place(name: str) -> str:
    """The text that stands for a sealed value until the mail is sent."""
    return f"{OPENS}{name}{CLOSES}"


def without_places(text: str) -> str:
    """A value without the characters that mark sealed values."""
    return text.replace(OPENS, "").replace(CLOSES, "")


def complete(mail: OutgoingMail, secret: Keyring) -> OutgoingMail:
    """The mail with its sealed values filled in. Raises `case_events.tokens.sealing.CannotOpen`."""
    if not mail.sealed:
        return mail
    values = opened(secret, mail.context, mail.sealed)
    text = _PLACE.sub(lambda found: values.get(found[1], ""), mail.text)
    return replace(mail, text=text, sealed="")
