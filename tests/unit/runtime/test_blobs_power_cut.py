"""What is answered as stored is on disk: a power cut right after the answer loses nothing."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path

import pytest
from case_events.runtime import BlobMissing, Unavailable
from case_events.runtime.blobs import FolderBlobs, open_blobs

from tests.support.faults.power_cut import PowerCut

CONTENTS = (b"a mail", b"x" * 300_000, b"")


def _stored(folder: Path, *contents: bytes) -> list[bytes]:
    """What a store in this folder has of these contents."""
    blobs = open_blobs(str(folder))

    async def read() -> list[bytes]:
        return [await blobs.get("acme", sha256(one).hexdigest()) for one in contents]

    return asyncio.run(read())


def test_a_power_cut_after_the_answer_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    power = PowerCut(monkeypatch)
    folder = tmp_path / "data" / "blobs"
    blobs = open_blobs(str(folder))
    asyncio.run(blobs.put("acme", *CONTENTS))
    asyncio.run(blobs.put("acme", b"one more"))
    left = power.leaves(folder, tmp_path / "left")
    assert _stored(left, *CONTENTS, b"one more") == [*CONTENTS, b"one more"]
    above = power.leaves(tmp_path / "data", tmp_path / "left above")
    assert (above / "blobs").is_dir()


def test_what_another_process_has_renamed_and_not_synced_is_synced_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "blobs"
    asyncio.run(open_blobs(str(folder)).put("acme", b"a mail"))  # not observed: not synced
    file = next(path for path in folder.rglob("*") if path.is_file())
    power = PowerCut(monkeypatch)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())  # a name is only ever given to a file that was synced
    asyncio.run(open_blobs(str(folder)).put("acme", b"a mail"))
    left = power.leaves(folder, tmp_path / "left")
    assert _stored(left, b"a mail") == [b"a mail"]


def test_each_file_and_each_folder_is_synced_once_for_all_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [str(number).encode() for number in range(40)]
    blobs = open_blobs(str(tmp_path / "blobs"))
    asyncio.run(blobs.put("acme", *contents))  # the folders are there from now on
    synced: list[str] = []
    sync = os.fsync

    def counted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    others = [b"again " + content for content in contents]
    kept = {sha256(content).hexdigest()[:2] for content in contents}
    others = [one for one in others if sha256(one).hexdigest()[:2] in kept]
    assert len(others) > 1
    asyncio.run(blobs.put("acme", *others, *others))
    files = [path for path in synced if "/.incoming/" in path]
    folders = [path for path in synced if "/.incoming/" not in path]
    assert len(files) == len(set(files)) == len(others)
    assert len(folders) == len(set(folders)) == len({sha256(o).hexdigest()[:2] for o in others})
    synced.clear()
    asyncio.run(blobs.put("acme", *others))
    assert not [path for path in synced if "/.incoming/" in path], "nothing is written twice"


def test_what_could_not_be_synced_is_not_there_under_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space left on device")

    blobs = FolderBlobs(tmp_path / "blobs")
    asyncio.run(blobs.put("acme", b"before"))
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="no space left"):
            asyncio.run(blobs.put("acme", b"a mail"))
    with pytest.raises(BlobMissing):
        asyncio.run(blobs.get("acme", sha256(b"a mail").hexdigest()))
    assert list((tmp_path / "blobs" / ".incoming").iterdir()) == []


@pytest.mark.parametrize("tenant", ["", ".", "..", ".incoming", "a/b", "a\0"])
def test_no_tenant_is_a_path(tmp_path: Path, tenant: str) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    with pytest.raises(BlobMissing):
        asyncio.run(blobs.put(tenant, b"x"))
