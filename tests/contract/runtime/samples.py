"""Entries, deliveries and what else a log is given."""

from datetime import UTC, datetime
from uuid import UUID

from case_events.envelope import Delivery
from case_events.kernel import Effect
from case_events.runtime import OutboxEntry
from case_events.runtime.ports import Epochs, Log

A, B = UUID(int=1), UUID(int=2)
LONG_AGO = (datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0))
"""Where whoever reads all timers begins."""


def entry(
    sequence: int, partition: int = 0, case: UUID = A, version: int = 0, topic: str = "intake"
) -> OutboxEntry:
    """An entry of a log, as the codec would make its headers."""
    return OutboxEntry(
        partition=partition,
        sequence=sequence,
        topic=topic,
        target_partition=partition,
        key=str(case),
        case=case,
        version=version,
        type="nl.casefold.test.v1",
        headers={"ce_source": f"test/{partition}", "ce_sequence": str(sequence)},
        value=b'{"n": %d}' % sequence,
    )


def delivery(offset: int) -> Delivery:
    """A record as a broker hands it over; its bytes need not be text."""
    return Delivery(
        topic="intake",
        partition=0,
        offset=offset,
        key=str(A),
        headers={"ce_source": "x/0"},
        value=b"\xff\x00{",
        source="x/0",
        sequence=offset + 1,
    )


def effect(key: str) -> Effect:
    """An effect."""
    return Effect(key=key, kind="mail", payload=b"\x00\xff")


async def owned(log: Log, *partitions: int, owner: str = "one") -> dict[int, int]:
    """Claim partitions; their epochs."""
    return {claim.partition: claim.epoch for claim in await log.claim(partitions or (0,), owner)}


async def append(log: Log, epochs: Epochs, partition: int, count: int) -> None:
    """Put so many entries in the log, in one transaction."""
    async with log.transaction(epochs) as tx:
        first = (await tx.next_sequences({partition: count}))[partition]
        await tx.append([entry(first + n, partition) for n in range(count)])
