"""Guarantee 7: what a relay says of a mail, against a real SMTP server on a local port."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from typing import Any, Literal

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from case_events.kernel import Effect
from case_events.runtime import EffectResult, PendingEffect
from case_events.testing.keys import SECRET
from case_events.tokens.thread import mark_of, read_return
from case_notify.adapters.smtp import SmtpMail, SmtpRelay
from case_notify.domain.mail import OutgoingMail

from tests.unit.notify.sample_desk import ANNA, CASE, START, Story, created, mails

HOST = "127.0.0.1"


class Desk:
    """An SMTP server that answers as it is told, and keeps what it took."""

    def __init__(self, rcpt: str = "250 ok", data: str = "250 ok", drop: bool = False) -> None:
        self.rcpt, self.data, self.drop = rcpt, data, drop
        self.taken: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.sessions.add(id(session))
        if self.drop and not self.taken:
            self.taken.append(envelope)
            transport = server.transport
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return "250 never heard"
        self.taken.append(envelope)
        return self.data


def mail(number: int = 1) -> OutgoingMail:
    """A confirmation, as the reaction made it."""
    made = mails(Story().tell(created(), ANNA))["contact/anna"]
    return msgspec.structs.replace(made, subject=f"mail {number}")


def pending(one: OutgoingMail) -> PendingEffect:
    """A mail as the runtime hands it over."""
    effect = Effect(key="k", kind="mail", payload=msgspec.json.encode(one))
    return PendingEffect(
        partition=0,
        case=CASE,
        effect=effect,
        cause=b"",
        attempts=1,
        first_attempt_at=START,
        uncertain=False,
    )


def against(desk: Desk, play: Callable[[SmtpMail], Awaitable[Any]], **settings: Any) -> Any:
    """Play something against a server; its answer."""

    async def run() -> Any:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(desk, loop=loop), HOST, 0)
        port = server.sockets[0].getsockname()[1]
        handler = SmtpMail(
            SmtpRelay(**({"host": HOST, "port": port, "timeout": 5.0} | settings)), SECRET
        )
        try:
            return await play(handler)
        finally:
            await handler.close()
            server.close()

    return asyncio.run(run())


def header(envelope: Envelope, name: str) -> str:
    """A header of a mail that was taken."""
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content, policy=policy.default)[name])


async def one(handler: SmtpMail) -> EffectResult:
    """Send one mail."""
    return await handler(pending(mail()))


def test_a_mail_that_was_taken_is_done() -> None:
    desk = Desk()
    assert against(desk, one) == EffectResult("done")
    (envelope,) = desk.taken
    marked = read_return(SECRET, "sample", str(envelope.mail_from))
    assert marked is not None
    assert (marked.case, marked.mark) == (CASE, mark_of(mail().message_id))
    assert envelope.rcpt_tos == ["anna@customer.example"]
    assert header(envelope, "Message-ID") == f"<{mail().message_id}>"
    assert header(envelope, "Subject") == "mail 1"


@pytest.mark.parametrize(
    ("desk", "result", "says"),
    [
        (Desk(rcpt="550 no such user"), "failed", "550 no such user"),
        (Desk(rcpt="452 mailbox full"), "again", "452 mailbox full"),
        (Desk(data="554 not wanted"), "failed", "554 not wanted"),
        (Desk(data="451 later"), "again", "451 later"),
    ],
)
def test_a_refusal_for_good_has_failed_and_another_is_tried_again(
    desk: Desk, result: Literal["failed", "again"], says: str
) -> None:
    effect_result = against(desk, one)
    assert effect_result == EffectResult(result, says)


def test_a_relay_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        effect_result = asyncio.run(
            SmtpMail(SmtpRelay(host=HOST, port=port, timeout=5.0), SECRET)(pending(mail()))
        )
    assert effect_result.result == "again"
    assert "Connect" in effect_result.detail


def test_a_relay_that_says_nothing_is_tried_again_in_time() -> None:
    async def run() -> EffectResult:
        server = await asyncio.start_server(lambda *_: None, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            return await SmtpMail(SmtpRelay(host=HOST, port=port, timeout=0.05), SECRET)(
                pending(mail())
            )

    effect_result = asyncio.run(run())
    assert effect_result.result == "again"
    assert "Timeout" in effect_result.detail


def test_a_connection_lost_after_the_data_is_tried_again_with_the_same_message_id() -> None:
    desk = Desk(drop=True)

    async def twice(handler: SmtpMail) -> tuple[EffectResult, EffectResult]:
        return await one(handler), await one(handler)

    first, second = against(desk, twice)
    assert (first.result, first.uncertain) == ("again", True)
    assert second == EffectResult("done")
    ids = {header(envelope, "Message-ID") for envelope in desk.taken}
    assert ids == {f"<{mail().message_id}>"}


def test_a_sender_that_is_refused_is_the_relays_matter_and_tried_again() -> None:
    class NoSender(Desk):
        async def handle_MAIL(  # noqa: N802 - the server's name for it
            self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
        ) -> str:
            return "530 log in first"

    effect_result = against(NoSender(), one)
    assert effect_result.result == "again"
    assert "530" in effect_result.detail


def test_many_mails_share_a_few_connections_and_each_arrives_once() -> None:
    desk = Desk()

    async def many(handler: SmtpMail) -> list[EffectResult]:
        return list(await asyncio.gather(*(handler(pending(mail(n))) for n in range(100))))

    results = against(desk, many, connections=4)
    assert results == [EffectResult("done")] * 100
    subjects = [header(envelope, "Subject") for envelope in desk.taken]
    assert sorted(subjects) == sorted(f"mail {n}" for n in range(100))
    assert len(desk.sessions) <= 4


def test_a_refusal_leaves_the_connection_fit_for_the_next() -> None:
    desk = Desk(rcpt="550 no")

    async def then_another(handler: SmtpMail) -> EffectResult:
        await one(handler)
        desk.rcpt = "250 ok"
        return await one(handler)

    assert against(desk, then_another) == EffectResult("done")


def test_a_connection_that_the_relay_closed_is_not_used_again() -> None:
    desk = Desk()

    async def after_a_restart(handler: SmtpMail) -> EffectResult:
        await one(handler)
        for _, connection in handler._idle:
            connection.close()
        return await one(handler)

    assert against(desk, after_a_restart) == EffectResult("done")
