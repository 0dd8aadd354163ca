"""Values that several contracts share."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

PERSONAL = Meta(extra={"personal": True})
"""Says of a member of an event that it is personal, under whatever name it stands."""

DECIDES = Meta(extra={"decides": True})
"""Says of a field that an event has gained, and that deciding rests on: a reader that does not know
it must wait where it is set. Any other new field is for those who know it, and passes."""

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment, with its offset: UTC as the platform writes it."""


class Person(Struct, frozen=True, omit_defaults=True):
    """A person as they gave themselves: personal data."""

    address: str = ""
    name: str = ""


class UnregisteredContact(Person, frozen=True, omit_defaults=True):
    """A contact of a case who is in no directory, as they gave themselves. Mail to them is in
    `language`, or in the language of the desk where it is empty. Without an address no mail
    reaches them."""

    language: str = ""

    @property
    def is_named(self) -> bool:
        """Whether there is somebody."""
        return bool(self.address or self.name)


class WatcherDetails(Struct, frozen=True, omit_defaults=True):
    """Who the watchers are that stand in no directory, by how the history names them."""

    persons: dict[str, Person] = {}


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A file in the blob store: `sha256` (hex) is its key there, `size` is in bytes."""

    sha256: str
    size: int
    type: str
    inline: bool = False


class WrittenContent(Struct, frozen=True, omit_defaults=True):
    """What somebody wrote, and what they called the files with it: personal data.

    `file_names` stands in the order of the attachments it belongs to.
    """

    text: str = ""
    title: str = ""
    file_names: tuple[str, ...] = ()
    author: Person = Person()


class SubmittedContent(WrittenContent, frozen=True, omit_defaults=True):
    """The content of a new case; `stranger` is the unregistered contact whom the case is for, if it
    is for one."""

    stranger: UnregisteredContact = UnregisteredContact()


class DecisionContent(WrittenContent, frozen=True, omit_defaults=True):
    """What somebody wrote with a yes or no: `text` is why, for the desk alone; `answer` is what
    the contact gets to read."""

    answer: str = ""


class InputFault(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with what came in: the field, the rule that it breaks, and a
    sentence for people."""

    field: str
    rule: str
    reason: str


LinkKind = Literal["problem", "duplicate", "merge", "follow_up", "split"]
"""What two cases have to do with each other."""


class OriginCase(Struct, frozen=True):
    """The case that asked for a new one, and what the two have to do with each other."""

    case: UUID
    reference: str
    kind: LinkKind


class CopiedComment(Struct, frozen=True, omit_defaults=True):
    """A public comment that a new case begins with: `comment` is its id in the case that it was
    copied from, `author` the side that wrote it."""

    comment: str
    author: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


class TimeSpent(Struct, frozen=True, omit_defaults=True):
    """Counted time (microseconds) in which a case was in one status and in somebody's hands:
    `contact`, `third_party`, a team or `team/agent`."""

    hands: str
    status: str
    counted: int


class WorkPart(Struct, frozen=True, omit_defaults=True):
    """Minutes of an entry that count alike: `surcharge` in percent; `free`: by an allowance."""

    minutes: int
    surcharge: int = 0
    free: bool = False
