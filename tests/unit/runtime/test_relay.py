"""The relay: everything in the log goes out in its order, and what is at hand is not read back."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest
from case_events.runtime import OutboxEntry, Unavailable
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions, PartitionState
from case_events.runtime.engine.relay import Relay
from case_events.testing import virtual_time
from case_events.testing.memory import Faults, MemoryBus, MemoryLog, MemoryPublisher

from tests.contract.runtime.samples import entry
from tests.unit.runtime.world import START

PARTITION_NUMBERS = (0, 1)


class Written:
    """A log with an owner, who hands what it writes to its relay, and others who write beside."""

    def __init__(self) -> None:
        self.faults, self.bus = Faults(), MemoryBus(len(PARTITION_NUMBERS))
        self.log = MemoryLog(START, self.faults)
        self.partitions, self.looks = OwnedPartitions(), 0
        publisher = MemoryPublisher(self.bus, self.faults)
        self.relay = Relay(self.log, publisher, self.partitions, Metrics(), 60.0)
        self.faults.rule("unpublished", self._looked)

    async def _looked(self, _: object) -> None:
        self.looks += 1

    async def own(self) -> None:
        """Own all partitions from now on."""
        for claim in await self.log.claim(PARTITION_NUMBERS, "one"):
            self.partitions.own(claim.partition, PartitionState(claim), ())
        self.relay.invalidate()

    async def write(self, partition: int, count: int, *, owner: bool) -> None:
        """So many records; those of others are only told of."""
        async with self.log.transaction(self.partitions.epochs() if owner else {}) as tx:
            first = (await tx.next_sequences({partition: count}))[partition]
            entries = [entry(first + place, partition) for place in range(count)]
            await tx.append(entries)
        if owner:
            self.relay.hand(entries)
        else:
            self.relay.wake()

    async def publish(self) -> bool:
        """Whether it went out; after a failure the log is asked again."""
        try:
            await self.relay.publish()
        except Unavailable:
            self.relay.invalidate()
            return False
        return True

    def published(self, partition: int) -> list[int]:
        """The places in the log of what is in a partition, without what came again."""
        places: list[int] = []
        for record in self.bus.records("intake"):
            if record.partition == partition and record.sequence not in places:
                places.append(record.sequence)
        return places

    def all_went_out(self) -> bool:
        """Whether each partition's log went out whole and in its order."""
        written = self.log.state.entries
        return all(
            self.published(partition) == [each.sequence for each in written[partition]]
            for partition in PARTITION_NUMBERS
        )


def test_what_is_at_hand_is_not_read_back() -> None:
    async def trial() -> None:
        world = Written()
        await world.own()
        await world.write(0, 3, owner=True)
        await world.relay.publish()
        world.looks = 0
        for count in (1, 5, 2):
            await world.write(0, count, owner=True)
            await world.relay.publish()
        assert world.all_went_out()
        assert world.looks == 0

    virtual_time.run(trial())


def test_what_is_written_during_a_backlog_is_not_read_back() -> None:
    """Issue 12, point 1: a writer that is faster than the broker does not make the relay read every
    record from the log."""

    async def trial() -> None:
        world = Written()
        await world.own()
        left = 20

        async def write_more(_: object) -> None:
            nonlocal left
            left -= 1
            if left > 0:
                await world.write(left % 2, 3, owner=True)

        world.faults.rule("send", write_more)
        await world.write(0, 3, owner=True)
        await world.write(1, 3, owner=True)
        await world.relay.publish()
        assert world.all_went_out()
        assert left <= 0
        assert world.looks <= 3

    virtual_time.run(trial())


def test_a_busy_partition_does_not_keep_another_one_waiting() -> None:
    """What others wrote to one partition goes out while the records of another are in memory."""

    async def trial() -> None:
        world = Written()
        await world.own()
        await world.write(0, 1, owner=True)
        await world.relay.publish()
        left = 20

        async def write_more(_: object) -> None:
            nonlocal left
            left -= 1
            if left == 15:
                await world.write(1, 1, owner=False)
            if left > 0:
                await world.write(0, 1, owner=True)
            if left == 10:
                assert world.published(1) == [1]

        world.faults.rule("send", write_more)
        await world.write(0, 1, owner=True)
        await world.relay.publish()
        assert left <= 0
        assert world.all_went_out()

    virtual_time.run(trial())


async def busy_log(seed: int) -> bool:
    """Owner and others write, also while the relay is at work; sends and marks fail, ownership is
    in doubt; all went out?"""
    world, chance = Written(), Random(seed)
    await world.own()

    async def write_meanwhile(_: object) -> None:
        if chance.random() < 0.3:
            await world.write(chance.choice(PARTITION_NUMBERS), chance.randrange(1, 4),
                              owner=chance.random() < 0.7)  # fmt: skip

    steps = ("send", "unpublished", "mark_published")
    for step in steps:
        world.faults.rule(step, write_meanwhile)
    for _ in range(80):
        for _ in range(chance.randrange(4)):
            await world.write(chance.choice(PARTITION_NUMBERS), chance.randrange(1, 4),
                              owner=chance.random() < 0.7)  # fmt: skip
        for step in ("send", "acknowledge", "mark_published"):
            if chance.random() < 0.1:
                world.faults.plan(step, Unavailable("gone"))
        if chance.random() < 0.1:
            await world.own()
        await world.publish()
    for step in steps:
        world.faults.rule(step, None)
    while not await world.publish():
        pass
    return world.all_went_out()


@pytest.mark.parametrize("seed", range(20))
def test_everything_goes_out_in_the_order_of_the_log(seed: int) -> None:
    """Whoever wrote it, whatever breaks."""
    assert virtual_time.run(busy_log(seed))


def test_what_does_not_follow_on_must_not_go_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check that it follows on, taken out: what others wrote in between is passed over."""

    def hand(self: Relay, entries: Sequence[OutboxEntry]) -> None:
        for each in entries:
            self._at_hand.setdefault(each.partition, []).append(each)

    monkeypatch.setattr(Relay, "hand", hand)
    assert not all(virtual_time.run(busy_log(seed)) for seed in range(5))


def test_what_waits_in_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the broker is away the rest stays in the log alone, and follows from there."""
    monkeypatch.setattr("case_events.runtime.engine.relay.AT_HAND", 5)

    async def trial() -> None:
        world = Written()
        await world.own()
        await world.write(0, 1, owner=True)
        await world.relay.publish()
        for _ in range(10):
            await world.write(0, 2, owner=True)
        assert sum(map(len, world.relay._at_hand.values())) == 5
        await world.relay.publish()
        assert world.all_went_out()

    virtual_time.run(trial())


@pytest.mark.parametrize("owner", [True, False])
def test_more_than_is_taken_at_once_goes_out(owner: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backlog in memory, or in the log alone, goes out piece by piece."""
    monkeypatch.setattr("case_events.runtime.engine.relay.AT_ONCE", 3)

    async def trial() -> None:
        world = Written()
        await world.own()
        for partition in PARTITION_NUMBERS:
            await world.write(partition, 1, owner=True)
        await world.relay.publish()
        for partition in PARTITION_NUMBERS:
            await world.write(partition, 10, owner=owner)
        await world.relay.publish()
        assert world.all_went_out()

    virtual_time.run(trial())


def test_a_running_relay_finds_what_it_was_not_told_of() -> None:
    async def trial() -> None:
        world = Written()
        await world.own()
        running = asyncio.create_task(world.relay.run())
        await world.write(0, 1, owner=True)
        await asyncio.sleep(1)
        async with world.log.transaction({}) as tx:
            await tx.append([entry((await tx.next_sequences({0: 1}))[0])])
        await asyncio.sleep(61)
        assert world.all_went_out()
        running.cancel()

    virtual_time.run(trial())
