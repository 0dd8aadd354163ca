"""A service with planted faults: `python -m tests.support.faults.service FAULT,… MODULE`.

Some faults stop the process or lose a server's answer: a healthy service survives them. The others
remove a piece of the guarantee. A fault that happens once leaves a mark in CASEFOLD_MARKS, so that
the next process does not repeat it.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from typing import Any
from unittest.mock import patch

from case_definition.lookup.reference import Reference
from case_events.contracts import base
from case_events.contracts.base import type_name
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.sla import TargetMet
from case_events.envelope import Delivery, Record
from case_events.kernel import Outcome
from case_events.runtime import OutboxEntry, Unavailable
from case_events.runtime.engine.loop import Runtime
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.ownership import Ownership
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import Batch, Work
from case_events.runtime.kafka import KafkaInbox, KafkaPublisher
from case_events.runtime.kafka.subscription import KafkaRecord, Subscription
from case_events.runtime.ports import Epochs, PartitionClaim, PositionUpdate
from case_events.runtime.postgres import PostgresLog, PostgresTransaction
from case_events.topics import INTAKE
from case_workflow import bootstrap as workflow
from case_workflow.application.react import SERVICE as WORKFLOW
from case_workflow.application.react import WorkflowState
from msgspec.structs import replace
from psycopg import AsyncConnection

from tests.support.faults.once import MARKS, once, stop_here
from tests.support.faults.timers import TIMER_FAULTS

POISON = "poison"
"""A word in a title at which `fail_reaction` fails, until the mark `healed` exists."""


# Faults that a healthy service survives.


def crash_before_commit() -> None:
    """Stop when a batch of mails is written and not committed."""
    advance = PostgresTransaction.advance

    async def crashing(self: PostgresTransaction, moves: Sequence[PositionUpdate]) -> None:
        await advance(self, moves)
        if any(move.topic == INTAKE for move in moves):
            stop_here("crash_before_commit")

    patch.object(PostgresTransaction, "advance", crashing).start()


def crash_before_send() -> None:
    """Stop when the log has records that were not published."""
    send = KafkaPublisher.send

    async def crashing(self: KafkaPublisher, entries: Sequence[OutboxEntry]) -> None:
        stop_here("crash_before_send")
        await send(self, entries)

    patch.object(KafkaPublisher, "send", crashing).start()


def crash_after_send() -> None:
    """Stop when the broker has comments that are not marked as published."""
    send = KafkaPublisher.send

    async def crashing(self: KafkaPublisher, entries: Sequence[OutboxEntry]) -> None:
        await send(self, entries)
        if any("reply" in entry.type or "comment" in entry.type for entry in entries):
            stop_here("crash_after_send")

    patch.object(KafkaPublisher, "send", crashing).start()


def lose_answer() -> None:
    """Commit, and lose the answer."""
    transaction = PostgresLog.transaction

    @asynccontextmanager
    async def losing(self: PostgresLog, epochs: Epochs) -> AsyncIterator[PostgresTransaction]:
        async with transaction(self, epochs) as tx:
            yield tx
        if epochs and once("lose_answer"):
            raise Unavailable("the answer to a commit was lost")

    patch.object(PostgresLog, "transaction", losing).start()


def fail_commit() -> None:
    """Roll back a batch of mails, without a seek of the reader."""
    advance, recover, seek = PostgresTransaction.advance, Ownership.recover, KafkaInbox.seek
    deaf = [False]

    async def failing(self: PostgresTransaction, moves: Sequence[PositionUpdate]) -> None:
        await advance(self, moves)
        if any(move.topic == INTAKE for move in moves) and once("fail_commit"):
            deaf[0] = True
            raise Unavailable("the commit failed")

    async def recovering(self: Ownership) -> None:
        await recover(self)
        deaf[0] = False

    def seeking(self: KafkaInbox, topic: str, partition: int, offset: int) -> None:
        if not deaf[0]:
            seek(self, topic, partition, offset)

    patch.object(PostgresTransaction, "advance", failing).start()
    patch.object(Ownership, "recover", recovering).start()
    patch.object(KafkaInbox, "seek", seeking).start()


def lose_the_rest() -> None:
    """Fetch a batch, and lose all of it except the first record."""
    drain = Subscription._drain

    async def losing(self: Subscription, limit: int) -> list[KafkaRecord]:
        rest = await drain(self, limit)
        of_a_group = self._subscriber.group_id is not None  # reference data comes outside any
        return [] if rest and of_a_group and once("lose_the_rest") else rest

    patch.object(Subscription, "_drain", losing).start()


def hold_batch() -> None:
    """Stop with a batch in hand, once the mark `hold` exists."""
    process = Runtime.process

    async def holding(self: Runtime[Any, Any], batch: Batch) -> None:
        if batch.deliveries and (MARKS / "hold").exists():
            stop_here("held", signal.SIGSTOP)
        await process(self, batch)

    patch.object(Runtime, "process", holding).start()


def fail_reaction() -> None:
    """Fail workflow's reaction at a mail about poison, until it is healed."""
    service = WORKFLOW

    def failing(
        state: WorkflowState | None, record: Record, reference: Reference
    ) -> Outcome[WorkflowState]:
        title = getattr(getattr(record.data, "personal", None), "title", "")
        if POISON in title and not (MARKS / "healed").exists():
            raise ValueError("this one is poison")
        return service.react(state, record, reference)

    patch.object(workflow, "SERVICE", replace(service, react=failing)).start()


# Pieces of the guarantee that are removed.


def position_outside() -> None:
    """Commit the position by itself, before the batch."""
    advance = PostgresTransaction.advance

    async def outside(self: PostgresTransaction, moves: Sequence[PositionUpdate]) -> None:
        url = os.environ["CASEFOLD_DATABASE_URL"]
        async with await AsyncConnection.connect(url, autocommit=True) as own:
            await advance(PostgresTransaction(own, self.now, owns=True), moves)

    patch.object(PostgresTransaction, "advance", outside).start()


def no_catch_up() -> None:
    """Start the relay at the head of the log."""
    claim = PostgresLog.claim

    async def at_the_head(
        self: PostgresLog, partitions: Sequence[int], owner: str
    ) -> list[PartitionClaim]:
        async with self.pool.connection() as db:
            await db.execute(
                "INSERT INTO published SELECT partition, sequence FROM log_positions"
                " WHERE partition = ANY(%s)"
                " ON CONFLICT (partition) DO UPDATE SET sequence = excluded.sequence",
                [list(partitions)],
            )
        return await claim(self, partitions, owner)

    patch.object(PostgresLog, "claim", at_the_head).start()


def no_deduplication() -> None:
    """Recognise duplicates neither by sequences nor by versions."""
    had, react = UnitOfWork._is_duplicate, UnitOfWork._react

    def never(self: UnitOfWork[Any, Any], delivery: Delivery) -> bool:
        had(self, delivery)
        return False

    def blind(self: UnitOfWork[Any, Any], item: Work, now: datetime) -> None:
        react(self, replace(item, topic="no topic with versions"), now)

    patch.object(UnitOfWork, "_is_duplicate", never).start()
    patch.object(UnitOfWork, "_react", blind).start()


def believe_failure() -> None:
    """Count a commit without an answer as failed, and do not read the positions again."""

    async def believing(self: Ownership) -> None:
        self._hooks.invalidate()
        for (topic, partition), offset in self._partitions.offsets().items():
            self._inbox.seek(topic, partition, offset)

    patch.object(Ownership, "recover", believing).start()


def believe_fetch_position() -> None:
    """Take every fetched record, whatever its offset."""

    def all_of_them(
        self: OwnedPartitions, deliveries: Sequence[Delivery]
    ) -> tuple[list[Delivery], list[tuple[str, int, int]]]:
        return [delivery for delivery in deliveries if delivery.partition in self.owned()], []

    patch.object(OwnedPartitions, "expected", all_of_them).start()


def know_no_replies() -> None:
    """Run a version that does not know replies, next to services that know them."""
    base._by_type.pop(type_name(ReplyReceived))


def know_no_met() -> None:
    """A version from before it was said that a target was met, which only informs."""
    base._by_type.pop(type_name(TargetMet))


FAULTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (
        crash_before_commit, crash_before_send, crash_after_send, lose_answer, fail_commit,
        lose_the_rest, hold_batch, fail_reaction, position_outside, no_catch_up, no_deduplication,
        believe_failure, believe_fetch_position, know_no_replies, know_no_met, *TIMER_FAULTS,
    )
}  # fmt: skip


def main(faults: str, module: str) -> None:
    """Plant the faults in their order, and run the service."""
    for name in faults.split(","):
        FAULTS[name]()
    import_module(f"{module}.bootstrap").main()


if __name__ == "__main__":
    main(*sys.argv[1:])
