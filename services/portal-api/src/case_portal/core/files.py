"""Files that people send, and the port of their store."""

from typing import Protocol

from msgspec import Struct


class Upload(Struct, frozen=True, kw_only=True):
    """A file that a person sends with a text."""

    name: str
    type: str
    data: bytes


class Files(Protocol):
    """The blob store."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store files durably. Returns their keys, in the same order.

        Raises `Unavailable` if it is not certain that all of them are stored.
        """

    async def get(self, tenant: str, sha256: str) -> bytes:
        """A file by its key. Raises LookupError for an unknown key."""
