"""A blob store in memory."""

from hashlib import sha256

from case_events.runtime.ports import BlobMissing


class MemoryBlobs:
    """Implements the `Blobs` port with a dictionary."""

    def __init__(self) -> None:
        self._blobs: dict[tuple[str, str], bytes] = {}

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        keys = tuple(sha256(content).hexdigest() for content in contents)
        self._blobs.update(
            ((tenant, key), content) for key, content in zip(keys, contents, strict=True)
        )
        return keys

    async def get(self, tenant: str, sha256: str) -> bytes:
        try:
            return self._blobs[tenant, sha256]
        except KeyError as missing:
            raise BlobMissing(sha256) from missing
