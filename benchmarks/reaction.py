"""Workflow's reaction without any server: the cost of deciding."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random

from case_definition.lookup.reference import Reference
from case_events.envelope import Delivery, Record
from case_events.runtime import Ids, OutboxEntry
from case_events.runtime.engine.owned_partitions import OwnedPartitions, PartitionState
from case_events.runtime.engine.pending_entries import entry
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import read_delivery
from case_events.runtime.ports import PartitionClaim
from case_events.wire.codec import Codec
from case_workflow.application.react import SERVICE

from benchmarks import backlog
from benchmarks.bare import BATCH
from benchmarks.figures import Table
from tests.support.real.platform import PARTITIONS
from tests.support.wire import codec

COUNT = 5_000


def measure() -> Table:
    """Records through the pure reaction, and through a unit of work that writes nothing.

    In processor time, because there is nothing to wait for, and the machine may be busy with other
    work.
    """
    records = backlog.new_cases(COUNT)
    _, reference = backlog.sample_tenant()
    deliveries = [delivered(placed) for placed in backlog.entries(records, codec)]
    reacted, react_took = timed(lambda: _react(records, reference))
    staged, unit_took = timed(lambda: take(deliveries, reference, codec))
    assert reacted == staged
    rows = [
        _row("the reaction alone: react(None, record)", react_took, react_took, reacted),
        _row("decode, react, stamp, encode, hash, headers", unit_took, react_took, staged),
    ]
    return Table("Workflow's reaction, without Kafka or PostgreSQL", rows)


def facts_per_case() -> int:
    """The number of events with which the history of a new case begins."""
    _, reference = backlog.sample_tenant()
    return _react(backlog.new_cases(1), reference)


def timed(run: Callable[[], int]) -> tuple[int, float]:
    """The result, and the seconds of processor time for it."""
    began = time.process_time()
    count = run()
    return count, time.process_time() - began


def _row(name: str, took: float, beside: float, facts: int) -> dict[str, str | int | float]:
    return {
        "what": name,
        "new cases": COUNT,
        "facts": facts,
        "facts/s": facts / took,
        "µs a fact": took / facts * 1e6,
        "x the reaction": took / beside,
    }


def _react(records: Sequence[Record], reference: Reference) -> int:
    return sum(len(SERVICE.react(None, record, reference).events) for record in records)


def take(deliveries: Sequence[Delivery], reference: Reference, codec: Codec) -> int:
    """The work of the runtime between a fetch and a commit, in its batches."""
    partitions, ids, now = OwnedPartitions(), Ids(Random(7)), datetime.now(UTC)
    for partition in range(PARTITIONS):
        partitions.own(partition, PartitionState(PartitionClaim(partition, 1, ())), ())
    facts = 0
    for start in range(0, len(deliveries), BATCH):
        unit = UnitOfWork(SERVICE, reference, partitions, PARTITIONS, ids, codec)
        for delivery in deliveries[start : start + BATCH]:
            unit.take(read_delivery(delivery, codec), now)
        partitions.moved(unit.position_updates.values())
        assert not unit.parked, unit.parked[0]
        facts += len([entry(staged, 1, PARTITIONS, codec) for staged in unit.pending])
    return facts


def delivered(placed: OutboxEntry) -> Delivery:
    """A record as a client of Kafka would deliver it."""
    return Delivery(
        topic=placed.topic,
        partition=placed.partition,
        offset=placed.sequence - 1,
        key=placed.key,
        headers=placed.headers,
        value=placed.value,
        source=placed.headers["ce_source"],
        sequence=placed.sequence,
    )
