"""Inbound records in memory, for simulation."""

import asyncio
from collections import ChainMap
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

from case_events import runtime
from case_events.envelope import Actor
from case_events.testing.memory import MemoryTransaction

from case_intake.adapters.outbox import RuntimeIntakeTransaction
from case_intake.application.ports import InboundRecord, IntakeTransaction, StoredAnswer
from case_intake.domain.inbound import NumberedCase, Thread

Kept = ChainMap[tuple[object, ...], Any]
"""All rows by table and key. The changes of an open transaction are the first mapping."""


class MemoryStore:
    """All tables of intake in memory. One transaction is open at a time."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Any] = {}
        self._open = asyncio.Lock()

    @asynccontextmanager
    async def open(self) -> "AsyncIterator[tuple[MemoryInboundRepository, Callable[[], None]]]":
        """An open transaction, and the function that commits it, which the caller calls once."""
        async with self._open:
            changed: dict[tuple[object, ...], Any] = {}
            yield (
                MemoryInboundRepository(ChainMap(changed, self._kept)),
                partial(self._kept.update, changed),
            )

    @asynccontextmanager
    async def transaction(self) -> "AsyncIterator[MemoryInboundRepository]":
        """A transaction that commits if the block ends without an exception."""
        async with self.open() as (repository, keep):
            yield repository
            keep()

    def arrived(self) -> list[InboundRecord]:
        """Every inbound record, in the order of arrival."""
        return [row for key, row in self._kept.items() if key[0] == "arrival"]


class MemoryInboundRepository:
    """Implements `ports.InboundRepository` within one transaction."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def lock(self, key: str) -> None:
        """See `ports.InboundRepository`. Does nothing: one transaction is open at a time."""

    async def mail(self, tenant: str, message_id: str, digest: str) -> InboundRecord | None:
        found: InboundRecord | None = self._kept.get(("mail", tenant, message_id, digest))
        return found

    async def exists(self, tenant: str, arrived: UUID) -> bool:
        found: InboundRecord | None = self._kept.get(("arrival", arrived))
        return found is not None and found.tenant == tenant

    async def answer(self, tenant: str, principal: str, key: str) -> StoredAnswer | None:
        found: StoredAnswer | None = self._kept.get(("answer", tenant, principal, key))
        return found

    async def case(self, tenant: str, case: UUID) -> NumberedCase | None:
        found: NumberedCase | None = self._kept.get(("case", tenant, case))
        return found

    async def case_by_reference(
        self, tenant: str, references: Sequence[str]
    ) -> NumberedCase | None:
        keys = [("reference", tenant, reference.upper()) for reference in references]
        return next((self._kept[key] for key in keys if key in self._kept), None)

    async def thread(self, tenant: str, message_ids: Sequence[str]) -> Thread | None:
        keys = [("thread", tenant, one) for one in reversed(message_ids)]
        return next((self._kept[key] for key in keys if key in self._kept), None)

    async def next_number(self, tenant: str, year: int) -> int:
        key = ("counter", tenant, year)
        self._kept[key] = self._kept.get(key, 0) + 1
        return int(self._kept[key])

    async def save(self, arrived: InboundRecord) -> None:
        self._kept["arrival", arrived.id] = arrived
        if arrived.channel == "mail":
            self._kept["mail", arrived.tenant, arrived.message_id, arrived.digest] = arrived

    async def save_case(self, tenant: str, case: NumberedCase) -> None:
        self._kept["case", tenant, case.id] = case
        self._kept["reference", tenant, case.reference.upper()] = case

    async def save_thread(self, tenant: str, message_id: str, case: UUID, public: bool) -> None:
        thread = Thread(self._kept["case", tenant, case], public)
        self._kept.setdefault(("thread", tenant, message_id), thread)

    async def save_answer(
        self, tenant: str, principal: str, key: str, answered: StoredAnswer
    ) -> None:
        self._kept["answer", tenant, principal, key] = answered


class MemoryIntakeOutbox:
    """An outbox with inbound records in memory, which are stored when the runtime's transaction
    commits."""

    def __init__(self, outbox: runtime.Outbox[MemoryTransaction], store: MemoryStore) -> None:
        self._outbox, self._store = outbox, store

    @asynccontextmanager
    async def open(
        self, tenant: str, actor: Actor | None = None
    ) -> AsyncIterator[IntakeTransaction]:
        async with self._store.open() as (repository, keep), self._outbox.open() as transaction:
            transaction.tx.stage(keep)
            yield RuntimeIntakeTransaction(transaction, repository)
