"""A mail server that hangs up under load is counted, and the benchmark goes on."""

import asyncio
from collections.abc import Sequence

import pytest
from aiosmtplib import SMTPConnectError, SMTPDataError, SMTPServerDisconnected
from case_events.testing import virtual_time

from benchmarks.post import TIMEOUT, Connection, Post


class Server:
    """A mail server that does to each mail, or to each connection, what it was told to do next."""

    def __init__(
        self,
        mails: Sequence[Exception | None] = (),
        connections: Sequence[Exception | None] = (),
        for_ever: Exception | None = None,
    ) -> None:
        self._mails, self._connections = list(mails), list(connections)
        self._for_ever = for_ever
        self.taken: list[bytes] = []
        self.opened, self.closed = 0, 0

    async def connect(self) -> Connection:
        """A new connection."""
        if self._connections and (error := self._connections.pop(0)) is not None:
            raise error
        self.opened += 1
        return self

    async def sendmail(self, sender: str, recipients: Sequence[str], raw: bytes) -> object:
        """Take a mail, or not."""
        error = self._mails.pop(0) if self._mails else self._for_ever
        if error is not None:
            raise error
        self.taken.append(raw)
        return {}

    def close(self) -> None:
        """Count it."""
        self.closed += 1


def sent(server: Server, mails: int = 3, connections: int = 1) -> tuple[Post, list[str | None]]:
    """Send so many mails, all at once; the post, and the Message-IDs of what was taken."""

    async def story() -> tuple[Post, list[str | None]]:
        post = Post(server.connect, connections)
        ids = await asyncio.gather(*(post.send(f"mail {n}") for n in range(mails)))
        post.close()
        return post, list(ids)

    return virtual_time.run(story())


def test_a_server_that_takes_every_mail_leaves_nothing_to_note() -> None:
    server = Server()
    post, ids = sent(server)
    assert None not in ids
    assert (len(server.taken), server.opened, server.closed) == (3, 1, 1)
    assert post.notes == []


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (SMTPServerDisconnected("hung up"), "SMTPServerDisconnected"),
        (SMTPDataError(451, "later"), "answer 451"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_a_server_that_hangs_up_is_counted_and_gets_the_mail_again(
    error: Exception, what: str
) -> None:
    server = Server(mails=[None, error, error])
    post, ids = sent(server)
    assert None not in ids
    assert len(server.taken) == 3
    assert post.failures == {what: 2}
    assert (server.opened, server.closed) == (3, 3), "each time over a new connection"
    (note,) = post.notes
    assert f"{what} 2 x" in note


def test_a_server_that_takes_no_connection_for_a_while_is_counted() -> None:
    server = Server(connections=[SMTPConnectError("full"), OSError("refused")])
    post, ids = sent(server)
    assert None not in ids
    assert post.failures == {"SMTPConnectError": 1, "OSError": 1}


def test_mails_that_are_never_taken_are_counted_and_the_others_go_on() -> None:
    async def story() -> None:
        server = Server(for_ever=SMTPServerDisconnected("hung up"))
        post, began = Post(server.connect, 1), asyncio.get_running_loop().time()
        assert await post.send("never") is None
        assert asyncio.get_running_loop().time() - began == pytest.approx(TIMEOUT)
        server._for_ever = None
        assert await post.send("then") is not None
        assert (post.never_taken, len(server.taken)) == (1, 1)
        assert "1 mails were never taken" in post.notes[0]

    virtual_time.run(story())
