"""Alerts: mails that are asked for once, and the look at fair use that asks for them."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from case_events.envelope import SYSTEM
from case_events.runtime import Outbox, Unavailable, WriteRejected
from case_events.runtime.postgres import PostgresTransaction

from case_portal.fair_use.service import FairUseAlerts
from case_portal.mail.outbox import MailOutbox
from case_portal.mail.ports import Letter

logger = structlog.get_logger()
EVERY = 60.0
"""Seconds between two looks at fair use."""

_ONCE = "insert into alerts (tenant, key) values (%s, %s) on conflict do nothing"


class PostgresAlerts:
    """`fair_use.service.Alerts`: what was asked for is kept with the request for it, so that
    of several replicas one asks."""

    def __init__(self, door: Outbox[PostgresTransaction], secret: bytes) -> None:
        self._door, self._secret = door, secret

    async def send(self, tenant: str, letter: Letter, definition: str) -> bool:
        """Ask notify for a mail; False where one with its key was asked for before."""
        async with self._door.open() as admission:
            if (await admission.tx.connection.execute(_ONCE, [tenant, letter.key])).rowcount == 0:
                return False
            MailOutbox(admission, self._secret).send(tenant, letter, SYSTEM, definition)
            return True


class FairUseMonitor:
    """Looks at fair use once a minute, as long as the service runs."""

    def __init__(self, alerts: FairUseAlerts, now: Callable[[], datetime]) -> None:
        self._alerts, self._now = alerts, now

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._alerts.look(self._now())
            except (Unavailable, WriteRejected) as error:
                logger.warning("alerts of fair use wait", error=str(error))
            await asyncio.sleep(EVERY)
