"""Mail over real SMTP into PostgreSQL: `250` means kept (C1, C4, C15)."""

import asyncio
import smtplib
import socket
from hashlib import sha256
from pathlib import Path

import pytest
from case_events.contracts.base import label_of
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.messages import MessageRequested
from case_events.contracts.refusals import InputRefused
from case_events.runtime import Unavailable
from case_events.testing.keys import SECRET
from case_events.tokens.thread import reply_address
from msgspec.structs import replace

from tests.integration.intake.intake_running import LIMITS, running
from tests.unit.intake_service.intake_desk import CARL, DESK, raw_mail

pytestmark = pytest.mark.real


def test_a_mail_is_a_case_in_the_log_and_the_blob_store_before_250_c1(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            assert (await intake.send(raw_mail()))[0] == 250
            (created,) = await intake.events()
            assert isinstance(created, CaseCreated)
            key = sha256(raw_mail()).hexdigest()
            assert created.raw == key
            assert (tmp_path / "blobs" / "desk" / key[:2] / key).read_bytes() == raw_mail()

    asyncio.run(story())


def test_the_same_mail_at_once_on_many_connections_is_one_case_c1(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            answers = await asyncio.gather(*(intake.send(raw_mail()) for _ in range(8)))
            assert {code for code, _ in answers} == {250}
            assert len(await intake.events()) == 1
            assert (await intake.send(raw_mail(body="Another")))[0] == 250
            assert len(await intake.events()) == 2

    asyncio.run(story())


def test_replies_and_refusals_over_smtp_c4_c15(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            await intake.send(raw_mail())
            (case,) = await intake.cases()
            address = reply_address(SECRET, "desk", case, DESK, public=True)
            assert (await intake.send(raw_mail(message_id="<2@x>"), address))[0] == 250
            unregistered = raw_mail(sender="who@x.example", message_id="<3@x>")
            assert (await intake.send(unregistered, sender="who@x.example"))[0] == 250
            assert (await intake.send(raw_mail(message_id="<4@x>"), sender=""))[0] == 250
            kinds = sorted(label_of(event) for event in await intake.events())
            assert kinds == sorted(
                label_of(one)
                for one in (CaseCreated, ReplyReceived, InputRefused, MessageRequested,
                            InputRefused)
            )  # fmt: skip

    asyncio.run(story())


def test_a_mail_to_two_tenants_is_one_arrival_at_each_c16(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            raw = raw_mail(sender=CARL.email)
            assert (await intake.send(raw, DESK, "help@second.example"))[0] == 250
            assert sorted(await intake.outcomes()) == ["case", "refused"]

    asyncio.run(story())


def test_an_address_that_nobody_receives_is_refused(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            for address in ("who@desk.example", "help@elsewhere.example", "help"):
                assert (await intake.send(raw_mail(), address))[0] == 550
            for address in (DESK.upper(), "help+tag@desk.example"):
                assert (await intake.send(raw_mail(), address))[0] == 250
            assert await intake.outcomes() == ["case"]

    asyncio.run(story())


def test_a_mail_over_the_limit_is_refused_with_552(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            long = raw_mail(body="x" * 70 + "\r\n") + b"y" * 70 * 4000
            assert (await intake.send(long))[0] == 552
            announced = await intake.talk(lambda c: (c.ehlo(), c.mail("a@x", ["SIZE=999999"]))[1])
            assert announced[0] == 552
            assert await intake.outcomes() == []

    asyncio.run(story())


def test_nothing_is_acknowledged_before_reference_data_is_there(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            intake.loaded = False
            assert (await intake.send(raw_mail()))[0] == 451

    asyncio.run(story())


class _NoBlobs:
    """A blob store that is down."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        raise Unavailable("blob store")

    async def get(self, tenant: str, sha256: str) -> bytes:
        raise Unavailable("blob store")


def test_a_mail_is_asked_for_again_while_blobs_or_store_are_down_c1(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with running(database, tmp_path, blobs=_NoBlobs()) as intake:
            assert (await intake.send(raw_mail()))[0] == 451
            assert await intake.outcomes() == []
        async with running(database, tmp_path) as intake:
            await intake.pool.close()
            assert (await intake.send(raw_mail()))[0] == 451

    asyncio.run(story())


def test_smtputf8_addresses_are_taken(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:

            def dialogue(client: smtplib.SMTP) -> int:
                client.ehlo()
                client.command_encoding = "utf-8"
                client.mail("jürgen@x.example", ["SMTPUTF8"])
                client.rcpt(DESK)
                return client.data(raw_mail(sender="jürgen@x.example"))[0]

            assert await intake.talk(dialogue) == 250

    asyncio.run(story())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00 garbage \x00\r\n\r\n\x80\x81",
        b"From: \x00\r\nMessage-ID: <\x00>\r\nSubject: =?utf-8?b?\xff?=\r\n\r\nx",
        b"Message-ID: <" + b"a" * 5000 + b"@x>\r\nFrom: anna@acme.example\r\n\r\nx",
        b"From: anna@acme.example\r\nSubject: long\r\n\r\n" + b"x" * 100_000,
    ],
    ids=["empty", "binary", "NUL in headers", "long id", "long line"],
)
def test_garbage_is_kept_as_well_c1(database: str, tmp_path: Path, raw: bytes) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            assert (await intake.send(raw))[0] == 250
            assert len(await intake.outcomes()) == 1

    asyncio.run(story())


def test_noise_on_the_line_does_not_stop_the_listener(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with running(database, tmp_path) as intake:
            await asyncio.to_thread(_noise, intake.port)
            assert (await intake.send(raw_mail()))[0] == 250

    asyncio.run(story())


def test_one_connection_more_than_there_may_be_is_told_to_come_back(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with running(database, tmp_path, replace(LIMITS, connections=1)) as intake:
            greeting, refusal = await asyncio.to_thread(_two_connections, intake.port)
            assert (greeting[:3], refusal[:3]) == (b"220", b"421")

    asyncio.run(story())


def _noise(port: int) -> None:
    for noise in (b"\x00\xff" * 4000 + b"\r\n", b"MAIL FROM:<<>>\r\nDATA\r\n", b"EHLO \xff\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.recv(100)
            line.sendall(noise)
            line.recv(100)


def _two_connections(port: int) -> tuple[bytes, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as first:
        greeting = first.recv(100)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as second:
            return greeting, second.recv(100)
