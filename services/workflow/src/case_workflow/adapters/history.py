"""Reads the case history from workflow's log, and verifies it.

The `eventsourcing` library reads cases and partitions. It has no async interface, so it runs in
threads. Queries that find cases by anything but their id are SQL.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import msgspec
from case_events.contracts import CLOCK_EVENTS
from case_events.contracts.base import type_name
from case_events.contracts.upcasting import read_as
from case_events.runtime import Unavailable, WriteRejected
from case_events.runtime.postgres import Pool, connection, load_statements
from case_events.wire.codec import Codec
from eventsourcing import persistence

from case_workflow.adapters.case_history import CaseHistory
from case_workflow.adapters.chain import ChainLink, Verification, Verified
from case_workflow.adapters.history_views import (
    LogEntry,
    LogPage,
    PartitionEnd,
    RecordedEvent,
    recorded_event,
)
from case_workflow.adapters.log_recorder import LogRecorder, RowSource
from case_workflow.domain.clocks.dormant import dormant_prefix

AT_ONCE = 2000
MAX_VERIFYING = 2
"""Partitions that are verified at the same time: the database selects the events of one while the
events of the other are verified."""
CLOCK_TYPES = [name for event in CLOCK_EVENTS for name in read_as(type_name(event))]

STATEMENTS = load_statements("case_workflow.adapters", "history")

T = TypeVar("T")


class HistoryReader:
    """Reads the histories of all cases in one workflow database.

    Every method raises `Unavailable` if the database cannot be reached.
    """

    def __init__(self, pool: Pool, datastore: RowSource, codec: Codec) -> None:
        self._pool, self._datastore, self._codec = pool, datastore, codec
        self._cases = CaseHistory(lambda partition=None: LogRecorder(datastore, partition), codec)

    async def cases_of(self, tenant: str, reference: str) -> list[UUID]:
        """The ids of the cases with a reference: none, one, or two if several tenants have such a
        case and `tenant` is empty."""
        rows = await self._rows(
            STATEMENTS["cases_of_reference"], {"reference": reference, "tenant": tenant}
        )
        return [case for (case,) in rows]

    async def events(self, case: UUID) -> list[RecordedEvent]:
        """Every event of a case, in the order of the versions."""
        return await _in_thread(self._events, case)

    def _events(self, case: UUID) -> list[RecordedEvent]:
        mapper = self._cases.mapper
        return [
            recorded_event(mapper.to_domain_event(event), event.state)
            for event in self._cases.recorder.select_events(case)
        ]

    async def records(self, case: UUID) -> list[bytes]:
        """The encoded records of a case in the order of the versions, with open personal parts."""
        events = await _in_thread(self._cases.recorder.select_events, case)
        return [self._codec.opened(event.state) for event in events]

    async def ends(self) -> list[PartitionEnd]:
        """The end of every partition of the log, in the order of the partitions."""
        return [PartitionEnd(*row) for row in await self._rows(STATEMENTS["partition_ends"])]

    async def page(self, partition: int, after: int, limit: int) -> LogPage:
        """At most `limit` events of a partition after the position `after`, in order."""
        return await _in_thread(self._page, partition, after, limit)

    def _page(self, partition: int, after: int, limit: int) -> LogPage:
        log = self._cases.follow(partition)
        last = log.recorder.max_notification_id() or 0
        events = log.select(after, limit, inclusive_of_start=False)
        return LogPage(
            partition=partition,
            events=[LogEntry(event.id, msgspec.Raw(event.state)) for event in events],
            last=max(last, events[-1].id) if events else last,
        )

    async def verify(self, case: UUID | None = None) -> Verified:
        """Recompute the hash chain of a case; of all cases, if none is given."""
        if case is not None:
            return await _in_thread(self._verify_case, case)
        at_once = asyncio.Semaphore(MAX_VERIFYING)

        async def verified(partition: int) -> Verified:
            async with at_once:
                return await _in_thread(self._verify_partition, partition)

        partitions = [verified(end.partition) for end in await self.ends()]
        found = sum(await asyncio.gather(*partitions), Verified())
        return found + await _in_thread(self._verify_vanished)

    def _verify_case(self, case: UUID) -> Verified:
        verification = Verification(self._heads, self._codec)
        verification.expect([case])
        verification.take(self._cases.recorder.select_events(case))
        return verification.result()

    def _verify_partition(self, partition: int) -> Verified:
        verification = Verification(self._heads, self._codec)
        for page in self._cases.pages(partition):
            verification.take(page)
        return verification.result()

    def _verify_vanished(self) -> Verified:
        """The flaws of cases that have a snapshot and no event."""
        verification = Verification(self._heads, self._codec)
        rows = self._datastore.rows(STATEMENTS["cases_without_events"], ())
        verification.expect([case for (case,) in rows])
        return verification.result()

    def _heads(self, cases: Sequence[UUID]) -> dict[UUID, ChainLink]:
        rows = self._datastore.rows(STATEMENTS["chain_heads"], (cases,))
        return {case: ChainLink(version, digest) for case, version, digest in rows}

    async def created(
        self, tenant: str, since: datetime, until: datetime
    ) -> AsyncIterator[list[bytes]]:
        """The records that move clocks, of the cases that a tenant received from `since` until
        `until` (not included). The records of a case follow each other, in order."""
        asked = [tenant, since, until, CLOCK_TYPES]
        async for values in self._values(STATEMENTS["created_between"], asked):
            yield values

    async def open(self, tenant: str, customer: str) -> AsyncIterator[list[bytes]]:
        """The records that move clocks, of the open cases of a customer. The records of a case
        follow each other, in order."""
        stem = dormant_prefix(tenant, customer)
        asked = [stem, stem + "\U0010ffff", CLOCK_TYPES]
        async for values in self._values(STATEMENTS["open_cases"], asked):
            yield values

    async def _rows(
        self, query: LiteralString, values: dict[str, str] | None = None
    ) -> list[tuple[Any, ...]]:
        async with connection(self._pool) as db:
            return await (await db.execute(query, values)).fetchall()

    async def _values(self, query: LiteralString, asked: list[Any]) -> AsyncIterator[list[bytes]]:
        async with connection(self._pool) as db, db.cursor(name="records") as cursor:
            await cursor.execute(query, asked)
            while rows := await cursor.fetchmany(AT_ONCE):
                yield [self._codec.opened(value) for (value,) in rows]


async def _in_thread(read: Callable[..., T], *values: Any) -> T:
    """The result of a function that reads through the library, run in a thread.

    Translates the errors of the library to those of the runtime's ports.
    """
    try:
        return await asyncio.to_thread(read, *values)
    except (
        persistence.OperationalError, persistence.InterfaceError, persistence.InternalError,
    ) as error:  # fmt: skip
        raise Unavailable(str(error)) from error
    except persistence.DatabaseError as error:
        raise WriteRejected(str(error)) from error
