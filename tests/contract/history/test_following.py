"""Whoever follows the log gets every event once and in order, whatever order commits come in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, closing
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from case_events.runtime.ports import Log
from case_workflow.adapters.case_history import CaseHistory
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from tests.contract.history.logs import LogUnderTest, append, entries, in_postgres
from tests.support.real.servers import Databases
from tests.support.wire import codec

PARTITIONS = (0, 1, 2)


class Writing(NamedTuple):
    """A transaction that has written an event and has not ended."""

    ends: AsyncExitStack
    case: UUID


async def write(log: Log, partition: int) -> Writing:
    """Write one event of a new case to a partition, and do not commit yet."""
    ends, case = AsyncExitStack(), uuid4()
    tx = await ends.enter_async_context(log.transaction({}))
    first = (await tx.next_sequences({partition: 1}))[partition]
    await tx.append(entries(partition, first, [StoredEvent(case, 1, "topic", b"{}")]))
    return Writing(ends, case)


async def commit(writing: Writing) -> None:
    await writing.ends.aclose()


async def roll_back(writing: Writing) -> None:
    error = RuntimeError("rolled back")
    with pytest.raises(RuntimeError):
        if not await writing.ends.__aexit__(RuntimeError, error, None):
            raise error


class Following:
    """Follows every partition, each from the position that it had."""

    def __init__(self, log: LogUnderTest) -> None:
        self._history = CaseHistory(log.recorders, codec)
        self._after = dict.fromkeys(PARTITIONS, 0)
        self.had: list[UUID] = []

    def look(self) -> list[UUID]:
        """What has come since the last look."""
        came = []
        for partition in PARTITIONS:
            for page in self._history.pages(partition, self._after[partition]):
                came += [event.originator_id for event in page]
                self._after[partition] = page[-1].id
        self.had += [case for case in came if isinstance(case, UUID)]
        return self.had[-len(came) :] if came else []


@pytest.fixture
def real(database: str) -> Iterator[LogUnderTest]:
    """The log in PostgreSQL."""
    with in_postgres(database) as log:
        yield log


@pytest.mark.real
def test_no_event_is_lost_where_partitions_commit_out_of_order(real: LogUnderTest) -> None:
    follows = Following(real)
    early = real.run(write(real.log, 0))
    late = real.run(write(real.log, 1))
    real.run(commit(late))
    assert follows.look() == [late.case]
    real.run(commit(early))
    assert follows.look() == [early.case]
    assert follows.look() == []


@pytest.mark.real
def test_the_same_follower_over_ids_of_all_partitions_loses_one(
    database: str, real: LogUnderTest
) -> None:
    """So the test before bites: this is the view that there was, read by the stock recorder."""
    with psycopg.connect(database, autocommit=True) as db:
        db.execute("ALTER TABLE log ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY")
        db.execute(
            "CREATE VIEW by_id AS SELECT case_id AS originator_id, version AS originator_version,"
            " type AS topic, value AS state, id AS notification_id FROM log WHERE version > 0"
        )
    with closing(stock_datastore(database)) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="by_id")
        early = real.run(write(real.log, 0))
        late = real.run(write(real.log, 1))
        real.run(commit(late))
        [first] = recorder.select_notifications(None, 10)
        assert first.originator_id == late.case
        real.run(commit(early))
        assert recorder.select_notifications(first.id, 10, inclusive_of_start=False) == []
        assert len(recorder.select_notifications(None, 10)) == 2


@pytest.mark.real
def test_the_stock_recorder_follows_partition_by_partition(
    database: str, real: LogUnderTest
) -> None:
    """On the view `stored_events`: the partition in the high bits of an id, its bounds as stop."""
    with closing(stock_datastore(database)) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        early = real.run(write(real.log, 0))
        late = real.run(write(real.log, 1))
        real.run(commit(late))
        assert followed(recorder, 0, 0) == []
        [(_, case)] = followed(recorder, 1, 0)
        assert case == late.case
        real.run(commit(early))
        [(_, case)] = followed(recorder, 0, 0)
        assert case == early.case
        assert followed(recorder, 1, 1) == []


def followed(
    recorder: ApplicationRecorder, partition: int, after: int
) -> list[tuple[int, UUID | str]]:
    first, last = partition << 40, ((partition + 1) << 40) - 1
    found = recorder.select_notifications(first + after, 10, last, inclusive_of_start=False)
    return [(one.id - first, one.originator_id) for one in found]


def stock_datastore(url: str) -> PostgresDatastore:
    parts = urlsplit(url)
    return PostgresDatastore(
        dbname=parts.path.strip("/"), host=parts.hostname or "", port=parts.port or 0,
        user=parts.username or "", password=parts.password or "",
    )  # fmt: skip


@pytest.mark.real
def test_nobodys_long_transaction_holds_a_follower_up(
    databases: Databases, database: str, real: LogUnderTest
) -> None:
    """Neither of another service in the same server, nor of another partition of the same log."""
    follows = Following(real)
    with psycopg.connect(databases.fresh()) as other, psycopg.connect(database) as here:
        held = other.execute("SELECT pg_current_xact_id()").fetchone()
        other_partition = real.run(write(real.log, 2))
        real.run(commit(written := real.run(write(real.log, 0))))
        oldest = here.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())").fetchone()
        assert held is not None
        assert oldest is not None
        assert int(oldest[0]) <= int(held[0]), "whoever waited for the oldest would wait for it"
        assert follows.look() == [written.case]
    real.run(commit(other_partition))
    assert follows.look() == [other_partition.case]


@pytest.mark.parametrize("seed", range(12))
def test_every_event_is_had_once_and_in_order(log: LogUnderTest, seed: int) -> None:
    """Writers that begin, commit, roll back and are looked at in any order."""
    chance, follows = Random(seed), Following(log)
    writing: dict[int, Writing] = {}
    committed: defaultdict[int, list[UUID]] = defaultdict(list)
    for _ in range(40):
        partition = chance.choice(PARTITIONS)
        if chance.random() < 0.3:
            follows.look()
        elif partition not in writing:
            writing[partition] = log.run(write(log.log, partition))
        elif chance.random() < 0.8:
            done = writing.pop(partition)
            log.run(commit(done))
            committed[partition].append(done.case)
        else:
            log.run(roll_back(writing.pop(partition)))
    for one in writing.values():
        log.run(roll_back(one))
    follows.look()
    for partition in PARTITIONS:
        of_it = set(committed[partition])
        assert [case for case in follows.had if case in of_it] == committed[partition]
    assert len(follows.had) == sum(map(len, committed.values()))
    assert follows.had, "nothing was written"


def test_pages_go_on_where_the_last_one_ended(
    log: LogUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("case_workflow.adapters.case_history.PAGE", 2)
    events = [StoredEvent(uuid4(), 1, "topic", b"{}") for _ in range(5)]
    for event in events:
        log.run(append(log.log, 1, [event]))
    history = CaseHistory(log.recorders, codec)
    pages: list[Sequence[Any]] = list(history.pages(1))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one.originator_id for page in pages for one in page] == [
        event.originator_id for event in events
    ]
    assert list(history.pages(1, after=5)) == []
