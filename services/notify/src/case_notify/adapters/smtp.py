"""Sends mail through an SMTP relay, over a few connections that stay open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Literal

import aiosmtplib
import msgspec
from case_events.keyring import Keyring
from case_events.runtime import EffectResult, PendingEffect
from case_events.tokens.sealing import InvalidSeal

from case_notify.adapters.message import message_bytes
from case_notify.domain.mail import OutgoingMail, complete

IDLE = 20.0
"""Seconds after which an idle connection is closed, before the relay closes it."""


class SmtpRelay(msgspec.Struct, frozen=True, kw_only=True):
    """The SMTP relay: its address, its credentials, and its limits.

    `timeout` is in seconds, for each SMTP command. `connections` is their largest number.
    """

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    username: str | None = None
    password: str | None = None
    timeout: float = 20.0
    connections: int = 8


class SmtpMail:
    """Sends the mail of an effect: an `Attempt` of the runtime.

    `secret` opens the sealed parts of a mail, which only this handler can read.
    """

    def __init__(self, relay: SmtpRelay, secret: Keyring) -> None:
        self._relay, self._secret = relay, secret
        self._free = asyncio.Semaphore(relay.connections)
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Send one mail.

        The result is `done` if the relay accepts the mail, `failed` if it refuses the recipient or
        the message for good (5xx), and `again` for every other failure: of the connection, the
        log-in or the sender.
        """
        try:
            mail = complete(
                msgspec.json.decode(pending.effect.payload, type=OutgoingMail), self._secret
            )
        except InvalidSeal as error:
            return EffectResult("failed", str(error))
        content = message_bytes(mail)
        handed_over = False
        try:
            async with self._free, self._connection() as connection:
                handed_over = True
                reports_to = mail.return_path or mail.sender.address
                await connection.sendmail(reports_to, [mail.to.address], content)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            worst = refused.recipients[0]
            return _refused(worst.code, worst.message)
        except aiosmtplib.SMTPDataError as refused:
            return _refused(refused.code, refused.message)
        except aiosmtplib.SMTPResponseException as refused:
            return EffectResult("again", f"{refused.code} {refused.message}")
        except (aiosmtplib.SMTPException, OSError) as error:
            # The relay closed the connection during the command: it may have accepted the mail.
            return EffectResult("again", f"{type(error).__name__}: {error}", uncertain=handed_over)
        return EffectResult("done")

    async def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        connection = self._kept() or await self._connect()
        kept = False
        try:
            yield connection
            kept = True
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
            kept = True
            raise
        finally:
            if kept and connection.is_connected:
                self._idle.append((monotonic(), connection))
            else:
                connection.close()

    def _kept(self) -> aiosmtplib.SMTP | None:
        """An open connection that was used less than `IDLE` seconds ago, if there is one."""
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_connected and monotonic() - since < IDLE:
                return connection
            connection.close()
        return None

    async def _connect(self) -> aiosmtplib.SMTP:
        relay = self._relay
        connection = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=relay.timeout,
            use_tls=relay.security == "tls",
            start_tls=relay.security == "starttls",
            username=relay.username,
            password=relay.password,
        )
        await connection.connect()
        return connection


def _refused(code: int, message: str) -> EffectResult:
    detail = f"{code} {message}"
    return EffectResult("failed" if code >= 500 else "again", detail)
