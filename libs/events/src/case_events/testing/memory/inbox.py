"""The inbox in memory, and the consumer group of a service's replicas."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from case_events.envelope import Delivery
from case_events.runtime.ports import RebalanceListener
from case_events.testing.memory.bus import MemoryBus
from case_events.testing.memory.faults import Faults


class MemoryInbox:
    """Implements the `Inbox` port on a `MemoryBus`.

    Alone, it owns `partitions` from `start` on. As a member of a `MemoryGroup` it owns the
    partitions that the group assigns.
    """

    def __init__(
        self,
        bus: MemoryBus,
        topics: Sequence[str],
        partitions: Iterable[int] = (),
        faults: Faults | None = None,
        group: "MemoryGroup | None" = None,
    ) -> None:
        self.bus, self.topics, self.faults = bus, tuple(topics), faults or Faults()
        self.partitions = set(partitions)
        self.committed: dict[tuple[str, int], int] = {}
        self._group = group
        self._next: dict[tuple[str, int], int] = {}
        self._listener: RebalanceListener | None = None
        self._stirred = asyncio.Event()

    async def start(self, listener: RebalanceListener) -> None:
        self._listener = listener
        self.bus.subscribe(self._added)
        if self._group is not None:
            await self._group.join(self)
        elif self.partitions:
            await self.assign(self.partitions)

    async def stop(self) -> None:
        if self._listener is None:
            return
        self.bus.unsubscribe(self._added)
        if self._group is not None:
            await self._group.leave(self)
        await self.revoke(self.partitions)
        self._listener = None

    def kill(self) -> None:
        """Die as by SIGKILL: `stop` has no effect from now on."""
        self.bus.unsubscribe(self._added)
        self._listener = None

    async def assign(self, partitions: Iterable[int]) -> None:
        """Assign partitions to this replica and notify its listener."""
        gained = sorted(partitions)
        self.partitions |= set(gained)
        if gained and self._listener is not None:
            await self._listener.assigned(gained)
        self.wake()

    async def revoke(self, partitions: Iterable[int]) -> None:
        """Revoke partitions from this replica, and notify its listener before another replica gets
        them."""
        lost = sorted(partitions)
        if lost and self._listener is not None:
            await self._listener.revoked(lost)
        self.partitions -= set(lost)
        self._next = {place: at for place, at in self._next.items() if place[1] not in lost}

    async def take(self, wait: float, limit: int) -> list[Delivery]:
        await self.faults.reach("take", wait)
        await asyncio.sleep(0)
        found = self._fetch(limit)
        if not found:
            try:
                async with asyncio.timeout(wait):
                    await self._stirred.wait()
            except TimeoutError:
                return []
            found = self._fetch(limit)
        self._stirred.clear()
        return found

    def wake(self) -> None:
        self._stirred.set()

    def seek(self, topic: str, partition: int, offset: int) -> None:
        if partition in self.partitions:
            self._next[topic, partition] = offset
            self.wake()

    async def first_offset(self, topic: str, partition: int) -> int:
        await self.faults.reach("first_offset", (topic, partition))
        return self.bus.first_offset(topic, partition)

    async def end_offsets(self, partition: int) -> dict[str, int]:
        await self.faults.reach("end_offsets", partition)
        return {topic: self.bus.end_offset(topic, partition) for topic in self.topics}

    async def commit_offsets(self, offsets: Mapping[tuple[str, int], int]) -> None:
        await self.faults.reach("commit_offsets", offsets)
        self.committed.update(offsets)

    def _added(self, topic: str, partition: int) -> None:
        if partition in self.partitions and topic in self.topics:
            self.wake()

    def _fetch(self, limit: int) -> list[Delivery]:
        """Return the next records. A partition that returned some moves behind the others."""
        found: list[Delivery] = []
        for topic, partition in list(self._next):
            records = self.bus.read(
                topic, partition, self._next[topic, partition], limit - len(found)
            )
            if records:
                found += records
                del self._next[topic, partition]
                self._next[topic, partition] = records[-1].offset + 1
        return found


class MemoryGroup:
    """The replicas of one service. A rebalance moves as few partitions as possible."""

    def __init__(self, bus: MemoryBus, topics: Sequence[str]) -> None:
        self.bus, self.topics = bus, tuple(topics)
        self._members: list[MemoryInbox] = []
        self._balancing = asyncio.Lock()

    def inbox(self, faults: Faults | None = None) -> MemoryInbox:
        """Return the inbox of one more replica, which gets its partitions when it starts."""
        return MemoryInbox(self.bus, self.topics, faults=faults, group=self)

    def members(self) -> list[MemoryInbox]:
        """Return the replicas that have joined."""
        return list(self._members)

    async def join(self, member: MemoryInbox) -> None:
        """Add a replica, and rebalance."""
        async with self._balancing:
            self._members.append(member)
            await self._balance()

    async def leave(self, member: MemoryInbox) -> None:
        """Remove a replica that stops in order: revoke its partitions, then rebalance."""
        async with self._balancing:
            if member in self._members:
                self._members.remove(member)
                await member.revoke(member.partitions)
                await self._balance()

    async def lose(self, member: MemoryInbox) -> None:
        """Remove a replica whose session timed out. The others get its partitions and it is not
        notified: a zombie keeps working with the partitions that it believes it has."""
        async with self._balancing:
            self._members.remove(member)
            await self._balance()

    async def rejoin(self, member: MemoryInbox) -> None:
        """Add a lost replica again: it learns what it lost, then gets its share."""
        await member.revoke(member.partitions)
        await self.join(member)

    async def _balance(self) -> None:
        if not self._members:
            return
        shares = self._shares()
        for member in self._members:
            await member.revoke(member.partitions - shares[id(member)])
        for member in self._members:
            await member.assign(shares[id(member)] - member.partitions)

    def _shares(self) -> dict[int, set[int]]:
        """Return the partitions of each member: evenly distributed, with as few moves as
        possible."""
        least, over = divmod(self.bus.partition_count, len(self._members))
        by_size = sorted(self._members, key=lambda member: -len(member.partitions))
        sizes = {id(member): least + (place < over) for place, member in enumerate(by_size)}
        shares = {id(m): set(sorted(m.partitions)[: sizes[id(m)]]) for m in self._members}
        free = iter(sorted(set(range(self.bus.partition_count)) - set().union(*shares.values())))
        for member in self._members:
            share = shares[id(member)]
            share.update(next(free) for _ in range(sizes[id(member)] - len(share)))
        return shares
