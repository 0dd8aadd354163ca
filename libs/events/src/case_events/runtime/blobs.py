"""Large contents (raw messages, attachments) in one store, by tenant and SHA-256."""

import asyncio
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore, from_url

from case_events.runtime.ports import BlobMissing, Blobs, Unavailable

INCOMING = ".incoming"
"""The folder of a store for contents that are not complete yet. A crash may leave files there,
which nothing reads."""


class FolderBlobs:
    """Blobs in a folder, which several processes may share.

    Each content is written under a temporary name, synced, and renamed to its key. Then each folder
    in which a file was renamed is synced, once for all contents of a `put`. So a file under its key
    is always whole, and a second `put` of the same content writes nothing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / INCOMING
        self._durable: set[Path] = set()
        """Folders whose entry is certainly on disk."""
        missing = [one for one in (self._root, *self._root.parents) if not one.exists()]
        self._incoming.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            _sync(folder.parent)

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        by_key = {sha256(content).hexdigest(): content for content in contents}
        files = {self._root / _path(tenant, key): content for key, content in by_key.items()}
        try:
            await asyncio.to_thread(self._store, files)
        except OSError as error:
            raise Unavailable(f"blob store: {error}") from error
        return tuple(sha256(content).hexdigest() for content in contents)

    async def get(self, tenant: str, sha256: str) -> bytes:
        file = self._root / _path(tenant, sha256)
        try:
            return await asyncio.to_thread(file.read_bytes)
        except FileNotFoundError as missing:
            raise BlobMissing(sha256) from missing

    def _store(self, files: dict[Path, bytes]) -> None:
        folders = {file.parent for file in files}
        for folder in folders:
            self._make(folder)
        for file, content in files.items():
            if not file.exists():
                self._write(file, content)
        for folder in folders:
            # Sync also if nothing was written: another process may have renamed a file and not
            # synced yet.
            _sync(folder)

    def _write(self, file: Path, content: bytes) -> None:
        written = self._incoming / uuid4().hex
        try:
            with written.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            written.replace(file)
        except BaseException:
            with suppress(OSError):
                written.unlink()
            raise

    def _make(self, folder: Path) -> None:
        """Make a folder and its parents, synced, so that they survive a power cut."""
        if folder in self._durable:
            return
        above = folder.parent
        if folder != self._root:
            self._make(above)
        folder.mkdir(exist_ok=True)
        _sync(above)
        self._durable.add(folder)


class StoredBlobs:
    """Blobs in an object store such as S3, which answers once an object is durable."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        keys = tuple(sha256(content).hexdigest() for content in contents)
        objects = dict(zip(keys, contents, strict=True))
        try:
            await asyncio.gather(
                *(self._store.put_async(_path(tenant, key), objects[key]) for key in objects)
            )
        except Exception as error:  # the store's errors have no common root
            raise Unavailable(f"blob store: {error}") from error
        return keys

    async def get(self, tenant: str, sha256: str) -> bytes:
        try:
            found = await self._store.get_async(_path(tenant, sha256))
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as missing:
            raise BlobMissing(sha256) from missing


def open_blobs(place: str) -> Blobs:
    """Open the store at a folder's path, or at a URL such as s3://bucket/prefix."""
    if "://" in place:
        return StoredBlobs(from_url(place))
    return FolderBlobs(Path(place))


def _path(tenant: str, key: str) -> str:
    if not _is_hex(key):
        raise BlobMissing(key)
    if not tenant or tenant.startswith(".") or "/" in tenant or "\0" in tenant:
        raise BlobMissing(tenant)
    return f"{tenant}/{key[:2]}/{key}"


def _is_hex(key: str) -> bool:
    return len(key) == 64 and not set(key) - set("0123456789abcdef")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
