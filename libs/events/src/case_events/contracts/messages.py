"""Mail that belongs to no case."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Person
from case_events.topics import MESSAGES


@contract("message.requested", MESSAGES)
class MessageRequested(Event, frozen=True):
    """Ask notify for one mail: a template of the definition with its values.

    `key` makes it one mail however often it is asked. `in_reply_to` is a Message-ID.
    """

    key: str
    template: str
    language: str
    values: dict[str, str] = {}
    in_reply_to: str = ""
    personal: Person = Person()
