"""The files of a form are on disk before the record that names them is published (C1)."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest
from case_events.contracts.parts import Attachment
from case_events.runtime import Unavailable
from case_events.runtime.blobs import open_blobs
from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.new_case.ports import NewCase, Submission
from case_portal.new_case.service import submit

from tests.support.faults.power_cut import PowerCut
from tests.unit.portal.portal_desk import MemoryIntake
from tests.unit.portal.portal_sample import reference_data

BOB = Principal(tenant="here", kind="contact", id="bob", name="Bob", language="en")
FILES = tuple(
    Upload(name=f"{name}.txt", type="text/plain", data=name.encode()) for name in ("one", "two")
)
CASE = NewCase(key="k", case_type="incident", values={}, files=FILES)


class _Watching(MemoryIntake):
    """Notes what a power cut would leave of the files when the record is published."""

    def __init__(self, folder: Path, power: PowerCut) -> None:
        super().__init__()
        self._folder, self._power = folder, power
        self.left: set[str] = set()

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        left = self._power.leaves(self._folder, self._folder.parent / "left")
        files = {path: path.read_bytes() for path in left.rglob("*") if path.is_file()}
        self.left = {
            path.name for path, data in files.items() if sha256(data).hexdigest() == path.name
        }
        return await super().submit(principal, case, attachments, definition)


def test_files_are_on_disk_before_the_record_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = _Watching(tmp_path / "blobs", PowerCut(monkeypatch))
    definition = reference_data().newest("here")
    assert definition is not None
    blobs = open_blobs(str(tmp_path / "blobs"))
    sent = asyncio.run(submit(intake, blobs, BOB, definition, CASE))
    assert isinstance(sent, Submission)
    keys = [sha256(file.data).hexdigest() for file in FILES]
    assert [(one.sha256, one.size) for one in intake.attachments] == [(key, 3) for key in keys]
    assert intake.left == set(keys)


def test_nothing_is_published_while_files_cannot_be_stored() -> None:
    class _Away:
        async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
            raise Unavailable("blob store")

        async def get(self, tenant: str, sha256: str) -> bytes:
            raise Unavailable("blob store")

    intake, definition = MemoryIntake(), reference_data().newest("here")
    assert definition is not None
    with pytest.raises(Unavailable):
        asyncio.run(submit(intake, _Away(), BOB, definition, CASE))
    assert intake.cases == []
