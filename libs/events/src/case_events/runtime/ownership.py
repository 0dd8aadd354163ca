"""Which lanes this replica owns: taken over, let go, and believed again after doubt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import structlog
from msgspec import Struct

from case_events.runtime.lanes import Lane
from case_events.runtime.owned_state import OwnedState
from case_events.runtime.ports import Claim, Inbox, Interrupted, Log

logger = structlog.get_logger()
PAUSE = 0.2
"""Seconds between tries while the log or the broker cannot be reached."""


class Member(Struct, frozen=True):
    """A replica in the group of its service, and the topics that it reads."""

    name: str
    topics: Sequence[str]


class Hooks(Struct, frozen=True):
    """What is called where ownership changes.

    `doubt`: only the log knows how things stand. `taken`: lanes were taken over, or are believed
    again. `alive`: the log is still waited for. `rebalanced`: the group has changed.
    """

    doubt: Callable[[], None]
    taken: Callable[[], None]
    alive: Callable[[], None]
    rebalanced: Callable[[Literal["assigned", "revoked"]], None]


class Ownership:
    """Hears from the inbox that lanes come and go, and waits for the batch under way.

    `processing` is held while a batch is processed.
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
        self._lanes, self._clock = owned.lanes, owned.clock
        self._processing, self._hooks = processing, hooks
        self.joined = False
        """Whether the group has given this replica its part, be it nothing."""

    async def assigned(self, lanes: Sequence[int]) -> None:
        """Own lanes: raise their epochs, and read on where the log stands."""
        async with self._processing:
            if lanes:
                await self._until_reached(lambda: self._claim(lanes))
        self.joined = True
        self._hooks.rebalanced("assigned")
        logger.info("assigned", lanes=list(lanes))

    async def revoked(self, lanes: Sequence[int]) -> None:
        """Let lanes go, once the batch under way is kept or not."""
        async with self._processing:
            self._lanes.release(lanes)
            self._hooks.doubt()
        self._hooks.rebalanced("revoked")
        logger.info("revoked", lanes=list(lanes))

    async def recover(self) -> None:
        """After a commit that failed or may have: believe only what the log says."""
        self._hooks.doubt()
        await self._until_reached(self._resume)

    async def _until_reached(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step until log and broker could be reached for all of it."""
        while True:
            try:
                return await step()
            except Interrupted as error:
                logger.warning("waiting for the log", why=str(error))
                self._hooks.alive()
                await asyncio.sleep(PAUSE)

    async def _claim(self, lanes: Sequence[int]) -> None:
        await self._own(await self._log.claim(lanes, self._member.name))

    async def _resume(self) -> None:
        epochs = self._lanes.epochs()
        claims = await self._log.resume(epochs)
        self._lanes.release(set(epochs) - {claim.lane for claim in claims})
        await self._own(claims)

    async def _own(self, claims: Sequence[Claim]) -> None:
        parked = await self._log.parked([claim.lane for claim in claims])
        for claim in claims:
            cases = {record.case for record in parked if record.lane == claim.lane}
            lane = Lane(claim, cases)
            for topic in self._member.topics:
                if topic not in lane.next_offset:
                    first = await self._inbox.first_offset(topic, claim.lane)
                    lane.next_offset[topic] = first
                self._inbox.seek(topic, claim.lane, lane.next_offset[topic])
            self._lanes.own(claim.lane, lane)
        self._clock.sync(await self._log.now())
        self._hooks.taken()
