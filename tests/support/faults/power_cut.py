"""The state of a folder after a power cut, on the worst file system that conforms to POSIX."""

import os
import stat
from pathlib import Path

import pytest


class PowerCut:
    """Observes `os.fsync`, and knows what is on disk with certainty.

    A file has its content at the last sync, and is empty if it was never synced. A folder has its
    entries at the last sync, and none if it was never synced.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._contents: dict[int, bytes] = {}
        self._entries: dict[int, dict[str, int]] = {}
        self._folders: set[int] = set()
        self._sync = os.fsync
        monkeypatch.setattr(os, "fsync", self._observed)

    def _observed(self, descriptor: int) -> None:
        self._sync(descriptor)
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            inside = list(os.scandir(descriptor))
            self._entries[status.st_ino] = {one.name: one.inode() for one in inside}
            self._folders |= {one.inode() for one in inside if one.is_dir()}
        else:
            self._contents[status.st_ino] = Path(f"/proc/self/fd/{descriptor}").read_bytes()

    def leaves(self, folder: Path, copy: Path) -> Path:
        """Copy a folder in its state after a power cut now. Returns the copy.

        The folder itself exists if its parent was synced since it was made.
        """
        above = self._entries.get(folder.parent.stat().st_ino, {})
        if folder.name in above:
            self._restore(above[folder.name], copy)
        return copy

    def _restore(self, number: int, copy: Path) -> None:
        copy.mkdir()
        for name, inside in self._entries.get(number, {}).items():
            if inside in self._folders:
                self._restore(inside, copy / name)
            else:
                (copy / name).write_bytes(self._contents.get(inside, b""))
