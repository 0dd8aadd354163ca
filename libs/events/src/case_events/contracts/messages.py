"""Mail that belongs to no case, and requests for access."""

from typing import Annotated

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import PERSONAL, Person
from case_events.topics import MESSAGES


@contract("message.requested", MESSAGES, label="message_requested")
class MessageRequested(Event, frozen=True):
    """Ask notify to send one mail: a template of the definition, with its values.

    `key` identifies the mail: the same key is sent once. `in_reply_to` is a Message-ID. `sealed`
    has further values, which only notify can read, and opens while it sends.
    """

    key: str
    template: str
    language: str
    values: Annotated[dict[str, str], PERSONAL] = {}
    in_reply_to: str = ""
    personal: Person = Person()
    sealed: str = ""


@contract("access.requested", MESSAGES, label="access_requested")
class AccessRequested(Event, frozen=True):
    """A registered contact requested access by mail.

    `in_reply_to` is the Message-ID of that mail, and `raw` its key in the blob store.
    """

    contact: str
    in_reply_to: str = ""
    raw: str = ""
