"""Unregistered contacts: their ids in histories, and the content that is submitted for them."""

import re
from hashlib import sha256
from typing import Final

from msgspec.structs import asdict

from case_events.contracts.links import WatchersJoined
from case_events.contracts.parts import (
    Person,
    SubmittedContent,
    UnregisteredContact,
    WrittenContent,
)

_KIND: Final = "address/"
_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def unregistered_id(address: str) -> str:
    """Return the id of the unregistered contact with this mail address, or with this name if there
    is no address: `address/<fingerprint>`. No entry of a directory can have such an id."""
    return f"{_KIND}{sha256(address.casefold().encode()).hexdigest()[:12]}"


def is_unregistered(name: str) -> bool:
    """Return whether this is the id of an unregistered contact."""
    return name.startswith(_KIND)


def is_address(text: str) -> bool:
    """Return whether a text has the form of a mail address."""
    return _ADDRESS.fullmatch(text) is not None


def with_submitter(
    words: WrittenContent, contact: UnregisteredContact | None = None
) -> SubmittedContent:
    """Return the content of a new case. `contact` is its unregistered contact, if it has one."""
    return SubmittedContent(**(asdict(words) | {"unregistered": contact or UnregisteredContact()}))


def words_of(content: SubmittedContent) -> WrittenContent:
    """Return the words of a new case's content, without its unregistered contact."""
    written = asdict(content)
    del written["unregistered"]
    return WrittenContent(**written)


def joined_watchers(event: WatchersJoined) -> dict[str, Person]:
    """Return the watchers that joined, by id, with the person for those who are in no directory."""
    return {one: event.personal.persons.get(one, Person()) for one in event.watchers}
