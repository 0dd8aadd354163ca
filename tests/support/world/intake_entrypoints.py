"""Intake's own doors over ports in memory: the handler of its SMTP listener, and its HTTP API."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session
from case_intake.application.ports import Ports
from case_intake.entrypoints.api import create_app
from case_intake.entrypoints.authenticator import Authenticator
from case_intake.entrypoints.smtp import Limits, SmtpHandler

from tests.support.desk.values import Form, Person
from tests.support.driver.form_requests import key_of, request_for

MEBIBYTE = 1024 * 1024
LIMITS = Limits(size=25 * MEBIBYTE, timeout=120, deadline=30, connections=200, deliveries=8)


class IntakeDoors:
    """What intake listens on. Its directory is loaded."""

    def __init__(self, ports: Ports, secret: bytes) -> None:
        self._tokens: dict[str, str] = {}
        self._deliveries = SmtpHandler(ports, LIMITS, lambda: True)
        callers = Authenticator(secret, self._tokens, ports.directory, lambda: True)
        app = create_app(ports, callers, LIMITS.size)
        transport = httpx.ASGITransport(app=app)
        self._api = httpx.AsyncClient(transport=transport, base_url="http://intake/api/v1")

    async def mail(self, raw: bytes, sender: str, to: Sequence[str]) -> int:
        """Hand a mail to the listener; the code of its last answer."""
        loop, envelope = asyncio.get_running_loop(), Envelope()
        server, session = SMTP(self._deliveries, loop=loop), Session(loop)
        envelope.mail_from, envelope.original_content = sender, raw
        for address in to:
            answer = await self._deliveries.handle_RCPT(server, session, envelope, address, [])
            if not answer.startswith("250"):
                return int(answer[:3])
        answer = await self._deliveries.handle_DATA(server, session, envelope)
        return int(answer[:3])

    async def post(self, token: str, form: Form) -> httpx.Response:
        """Post a new case to the API, under a pass or an API token."""
        headers = {"Authorization": f"Bearer {token}"} | key_of(form)
        return await self._api.post("/cases", headers=headers, **request_for(form))

    def api_token(self, who: Person) -> str:
        """An API token that is somebody's, as the settings of intake hold it."""
        token = f"a token of {who.id}"
        self._tokens[sha256(token.encode()).hexdigest()] = f"{who.tenant}/{who.kind}/{who.id}"
        return token
