"""Files that people send, and where they are kept."""

from typing import Protocol

from msgspec import Struct


class Upload(Struct, frozen=True, kw_only=True):
    """A file that somebody sends with what they write."""

    name: str
    type: str
    data: bytes


class Files(Protocol):
    """The blob store."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store files durably; returns their keys, in the same order.

        Raises `Interrupted` when it is not certain that all of them are stored.
        """

    async def get(self, tenant: str, sha256: str) -> bytes:
        """A file by its key. Raises LookupError where there is none."""
