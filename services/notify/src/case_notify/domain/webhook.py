"""A call to another system, as an effect carries it. Everything is decided."""

from datetime import datetime

from case_events.contracts.parts import Person
from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """The body of the POST to the other system, as JSON."""

    tenant: str
    notice: str
    reference: str
    title: str
    priority: str
    recipient: str
    subject: str
    text: str
    link: str
    at: datetime


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call about one recipient; `about` is the case version of its cause."""

    notice: str
    about: int
    recipient: str
    channel: str = "webhook"
    to: Person = Person()
    message_id: str = ""
    url: str
    message: Message
