"""Large contents (raw messages, attachments), by tenant and SHA-256, in one store."""

from hashlib import sha256
from pathlib import Path
from typing import Protocol

from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from case_events.runtime.ports import Interrupted


class BlobMissing(LookupError):
    """There is no such content for this tenant."""


class Blobs(Protocol):
    """The blob store: write once, read for ever. One tenant never reads another's."""

    async def put(self, tenant: str, data: bytes) -> str:
        """Keep contents; their SHA-256 (hex). Raises `Interrupted` when not certainly kept."""

    async def get(self, tenant: str, sha256: str) -> bytes:
        """The contents. Raises `BlobMissing`."""


class MemoryBlobs:
    """Blobs in a dictionary."""

    def __init__(self) -> None:
        self._blobs: dict[tuple[str, str], bytes] = {}

    async def put(self, tenant: str, data: bytes) -> str:
        key = sha256(data).hexdigest()
        self._blobs[tenant, key] = data
        return key

    async def get(self, tenant: str, sha256: str) -> bytes:
        try:
            return self._blobs[tenant, sha256]
        except KeyError as missing:
            raise BlobMissing(sha256) from missing


class StoredBlobs:
    """Blobs in an object store: a folder, or S3 by its URL."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, tenant: str, data: bytes) -> str:
        key = sha256(data).hexdigest()
        try:
            await self._store.put_async(_path(tenant, key), data)
        except Exception as error:  # the store's errors have no common root
            raise Interrupted(f"blob store: {error}") from error
        return key

    async def get(self, tenant: str, sha256: str) -> bytes:
        try:
            found = await self._store.get_async(_path(tenant, sha256))
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as missing:
            raise BlobMissing(sha256) from missing


def open_blobs(place: str) -> StoredBlobs:
    """The store at a folder's path, or at a URL such as s3://bucket/prefix."""
    if "://" in place:
        return StoredBlobs(from_url(place))
    Path(place).mkdir(parents=True, exist_ok=True)
    return StoredBlobs(LocalStore(place, mkdir=True))


def _path(tenant: str, key: str) -> str:
    if not _is_hex(key):
        raise BlobMissing(key)
    return f"{tenant}/{key[:2]}/{key}"


def _is_hex(key: str) -> bool:
    return len(key) == 64 and not set(key) - set("0123456789abcdef")
