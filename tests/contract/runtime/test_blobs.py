"""What every blob store promises: in memory and in a folder."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest
from case_events.runtime import BlobMissing, Blobs
from case_events.runtime.blobs import open_blobs
from case_events.testing.memory import MemoryBlobs


@pytest.fixture(params=["memory", "folder"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """A store with nothing in it."""
    return MemoryBlobs() if request.param == "memory" else open_blobs(str(tmp_path / "blobs"))


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"x" * 300_000])
def test_what_is_kept_is_found_by_its_hash(blobs: Blobs, content: bytes) -> None:
    async def kept_and_got() -> bytes:
        (key,) = await blobs.put("acme", content)
        assert key == sha256(content).hexdigest()
        assert await blobs.put("acme", content) == (key,)  # keeping it twice is keeping it once
        return await blobs.get("acme", key)

    assert asyncio.run(kept_and_got()) == content


def test_contents_that_are_stored_together_are_found_by_their_hashes_in_order(
    blobs: Blobs,
) -> None:
    contents = [b"one", b"two", b"one", b"three"]

    async def stored_and_read() -> list[bytes]:
        keys = await blobs.put("acme", *contents)
        assert list(keys) == [sha256(content).hexdigest() for content in contents]
        return [await blobs.get("acme", key) for key in keys]

    assert asyncio.run(stored_and_read()) == contents


def test_one_tenant_never_reads_anothers(blobs: Blobs) -> None:
    """C16."""
    (key,) = asyncio.run(blobs.put("acme", b"a contract"))
    with pytest.raises(BlobMissing):
        asyncio.run(blobs.get("other", key))


@pytest.mark.parametrize("key", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "/"])
def test_what_was_never_kept_is_missing(blobs: Blobs, key: str) -> None:
    with pytest.raises(BlobMissing):
        asyncio.run(blobs.get("acme", key))
