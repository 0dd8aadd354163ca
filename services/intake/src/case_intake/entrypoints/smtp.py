"""The SMTP listener, on the running loop. `250` means that the mail is stored."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from case_events.runtime import Unavailable, WriteRejected
from msgspec import Struct

from case_intake.application.accept import accept, without_plus
from case_intake.application.ports import IntakeDirectory, IntakePorts
from case_intake.application.record_inbound import UnknownTenant
from case_intake.domain.inbound import inbound_mail
from case_intake.domain.mail import read

logger = structlog.get_logger()

OK = "250 2.0.0 Kept"
LATER = "451 4.3.0 This mail cannot be kept now; try again later"
STARTING = "451 4.3.2 Starting up; try again later"
NO_SUCH_ADDRESS = "550 5.1.1 Nobody receives mail at this address"
TOO_MANY = "452 4.5.3 Too many recipients"
BUSY = b"421 4.3.2 Too many connections; try again later\r\n"

MAX_RECIPIENTS = 100
LONGEST_LINE = 1024 * 1024
"""The maximum length of a line, in bytes. Broken programs send lines longer than the 1,000 of RFC
5321."""


class SmtpLimits(Struct, frozen=True, kw_only=True):
    """The limits of the listener. Size in bytes, times in seconds."""

    size: int
    timeout: float
    deadline: float
    connections: int
    deliveries: int


class SmtpHandler:
    """The commands of an SMTP session: refuses unknown recipients, stores mail."""

    def __init__(self, ports: IntakePorts, limits: SmtpLimits, loaded: Callable[[], bool]) -> None:
        self._ports, self._limits, self._loaded = ports, limits, loaded
        self._room = asyncio.Semaphore(limits.deliveries)
        self.open = 0

    @property
    def full(self) -> bool:
        """Whether the listener accepts no more connections."""
        return self.open >= self._limits.connections

    async def handle_RCPT(  # noqa: N802 (the library's protocol)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Accept only an address that a tenant receives, with or without a plus part."""
        if not self._loaded():
            return STARTING
        if receiver(address, self._ports.directory) is None:
            return NO_SUCH_ADDRESS
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail for each of its tenants, then answer."""
        try:
            async with asyncio.timeout(self._limits.deadline), self._room:
                await self._keep(envelope)
        except (Unavailable, WriteRejected, UnknownTenant, TimeoutError) as error:
            logger.warning("mail not kept", error=repr(error), peer=str(session.peer))
            return LATER
        return OK

    async def handle_exception(self, error: Exception) -> str:
        """Answer with a temporary error: the sender still has the mail and tries again."""
        logger.error("SMTP session failed", error=repr(error), exc_info=error)
        return LATER

    async def _keep(self, envelope: Envelope) -> None:
        raw = bytes(envelope.original_content or b"")
        # In a thread: a large mail must not delay the others, or the heartbeats.
        reading = await asyncio.to_thread(read, raw, envelope.mail_from or "")
        tenants: dict[str, list[str]] = {}
        for address in envelope.rcpt_tos:
            tenant = receiver(address, self._ports.directory)
            if tenant is None:
                raise UnknownTenant(address)
            tenants.setdefault(tenant, []).append(address)
        for tenant, addresses in tenants.items():
            arrived = await accept(
                inbound_mail(tenant, raw, tuple(addresses), reading), self._ports
            )
            logger.info(
                "mail kept",
                tenant=tenant,
                outcome=arrived.outcome,
                why=arrived.why,
                case=str(arrived.case or ""),
            )


class _Connection(SMTP):
    """One connection; refused at once if there are too many."""

    line_length_limit = LONGEST_LINE

    def __init__(self, handler: SmtpHandler, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._handler, self._refused = handler, handler.full

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._refused:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(BUSY)
            transport.close()
            return
        self._handler.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._refused:
            self._handler.open -= 1
            super().connection_lost(error)


def receiver(address: str, directory: IntakeDirectory) -> str | None:
    """The tenant that receives mail at an address, with or without a plus part."""
    return directory.tenant_receiving(address) or directory.tenant_receiving(without_plus(address))


async def listen(
    handler: SmtpHandler, limits: SmtpLimits, name: str, host: str, port: int
) -> asyncio.Server:
    """Start to listen; port 0 takes any free port. Raises OSError if the port is in use."""
    loop = asyncio.get_running_loop()

    def connection() -> _Connection:
        return _Connection(
            handler,
            data_size_limit=limits.size,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=name,
            ident="Casefold",
            timeout=limits.timeout,
            loop=loop,
        )

    return await loop.create_server(connection, host, port)
