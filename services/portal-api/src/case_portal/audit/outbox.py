"""Publishes the security log."""

from typing import Any

from case_events import runtime
from case_events.contracts.parts import RequestSource
from case_events.contracts.security import SecurityEvent
from case_events.envelope import Actor
from case_events.runtime import Origin, OutboxTransaction, Transaction
from case_events.topics import SECURITY
from msgspec.structs import replace

from case_portal.core.audit import Client


def publish(
    transaction: OutboxTransaction[Transaction],
    tenant: str,
    event: SecurityEvent,
    actor: Actor,
    client: Client,
) -> None:
    """Publish an event when the transaction commits, with what it happened to."""
    source = RequestSource(client.address, client.program)
    origin = Origin(tenant=tenant, actor=actor, channel=client.channel)
    transaction.publish(SECURITY, replace(event, personal=source), origin)


class OutboxAudit:
    """`core.audit.Audit`, each event in a transaction of its own."""

    def __init__(self, outbox: runtime.Outbox[Any]) -> None:
        self._outbox = outbox

    async def record(self, tenant: str, event: SecurityEvent, actor: Actor, client: Client) -> None:
        """See `core.audit.Audit`."""
        async with self._outbox.open() as transaction:
            publish(transaction, tenant, event, actor, client)
