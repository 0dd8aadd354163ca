"""Receives the database's notifications on one connection, and wakes waiting requests."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

import psycopg
import structlog
from case_events.runtime.postgres import load_statements

logger = structlog.get_logger()
STATEMENTS = load_statements("case_portal.database", "signals")
RECONNECT_AFTER = 1.0
QUIET = 15.0
"""Seconds without a change after which a live page gets a sign of life."""


class Signals:
    """Dispatches NOTIFY `outcome` and `case` to the waiters of this replica."""

    def __init__(self, database_url: str, quiet: float = QUIET) -> None:
        self._url, self._quiet = database_url, quiet
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._over = False

    async def run(self) -> None:
        """Listen until cancelled, also after lost connections."""
        try:
            while True:
                try:
                    await self._listen()
                except psycopg.OperationalError as lost:
                    logger.warning("listening was interrupted", error=str(lost))
                    await asyncio.sleep(RECONNECT_AFTER)
        finally:
            self._over = True
            self._wake_all()

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(STATEMENTS["listen_outcome"])
            await connection.execute(STATEMENTS["listen_case"])
            # Notifications during a lost connection are unknown, so every waiter looks again.
            self._wake_all()
            async for notice in connection.notifies():
                for event in self._waiting.get(notice.payload, ()):
                    event.set()

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()

    @contextmanager
    def waiting(self, payload: str) -> Iterator[asyncio.Event]:
        """An event that is set at every notification with this payload from now on."""
        event = asyncio.Event()
        self._waiting[payload].add(event)
        try:
            yield event
        finally:
            self._waiting[payload].discard(event)
            if not self._waiting[payload]:
                del self._waiting[payload]

    @asynccontextmanager
    async def of_case(self, case: UUID) -> AsyncIterator[AsyncIterator[bool]]:
        """See `read_model.ports.Changes`."""
        with self.waiting(str(case)) as event:
            yield self._changes(event)

    async def _changes(self, event: asyncio.Event) -> AsyncIterator[bool]:
        while not self._over:
            try:
                async with asyncio.timeout(self._quiet):
                    await event.wait()
            except TimeoutError:
                yield False
                continue
            event.clear()
            if not self._over:
                yield True
