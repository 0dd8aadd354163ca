"""Sends mail to intake over connections that stay open, even if some of them fail."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import make_msgid
from typing import Protocol

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from casefold.samples import read_sample

from tests.support.desk.mails import compose
from tests.support.real.platform import RunningPlatform

AGAIN_AFTER = 0.1
TIMEOUT = 30.0
"""Seconds for a mail to be accepted, with all attempts."""
TEXT = "The scanner at door four reads no labels since this morning.\n" * 6


class Connection(Protocol):
    """An SMTP connection."""

    async def sendmail(self, sender: str, recipients: Sequence[str], raw: bytes) -> object: ...
    def close(self) -> None: ...


class Post:
    """Connections that stay open; a mail uses a free one.

    A server under load hangs up, or asks for another attempt. This is counted, and the mail is sent
    again over a new connection.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], connections: int) -> None:
        self._connect = connect
        self._free: asyncio.LifoQueue[Connection | None] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(None)
        self.failures: Counter[str] = Counter()
        """The number of times that the server did not accept a mail at once, by what it did
        instead."""
        self.never_taken = 0
        """The number of mails that were given up."""

    async def send(self, title: str) -> str | None:
        """Send a mail that makes a case with this title.

        Returns its Message-ID after its 250; None if no attempt got one in time.
        """
        sample = read_sample()
        message_id = make_msgid(domain="benchmarks.example")
        raw = compose(
            sample.mail_from, sample.mail_to, title, TEXT,
            at=datetime.now(UTC), message_id=message_id,
        )  # fmt: skip
        taken = await self.deliver(sample.mail_from, sample.mail_to, raw)
        return message_id if taken else None

    async def deliver(self, sender: str, to: str, raw: bytes) -> bool:
        """Send a mail until it is accepted; False if it never was."""
        connection, taken = await self._free.get(), False
        try:
            async with asyncio.timeout(TIMEOUT):
                while not taken:
                    connection = connection or await self._opened()
                    taken = connection is not None and await self._takes(
                        connection, sender, to, raw
                    )
                    if not taken:
                        connection = None
                        await asyncio.sleep(AGAIN_AFTER)
        except TimeoutError:
            self.never_taken += 1
            if connection is not None:  # in the middle of something
                connection.close()
                connection = None
        self._free.put_nowait(connection)
        return taken

    async def _opened(self) -> Connection | None:
        try:
            return await self._connect()
        except (SMTPException, OSError) as error:
            self.failures[_what(error)] += 1
            return None

    async def _takes(self, connection: Connection, sender: str, to: str, raw: bytes) -> bool:
        """Whether the server accepted a mail. If not, the connection is closed."""
        try:
            await connection.sendmail(sender, [to], raw)
        except (SMTPException, OSError) as error:
            self.failures[_what(error)] += 1
            connection.close()
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        with suppress(asyncio.QueueEmpty):
            while True:
                connection = self._free.get_nowait()
                if connection is not None:
                    connection.close()

    @property
    def notes(self) -> list[str]:
        """What the server did instead of accepting mails at once; empty if it accepted all of
        them."""
        if not self.failures:
            return []
        counted = ", ".join(f"{what} {times} x" for what, times in sorted(self.failures.items()))
        return [f"The mail server did not take every mail at once: {counted}."
                f" {self.never_taken} mails were never taken."]  # fmt: skip


@asynccontextmanager
async def post(platform: RunningPlatform, connections: int) -> AsyncIterator[Post]:
    """Connections to intake, each opened when the first mail needs it."""

    async def connect() -> SMTP:
        smtp = SMTP(hostname="127.0.0.1", port=platform.ports["smtp"], start_tls=False)
        await smtp.connect()
        return smtp

    opened = Post(connect, connections)
    try:
        yield opened
    finally:
        opened.close()


def _what(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"answer {error.code}"
    return type(error).__name__
