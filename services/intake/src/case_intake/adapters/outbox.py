"""The outbox of the runtime as the application of intake uses it: inbound records are stored in the
same transaction."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from case_events import runtime
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import Draft
from case_events.runtime import Transaction
from case_events.runtime.postgres import PostgresTransaction

from case_intake.adapters.postgres import PostgresInboundRepository
from case_intake.application.ports import InboundRepository, IntakeTransaction
from case_intake.application.react import CaseSnapshot

MAIL = "mail"
"""The setting `kind` of a transaction that takes in a mail."""


class RuntimeIntakeTransaction:
    """An outbox transaction, and the repository of inbound records in it."""

    def __init__(
        self, transaction: runtime.OutboxTransaction[Transaction], repository: InboundRepository
    ) -> None:
        self._transaction, self.repository = transaction, repository

    @property
    def now(self) -> datetime:
        return self._transaction.tx.now

    def new_id(self) -> UUID:
        return self._transaction.new_id()

    async def case_snapshot(self, case: UUID) -> CaseSnapshot:
        kept = (await self._transaction.tx.load([case])).get(case)
        return msgspec.json.decode(kept.state, type=CaseSnapshot) if kept else CaseSnapshot()

    def publish(self, draft: Draft, cause: Record | None = None) -> None:
        origin = runtime.Origin(
            tenant=draft.tenant,
            actor=draft.actor or SYSTEM,
            channel=draft.channel,
            definition=draft.definition,
            cause=cause,
        )
        self._transaction.publish(draft.topic, draft.event, origin, draft.case, draft.occurred_at)


class PostgresIntakeOutbox:
    """An outbox with inbound records in the database of the service, under row-level security.

    `outbox_with` makes an outbox with row-level security settings. Its transactions see the rows of
    one tenant only, and publish as one actor only.
    """

    def __init__(
        self, outbox_with: Callable[[Mapping[str, str]], runtime.Outbox[PostgresTransaction]]
    ) -> None:
        self._outbox_with = outbox_with

    @asynccontextmanager
    async def open(
        self, tenant: str, actor: Actor | None = None
    ) -> AsyncIterator[IntakeTransaction]:
        who = {"kind": actor.kind, "person": actor.id} if actor else {"kind": MAIL}
        async with self._outbox_with({"tenant": tenant} | who).open() as transaction:
            yield RuntimeIntakeTransaction(
                transaction, PostgresInboundRepository(transaction.tx.connection)
            )
