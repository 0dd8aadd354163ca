"""What was answered `250` or `201` is on disk, its files too (C1)."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from case_events.envelope import Actor
from case_events.runtime.blobs import open_blobs
from case_intake.application.ports import IntakeOutbox, IntakeTransaction
from case_intake.entrypoints.smtp import OK, SmtpHandler, SmtpLimits
from msgspec.structs import replace

from tests.integration.intake.test_intake_api import SMOKE, Api
from tests.support.faults.power_cut import PowerCut
from tests.unit.intake_service.intake_desk import DESK, World

CONTENT = b"how hot it is"
MAIL = (
    b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Smoke\r\n"
    b'Message-ID: <1@acme.example>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\n\r\nIt is hot.\r\n"
    b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\n'
    + CONTENT
    + b"\r\n--b--\r\n"
)
LIMITS = SmtpLimits(size=200_000, timeout=20, deadline=5, connections=20, deliveries=4)


class Disk:
    """A folder of blobs for intake in memory, and what a power cut would leave of it.

    `before_commit` has what was on disk when each transaction was opened.
    """

    def __init__(self, world: World, folder: Path, power: PowerCut) -> None:
        self._folder, self._power, self._copies = folder, power, 0
        self.before_commit: list[dict[str, bytes]] = []
        blobs = open_blobs(str(folder / "blobs"))
        world.ports = replace(world.ports, blobs=blobs, outbox=_Watched(world.ports.outbox, self))

    def files(self) -> dict[str, bytes]:
        """The files that a power cut leaves now, by their name."""
        self._copies += 1
        left = self._power.leaves(self._folder / "blobs", self._folder / f"left {self._copies}")
        return {path.name: path.read_bytes() for path in left.rglob("*") if path.is_file()}


class _Watched:
    """An outbox that looks at the disk before it opens."""

    def __init__(self, outbox: IntakeOutbox, disk: Disk) -> None:
        self._outbox, self._disk = outbox, disk

    @asynccontextmanager
    async def open(
        self, tenant: str, actor: Actor | None = None
    ) -> AsyncIterator[IntakeTransaction]:
        self._disk.before_commit.append(self._disk.files())
        async with self._outbox.open(tenant, actor) as transaction:
            yield transaction


def _named(*contents: bytes) -> dict[str, bytes]:
    return {sha256(content).hexdigest(): content for content in contents}


def test_a_mail_that_was_answered_250_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    disk = Disk(world, tmp_path, PowerCut(monkeypatch))

    async def story() -> str:
        deliveries = SmtpHandler(world.ports, LIMITS, loaded=lambda: True)
        server = SMTP(deliveries, loop=asyncio.get_running_loop())
        envelope, session = Envelope(), Session(asyncio.get_running_loop())
        envelope.mail_from, envelope.rcpt_tos = "anna@acme.example", [DESK]
        envelope.original_content = MAIL
        return await deliveries.handle_DATA(server, session, envelope)

    assert asyncio.run(story()) == OK
    assert disk.files() == _named(MAIL, CONTENT)
    assert disk.before_commit == [_named(MAIL, CONTENT)], "on disk before it is committed"


def test_a_case_that_was_answered_201_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    disk = Disk(world, tmp_path, PowerCut(monkeypatch))
    file = {"name": "a.txt", "type": "text/plain", "content": b64encode(CONTENT).decode()}
    with (api := Api(world=world)).client:
        assert api.post(SMOKE | {"attachments": [file]}).status_code == 201
    files = disk.files()
    assert files.items() >= _named(CONTENT).items()
    assert len(files) == 2, "the file, and the request as it came"
    assert disk.before_commit == [files]
