"""Reference data is checked before it is applied, at every start anew."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from case_events.contracts.base import type_name
from case_events.contracts.reference import EntryChanged
from case_events.envelope import SYSTEM, Delivery, Record
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.reference import ReferenceReader
from case_events.testing.memory import MemoryLog
from case_events.topics import DIRECTORY
from case_events.wire.codec import Codec, delivery
from case_events.wire.keys import Keys
from case_events.wire.signing import Destination

from tests.support.wire import KEYS, codec

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FORGER = Codec(Keys(sealing=KEYS.sealing, signing={"casefold": {"test": b"a guess" * 8}}))


def entry(offset: int, name: str, by: Codec = codec, source: str = "casefold/0") -> Delivery:
    """An entry of the directory as it lies on its topic."""
    event = EntryChanged("contact", name, {"id": name})
    record = Record(
        id=UUID(int=offset), type=type_name(event), source=source, tenant="acme", occurred_at=NOW,
        recorded_at=NOW, actor=SYSTEM, channel="command", correlation=UUID(int=1), data=event,
    )  # fmt: skip
    value, key = by.encode(record), f"acme/contact/{name}"
    headers = by.headers(record, value, 0, Destination(DIRECTORY, 0, key))
    attributes = [(name, text.encode()) for name, text in headers.items()]
    return delivery(
        topic=DIRECTORY, partition=0, offset=offset, key=key.encode(), attributes=attributes,
        value=value,
    )  # fmt: skip


def read(log: MemoryLog, *found: Delivery, metrics: Metrics | None = None) -> list[str]:
    """What a replica applies that starts now and finds these records."""
    applied: list[str] = []
    metrics = metrics or Metrics()

    def apply(record: Record) -> None:
        assert isinstance(record.data, EntryChanged)
        applied.append(record.data.entry)

    async def start() -> None:
        reader = ReferenceReader(codec, log, metrics, apply)
        for one in found:
            await reader.take(one)

    asyncio.run(start())
    return applied


def test_a_forged_entry_is_held_and_the_others_count() -> None:
    log = MemoryLog(NOW)
    forged = entry(1, "intruder", FORGER)
    assert read(log, entry(0, "anna"), forged, entry(2, "bo")) == ["anna", "bo"]
    (held,) = asyncio.run(log.quarantined("waiting"))
    assert held.delivery == forged


def test_a_service_writes_no_reference_data() -> None:
    """Its signature is right; the topic is not its own."""
    log = MemoryLog(NOW)
    assert read(log, entry(0, "intruder", source="workflow/0")) == []
    assert len(log.state.quarantine) == 1


def test_what_is_released_is_applied_at_the_next_start_in_its_order() -> None:
    log = MemoryLog(NOW)
    found = [entry(0, "anna"), entry(1, "lost key", FORGER), entry(2, "bo")]
    assert read(log, *found) == ["anna", "bo"]
    assert asyncio.run(log.decide(1, "released", "it is ours"))
    assert read(log, *found) == read(log, *found) == ["anna", "lost key", "bo"]


def test_what_is_discarded_is_held_no_second_time() -> None:
    log = MemoryLog(NOW)
    forged = entry(0, "intruder", FORGER)
    assert read(log, forged) == []
    assert asyncio.run(log.decide(1, "discarded", "an attack"))
    assert read(log, forged) == []
    assert asyncio.run(log.quarantined("waiting")) == []


def test_what_cannot_be_read_stops_nothing() -> None:
    log, place = MemoryLog(NOW), Destination(DIRECTORY, 0, "acme/contact/x")
    headers = codec.signed({"ce_source": "casefold/0"}, b"{", place)
    attributes = [(name, text.encode()) for name, text in headers.items()]
    broken = delivery(
        topic=DIRECTORY, partition=0, offset=0, key=place.key.encode(), attributes=attributes,
        value=b"{",
    )  # fmt: skip
    assert read(log, broken, entry(1, "bo")) == ["bo"]
    assert log.state.quarantine == {}


def test_what_is_held_is_counted_at_each_start_until_an_operator_decides() -> None:
    """So the alarm does not end by a restart."""
    log = MemoryLog(NOW)
    found = [entry(0, "anna"), entry(1, "intruder", FORGER), entry(2, "another", FORGER)]

    def counted() -> float | None:
        metrics = Metrics()
        read(log, *found, metrics=metrics)
        sample = "casefold_quarantined_total"
        return metrics.registry.get_sample_value(sample, {"topic": DIRECTORY})

    assert counted() == counted() == 2
    assert asyncio.run(log.decide(1, "discarded", "somebody tried"))
    assert counted() == 1
    assert asyncio.run(log.decide(2, "released", "it is ours"))
    assert counted() is None
