"""The outbox of the runtime as the application of intake uses it: inbound records are stored in the
same transaction."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from case_events import runtime
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Draft
from case_events.runtime import Transaction
from case_events.runtime.postgres import PostgresTransaction

from case_intake.adapters.postgres import PostgresInboundRepository
from case_intake.application.ports import InboundRepository, IntakeTransaction
from case_intake.application.react import CaseSnapshot


class RuntimeIntakeTransaction:
    """An outbox transaction, and the repository of inbound records in it."""

    def __init__(
        self, admission: runtime.OutboxTransaction[Transaction], repository: InboundRepository
    ) -> None:
        self._admission, self.repository = admission, repository

    @property
    def now(self) -> datetime:
        return self._admission.tx.now

    def new_id(self) -> UUID:
        return self._admission.new_id()

    async def case_snapshot(self, case: UUID) -> CaseSnapshot:
        kept = (await self._admission.tx.load([case])).get(case)
        return msgspec.json.decode(kept.state, type=CaseSnapshot) if kept else CaseSnapshot()

    def publish(self, draft: Draft, cause: Record | None = None) -> None:
        origin = runtime.Origin(
            tenant=draft.tenant,
            actor=draft.actor or SYSTEM,
            channel=draft.channel,
            definition=draft.definition,
            cause=cause,
        )
        self._admission.publish(draft.topic, draft.event, origin, draft.case, draft.occurred_at)


class PostgresIntakeOutbox:
    """An outbox with inbound records in the database of the service, under row-level security.

    `door_of` makes the outbox of a tenant, whose transactions see the rows of that tenant only.
    """

    def __init__(self, door_of: Callable[[str], runtime.Outbox[PostgresTransaction]]) -> None:
        self._door_of = door_of

    @asynccontextmanager
    async def open(self, tenant: str) -> AsyncIterator[IntakeTransaction]:
        async with self._door_of(tenant).open() as admission:
            yield RuntimeIntakeTransaction(
                admission, PostgresInboundRepository(admission.tx.connection)
            )
