"""Alerts in memory: the replacement of the table and the outbox."""

from case_events.envelope import SYSTEM
from case_events.keyring import Keyring
from case_events.runtime import Outbox, Transaction
from case_portal.mail.outbox import MailOutbox
from case_portal.mail.ports import Letter


class SimulatedAlerts:
    """Implements `case_portal.fair_use.service.Alerts`."""

    def __init__(self, outbox: Outbox[Transaction], secret: Keyring) -> None:
        self._outbox, self._secret = outbox, secret
        self._sent: set[tuple[str, str]] = set()

    async def send(self, tenant: str, letter: Letter, definition: str) -> bool:
        if (tenant, letter.key) in self._sent:
            return False
        async with self._outbox.open() as transaction:
            MailOutbox(transaction, self._secret).send(tenant, letter, SYSTEM, definition)
        self._sent.add((tenant, letter.key))
        return True
