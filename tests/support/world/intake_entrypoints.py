"""Intake's own entry points over ports in memory: the handler of its SMTP listener, and its HTTP
API."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from aiosmtpd.smtp import SMTP, Envelope, Session
from case_events.keyring import Keyring
from case_intake.application.ports import IntakePorts
from case_intake.entrypoints.api import create_app
from case_intake.entrypoints.authenticator import Authenticator
from case_intake.entrypoints.smtp import SmtpHandler, SmtpLimits

from tests.support.desk.values import Person

MEBIBYTE = 1024 * 1024
LIMITS = SmtpLimits(size=25 * MEBIBYTE, timeout=120, deadline=30, connections=200, deliveries=8)


class IntakeEntryPoints:
    """The entry points of intake, with a loaded directory."""

    def __init__(self, ports: IntakePorts, secret: Keyring, now: Callable[[], datetime]) -> None:
        self._tokens: dict[str, str] = {}
        self._deliveries = SmtpHandler(ports, LIMITS, lambda: True)
        callers = Authenticator(secret, self._tokens, ports.directory, lambda: True, now)
        self.api = create_app(ports, callers, LIMITS.size, now)

    async def mail(self, raw: bytes, sender: str, to: Sequence[str]) -> int:
        """Pass a mail to the listener. Returns the code of its last answer."""
        loop, envelope = asyncio.get_running_loop(), Envelope()
        server, session = SMTP(self._deliveries, loop=loop), Session(loop)
        envelope.mail_from, envelope.original_content = sender, raw
        for address in to:
            answer = await self._deliveries.handle_RCPT(server, session, envelope, address, [])
            if not answer.startswith("250"):
                return int(answer[:3])
        answer = await self._deliveries.handle_DATA(server, session, envelope)
        return int(answer[:3])

    def api_token(self, who: Person) -> str:
        """An API token of a person, as in the settings of intake."""
        token = f"a token of {who.id}"
        self._tokens[sha256(token.encode()).hexdigest()] = f"{who.tenant}/{who.kind}/{who.id}"
        return token
