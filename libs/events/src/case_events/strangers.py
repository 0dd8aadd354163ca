"""Somebody who is in no directory: how histories name them, and what is brought for them."""

import re
from hashlib import sha256
from typing import Final

from msgspec.structs import asdict

from case_events.contracts.links import WatchersJoined
from case_events.contracts.parts import Brought, Person, Stranger, Words

_KIND: Final = "address/"
_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def stranger_id(address: str) -> str:
    """The name of whoever has this mail address, or is called so and has none:
    `address/<fingerprint>`, which no entry of a directory can be called."""
    return f"{_KIND}{sha256(address.casefold().encode()).hexdigest()[:12]}"


def is_stranger(name: str) -> bool:
    """Whether this is the name of somebody who is in no directory."""
    return name.startswith(_KIND)


def is_address(text: str) -> bool:
    """Whether this can be somebody's mail address."""
    return _ADDRESS.fullmatch(text) is not None


def brought(words: Words, stranger: Stranger | None = None) -> Brought:
    """What somebody wrote to begin a case, for this stranger where it is for one."""
    return Brought(**(asdict(words) | {"stranger": stranger or Stranger()}))


def words_of(brought: Brought) -> Words:
    """What they wrote, without whom it is for."""
    written = asdict(brought)
    del written["stranger"]
    return Words(**written)


def joining(event: WatchersJoined) -> dict[str, Person]:
    """Who hears of a case from now on, with the person where no directory has them."""
    return {one: event.personal.persons.get(one, Person()) for one in event.watchers}
