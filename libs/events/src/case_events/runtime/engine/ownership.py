"""Ownership of partitions: how a replica claims, releases, and resumes them after a failure."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import structlog
from msgspec import Struct

from case_events.runtime.engine.owned_partitions import PartitionState
from case_events.runtime.engine.owned_state import OwnedState
from case_events.runtime.ports import Inbox, Log, PartitionClaim, Unavailable

logger = structlog.get_logger()
PAUSE = 0.2
"""Seconds between attempts while the log or the broker cannot be reached."""


class Member(Struct, frozen=True):
    """The identity of a replica in the group of its service, and the topics that it reads."""

    name: str
    topics: Sequence[str]


class Hooks(Struct, frozen=True):
    """Callbacks for changes of ownership.

    `invalidate`: everything in memory may be stale. `on_assigned`: partitions were claimed or
    resumed. `alive`: the replica still waits for the log. `rebalanced`: the group has changed.
    """

    invalidate: Callable[[], None]
    on_assigned: Callable[[], None]
    alive: Callable[[], None]
    rebalanced: Callable[[Literal["assigned", "revoked"]], None]


class Ownership:
    """Claims and releases partitions when the inbox reports a change. It waits for the current
    batch.

    `processing` is locked while a batch is processed.
    """

    def __init__(
        self,
        log: Log,
        inbox: Inbox,
        owned: OwnedState,
        member: Member,
        processing: asyncio.Lock,
        hooks: Hooks,
    ) -> None:
        self._log, self._inbox, self._member = log, inbox, member
        self._partitions, self._clock = owned.partitions, owned.clock
        self._processing, self._hooks = processing, hooks
        self.joined = False
        """Whether the group has assigned partitions to this replica, or none at all."""

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Claim partitions: raise their epochs, and read from the positions in the log."""
        async with self._processing:
            if partitions:
                await self._until_reached(lambda: self._claim(partitions))
        self.joined = True
        self._hooks.rebalanced("assigned")
        logger.info("assigned", partitions=list(partitions))

    async def revoked(self, partitions: Sequence[int]) -> None:
        """Release partitions, after the current batch."""
        async with self._processing:
            self._partitions.release(partitions)
            self._hooks.invalidate()
        self._hooks.rebalanced("revoked")
        logger.info("revoked", partitions=list(partitions))

    async def recover(self) -> None:
        """Reload everything from the log, after a commit that failed or may have failed."""
        self._hooks.invalidate()
        await self._until_reached(self._resume)

    async def _until_reached(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat a step until the log and the broker were reachable throughout."""
        while True:
            try:
                return await step()
            except Unavailable as error:
                logger.warning("waiting for the log", why=str(error))
                self._hooks.alive()
                await asyncio.sleep(PAUSE)

    async def _claim(self, partitions: Sequence[int]) -> None:
        await self._own(await self._log.claim(partitions, self._member.name))

    async def _resume(self) -> None:
        epochs = self._partitions.epochs()
        claims = await self._log.resume(epochs)
        self._partitions.release(set(epochs) - {claim.partition for claim in claims})
        await self._own(claims)

    async def _own(self, claims: Sequence[PartitionClaim]) -> None:
        parked = await self._log.parked([claim.partition for claim in claims])
        for claim in claims:
            cases = {record.case for record in parked if record.partition == claim.partition}
            partition = PartitionState(claim)
            for topic in self._member.topics:
                if topic not in partition.next_offset:
                    first = await self._inbox.first_offset(topic, claim.partition)
                    partition.next_offset[topic] = first
                self._inbox.seek(topic, claim.partition, partition.next_offset[topic])
            self._partitions.own(claim.partition, partition, cases)
        self._clock.sync(await self._log.now())
        self._hooks.on_assigned()
