"""The contract of the `Inbox` and `Publisher` ports, tested on each other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps

import pytest
from case_events.envelope import Delivery
from case_events.runtime.ports import Inbox
from case_events.testing import virtual_time
from case_events.testing.memory import MemoryInbox

from tests.contract.runtime.conftest import Broker, BrokerUnderTest, memory_broker
from tests.contract.runtime.samples import entry

LIMIT = 100


class Listener:
    """Hears of partitions, and reads every topic of them from the start."""

    def __init__(self, inbox: Inbox, topics: Sequence[str]) -> None:
        self.inbox, self.topics = inbox, topics
        self.partitions: set[int] = set()
        self.changed = asyncio.Event()

    async def assigned(self, partitions: Sequence[int]) -> None:
        self.partitions |= set(partitions)
        for partition in partitions:
            for topic in self.topics:
                self.inbox.seek(topic, partition, 0)
        self.changed.set()

    async def revoked(self, partitions: Sequence[int]) -> None:
        self.partitions -= set(partitions)
        self.changed.set()

    async def until(self, partitions: set[int], *also: Inbox) -> None:
        """Take until these partitions are ours, and let the other inboxes take part."""
        async with asyncio.timeout(60):
            while self.partitions != partitions:
                for inbox in (self.inbox, *also):
                    await inbox.take(0.05, LIMIT)


def with_broker(test: Callable[[Broker], Awaitable[None]]) -> Callable[[BrokerUnderTest], None]:
    """Run a test on a broker."""

    @wraps(test)
    def run(brokers: BrokerUnderTest) -> None:
        async def main() -> None:
            async with brokers.open() as broker:
                await test(broker)

        brokers.run(main())

    del run.__wrapped__
    return run


async def started(broker: Broker) -> tuple[Inbox, Listener]:
    """An inbox that has its partitions."""
    inbox = broker.inbox()
    listener = Listener(inbox, [broker.prefix + "intake", broker.prefix + "commands"])
    await inbox.start(listener)
    return inbox, listener


async def taken(inbox: Inbox, count: int, at_once: int = LIMIT) -> list[Delivery]:
    """Take until so many records are there."""
    found: list[Delivery] = []
    async with asyncio.timeout(30):
        while len(found) < count:
            found += await inbox.take(0.5, at_once)
    return found


@with_broker
async def test_records_come_in_order_per_partition_with_their_source_and_place(
    broker: Broker,
) -> None:
    inbox, listener = await started(broker)
    topic = broker.prefix + "intake"
    try:
        await listener.until({0, 1})
        await broker.publisher.send(
            [entry(n, partition, topic=topic) for n in (1, 2) for partition in (0, 1)]
        )
        await broker.publisher.send([entry(n, 0, topic=topic) for n in range(3, 60)])
        found = await taken(inbox, 61)
        for partition, last in ((0, 59), (1, 2)):
            line = [d for d in found if d.partition == partition]
            assert [d.sequence for d in line] == list(range(1, last + 1))
            assert [d.offset for d in line] == list(range(last))
        first = next(d for d in found if d.partition == 1)
        assert (first.topic, first.source, first.value) == (topic, "test/1", b'{"n": 1}')
        assert first.key == entry(1).key
        assert await inbox.end_offsets(0) == {topic: 59, broker.prefix + "commands": 0}
        assert await inbox.first_offset(topic, 0) == 0
        await inbox.commit_offsets({(topic, 0): 59})
    finally:
        await inbox.stop()


@with_broker
async def test_a_seek_is_where_it_reads_on(broker: Broker) -> None:
    inbox, listener = await started(broker)
    topic = broker.prefix + "intake"
    try:
        await listener.until({0, 1})
        await broker.publisher.send([entry(n, 0, topic=topic) for n in range(1, 6)])
        assert len(await taken(inbox, 5)) == 5
        inbox.seek(topic, 0, 3)
        assert [d.offset for d in await taken(inbox, 2)] == [3, 4]
        inbox.seek(topic, 7, 3)  # not ours: nothing happens
        assert await inbox.take(0.1, LIMIT) == []
    finally:
        await inbox.stop()


@with_broker
async def test_a_seek_leaves_nothing_of_what_was_fetched_before(broker: Broker) -> None:
    inbox, listener = await started(broker)
    topic = broker.prefix + "intake"
    try:
        await listener.until({0, 1})
        await broker.publisher.send([entry(n, 0, topic=topic) for n in range(1, 301)])
        found = await taken(inbox, 20, at_once=20)
        for offset in (2, 30, 0, 280):
            inbox.seek(topic, 0, offset)
            assert (await taken(inbox, 1))[0].offset == offset
        inbox.seek(topic, 0, 20)
        found += await taken(inbox, 280)
        assert [d.offset for d in found] == list(range(300))
    finally:
        await inbox.stop()


@with_broker
async def test_a_take_gives_no_more_than_was_asked(broker: Broker) -> None:
    inbox, listener = await started(broker)
    topic = broker.prefix + "intake"
    try:
        await listener.until({0, 1})
        await broker.publisher.send([entry(n, n % 2, topic=topic) for n in range(1, 51)])
        found = await inbox.take(30, 1)
        assert len(found) == 1
        while len(found) < 50:
            more = await inbox.take(30, 7)
            assert 0 < len(more) <= 7
            found += more
        for partition in (0, 1):
            assert [d.offset for d in found if d.partition == partition] == list(range(25))
    finally:
        await inbox.stop()


@with_broker
async def test_a_take_ends_when_woken_and_by_itself(broker: Broker) -> None:
    inbox, listener = await started(broker)
    try:
        await listener.until({0, 1})
        await inbox.take(0.2, LIMIT)  # it may have been woken by its assignment
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await inbox.take(0.2, LIMIT) == []
        assert 0.1 < loop.time() - began < 30
        loop.call_later(0.1, inbox.wake)
        began = loop.time()
        assert await inbox.take(60, LIMIT) == []
        assert loop.time() - began < 30
    finally:
        await inbox.stop()


@with_broker
async def test_partitions_are_shared_in_a_group_and_come_back(broker: Broker) -> None:
    one, first = await started(broker)
    await first.until({0, 1})
    two, second = await started(broker)
    try:
        async with asyncio.timeout(60):
            while not (len(first.partitions) == len(second.partitions) == 1):
                await one.take(0.05, LIMIT)
                await two.take(0.05, LIMIT)
        assert first.partitions | second.partitions == {0, 1}
    finally:
        await two.stop()
    try:
        await first.until({0, 1})
    finally:
        await one.stop()


def test_a_seek_that_does_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: partitions are read from their start, and never anywhere else."""
    seek = MemoryInbox.seek

    def deaf(self: MemoryInbox, topic: str, partition: int, offset: int) -> None:
        if (topic, partition) not in self._next:
            seek(self, topic, partition, offset)

    monkeypatch.setattr(MemoryInbox, "seek", deaf)
    for test in (
        test_a_seek_is_where_it_reads_on,
        test_a_seek_leaves_nothing_of_what_was_fetched_before,
    ):
        with pytest.raises((AssertionError, TimeoutError)):
            test(BrokerUnderTest(memory_broker, virtual_time.run))
