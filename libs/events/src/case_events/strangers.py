"""Somebody who is in no directory: how histories name them, and what is brought for them."""

import re
from hashlib import sha256
from typing import Final

from case_events.contracts.parts import Brought, Stranger, Words

_KIND: Final = "address/"
_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def stranger_id(address: str) -> str:
    """The name of whoever has this mail address: `address/<fingerprint>`, which no entry of a
    directory can be called."""
    return f"{_KIND}{sha256(address.casefold().encode()).hexdigest()[:12]}"


def is_stranger(name: str) -> bool:
    """Whether this is the name of somebody who is in no directory."""
    return name.startswith(_KIND)


def is_address(text: str) -> bool:
    """Whether this can be somebody's mail address."""
    return _ADDRESS.fullmatch(text) is not None


def brought(words: Words, stranger: Stranger | None = None) -> Brought:
    """What somebody wrote to begin a case, for this stranger where it is for one."""
    return Brought(
        text=words.text,
        title=words.title,
        file_names=words.file_names,
        author=words.author,
        stranger=stranger or Stranger(),
    )
