"""Values that several contracts share."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

PERSONAL = Meta(extra={"personal": True})
"""Marks a member of an event as personal, whatever its name."""

DECIDES = Meta(extra={"decides": True})
"""Marks a field that an event has gained and that decisions rest on. A reader that does not know
the field waits if it is set. A reader skips any other unknown field."""

Instant = Annotated[datetime, Meta(tz=True)]
"""An instant with its UTC offset. The platform writes UTC."""


class Person(Struct, frozen=True, omit_defaults=True):
    """A person's own statement of name and address: personal data."""

    address: str = ""
    name: str = ""


class UnregisteredContact(Person, frozen=True, omit_defaults=True):
    """An unregistered contact of a case, who is in no directory. Mail is in `language`, or in the
    desk's language if it is empty. Without an address there is no mail."""

    language: str = ""

    @property
    def is_named(self) -> bool:
        """Whether there is an unregistered contact."""
        return bool(self.address or self.name)


class WatcherDetails(Struct, frozen=True, omit_defaults=True):
    """The watchers who are in no directory, by their id in the history."""

    persons: dict[str, Person] = {}


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file in the blob store. `sha256` (hex) is its key there, and `size` is in bytes."""

    sha256: str
    size: int
    type: str
    inline: bool = False


class WrittenContent(Struct, frozen=True, omit_defaults=True):
    """The words that a person wrote, and the names of the attached files: personal data.

    `file_names` has the order of the attachments.
    """

    text: str = ""
    title: str = ""
    file_names: tuple[str, ...] = ()
    author: Person = Person()


class SubmittedContent(WrittenContent, frozen=True, omit_defaults=True):
    """The content of a new case. `unregistered` is its unregistered contact, if it has one."""

    unregistered: UnregisteredContact = field(default=UnregisteredContact(), name="stranger")


class DecisionContent(WrittenContent, frozen=True, omit_defaults=True):
    """The words of a decision. `text` is the reason, for the desk only; `answer` is for the
    contact."""

    answer: str = ""


class RequestSource(Struct, frozen=True, omit_defaults=True):
    """From where a request came: the network address, and what the program calls itself:
    personal data."""

    address: str = ""
    program: str = ""


class BounceContent(Struct, frozen=True, omit_defaults=True):
    """The addresses of which the report of a mail server tells, and its reason in one line:
    personal data."""

    addresses: tuple[str, ...] = ()
    reason: str = ""


class InputFault(Struct, frozen=True, omit_defaults=True):
    """One fault in submitted content: the field, the rule that it violates, and a sentence for
    people."""

    field: str
    rule: str
    reason: str


LinkKind = Literal["problem", "duplicate", "merge", "follow_up", "split"]
"""The relation between two cases."""


class OriginCase(Struct, frozen=True):
    """The case that requested a new case, and the relation between the two."""

    case: UUID
    reference: str
    kind: LinkKind


class CopiedComment(Struct, frozen=True, omit_defaults=True):
    """A public comment that a new case copies. `comment` is its id in the original case, and
    `author` the side that wrote it."""

    comment: str
    author: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


class TimeSpent(Struct, frozen=True, omit_defaults=True):
    """The counted time (microseconds) in which a case was in one status and with one holder:
    `contact`, `third_party`, a team or `team/agent`."""

    hands: str
    status: str
    counted: int


class WorkPart(Struct, frozen=True, omit_defaults=True):
    """Minutes of an entry that count equally. `surcharge` is in percent. `free`: covered by an
    allowance."""

    minutes: int
    surcharge: int = 0
    free: bool = False
