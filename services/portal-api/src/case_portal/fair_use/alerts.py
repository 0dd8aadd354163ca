"""Alerts about fair use: mails that are requested once, and the monitor that requests them."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from case_events.envelope import SYSTEM
from case_events.keyring import Keyring
from case_events.runtime import Outbox, Unavailable, WriteRejected
from case_events.runtime.postgres import PostgresTransaction, load_statements

from case_portal.fair_use.service import FairUseAlerts
from case_portal.mail.outbox import MailOutbox
from case_portal.mail.ports import Letter

logger = structlog.get_logger()
EVERY = 60.0
"""Seconds between two looks at fair use."""

STATEMENTS = load_statements("case_portal.database", "fair_use")


class PostgresAlerts:
    """`fair_use.service.Alerts`. It stores the alert together with the request for its mail, so
    that only one of several replicas requests it."""

    def __init__(self, outbox: Outbox[PostgresTransaction], secret: Keyring) -> None:
        self._outbox, self._secret = outbox, secret

    async def send(self, tenant: str, letter: Letter, definition: str) -> bool:
        """Request a mail from notify; False if a mail with its key was requested before."""
        async with self._outbox.open() as transaction:
            db = transaction.tx.connection
            saved = await db.execute(STATEMENTS["save_alert"], [tenant, letter.key])
            if saved.rowcount == 0:
                return False
            MailOutbox(transaction, self._secret).send(tenant, letter, SYSTEM, definition)
            return True


class FairUseMonitor:
    """Looks at fair use once a minute while the service runs."""

    def __init__(self, alerts: FairUseAlerts, now: Callable[[], datetime]) -> None:
        self._alerts, self._now = alerts, now

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self._alerts.look(self._now())
            except (Unavailable, WriteRejected) as error:
                logger.warning("alerts of fair use wait", error=str(error))
            await asyncio.sleep(EVERY)
