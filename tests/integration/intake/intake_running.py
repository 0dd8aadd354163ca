"""Intake's mail listener over PostgreSQL and a folder of blobs, with what it published."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from case_events.contracts.base import Event
from case_events.runtime import Blobs, Ids, Outbox
from case_events.runtime.blobs import open_blobs
from case_events.runtime.postgres import PostgresLog
from case_events.testing.keys import SECRET
from case_events.tokens.thread import read_return, read_token
from case_intake.adapters.outbox import PostgresIntakeOutbox
from case_intake.application.ports import IntakePorts
from case_intake.entrypoints.smtp import SmtpHandler, SmtpLimits, listen
from psycopg_pool import AsyncConnectionPool

from tests.support.wire import codec
from tests.unit.intake_service.intake_desk import DESK, reference

T = TypeVar("T")
LIMITS = SmtpLimits(size=200_000, timeout=20, deadline=5, connections=20, deliveries=4)


class Running:
    """A listener on `port`, and what stands behind it."""

    def __init__(
        self, ports: IntakePorts, pool: AsyncConnectionPool[Any], limits: SmtpLimits
    ) -> None:
        self.ports, self.pool, self.limits = ports, pool, limits
        self.loaded, self.port = True, 0
        # Threads of their own: the listener needs the loop's.
        self._clients = ThreadPoolExecutor(16)

    async def send(
        self, raw: bytes, *recipients: str, sender: str = "anna@acme.example"
    ) -> tuple[int, str]:
        """The last answer of an SMTP dialogue: of the command refused, or of the data."""
        deliver = partial(self.deliver, raw, recipients or (DESK,), sender)
        return await asyncio.get_running_loop().run_in_executor(self._clients, deliver)

    def deliver(self, raw: bytes, recipients: tuple[str, ...], sender: str) -> tuple[int, str]:
        """As `send`, on this thread."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=15) as client:
            client.ehlo()
            answer = client.mail(sender)
            for address in recipients:
                answer = client.rcpt(address)
                if answer[0] != 250:
                    break
            else:
                answer = client.data(raw)
        return answer[0], answer[1].decode()

    async def talk(self, do: Callable[[smtplib.SMTP], T]) -> T:
        """An SMTP dialogue on a thread."""

        def dialogue() -> T:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=15) as client:
                return do(client)

        return await asyncio.to_thread(dialogue)

    async def events(self) -> list[Event]:
        """What is in the log, in no order."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute("SELECT value FROM log")).fetchall()
        return [codec.decode(bytes(value)).data for (value,) in rows]

    async def cases(self) -> list[UUID]:
        """The cases there are."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute("SELECT case_id FROM cases")).fetchall()
        return [case for (case,) in rows]

    async def outcomes(self) -> list[str]:
        """What became of everything that came in."""
        async with self.pool.connection() as connection:
            query = "SELECT outcome FROM arrivals ORDER BY received_at, outcome"
            return [outcome for (outcome,) in await (await connection.execute(query)).fetchall()]


@asynccontextmanager
async def running(
    database: str, folder: Path, limits: SmtpLimits = LIMITS, blobs: Blobs | None = None
) -> AsyncIterator[Running]:
    """Intake's mail listener while the block lasts."""
    async with AsyncConnectionPool(database, min_size=1, max_size=6, timeout=3, open=False) as pool:
        ids = Ids(Random(1))
        ports = IntakePorts(
            outbox=PostgresIntakeOutbox(
                lambda _: Outbox("intake", PostgresLog(pool), ids, 4, codec, lambda: None)
            ),
            blobs=blobs or open_blobs(str(folder / "blobs")),
            directory=reference(),
            read_token=partial(read_token, SECRET),
            read_return=partial(read_return, SECRET),
        )
        intake = Running(ports, pool, limits)
        deliveries = SmtpHandler(ports, limits, loaded=lambda: intake.loaded)
        server = await listen(deliveries, limits, "desk.example", "127.0.0.1", 0)
        intake.port = server.sockets[0].getsockname()[1]
        async with server:
            yield intake
