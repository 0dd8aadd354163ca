"""Which lanes this replica owns: taken over, let go, and believed again after doubt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from case_events.runtime.lanes import Lane
from case_events.runtime.ports import Claim, Interrupted

if TYPE_CHECKING:
    from case_events.runtime.loop import Runtime

logger = structlog.get_logger()
PAUSE = 0.2
"""Seconds between tries while the log or the broker cannot be reached."""


class Ownership:
    """Hears from the inbox that lanes come and go. It waits for the batch under way."""

    def __init__(self, runtime: "Runtime[Any, Any]") -> None:
        self._runtime = runtime
        self.joined = False
        """Whether the group has given this replica its part, be it nothing."""

    async def assigned(self, lanes: Sequence[int]) -> None:
        """Own lanes: raise their epochs, and read on where the log stands."""
        async with self._runtime.turn:
            if lanes:
                await self._until_reached(lambda: self._claim(lanes))
        self.joined = True
        logger.info("assigned", lanes=list(lanes))

    async def revoked(self, lanes: Sequence[int]) -> None:
        """Let lanes go, once the batch under way is kept or not."""
        async with self._runtime.turn:
            self._runtime.lanes.release(lanes)
            self.doubt()
        logger.info("revoked", lanes=list(lanes))

    async def recover(self) -> None:
        """After a commit that failed or may have: believe only what the log says."""
        self.doubt()
        await self._until_reached(self._resume)

    def doubt(self) -> None:
        """Forget what is only believed: cached cases, timers, what is to be published."""
        self._runtime.cache.clear()
        self._runtime.relay.doubt()
        self._runtime.wheel.forget()
        self._runtime.watchdog.forget()
        self._runtime.retry_asked = True

    async def _until_reached(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step until log and broker could be reached for all of it."""
        while True:
            try:
                return await step()
            except Interrupted as error:
                logger.warning("waiting for the log", why=str(error))
                self._runtime.metrics.alive()
                await asyncio.sleep(PAUSE)

    async def _claim(self, lanes: Sequence[int]) -> None:
        runtime = self._runtime
        await self._own(await runtime.log.claim(lanes, runtime.ports.owner))

    async def _resume(self) -> None:
        runtime = self._runtime
        epochs = runtime.lanes.epochs()
        claims = await runtime.log.resume(epochs)
        runtime.lanes.release(set(epochs) - {claim.lane for claim in claims})
        await self._own(claims)

    async def _own(self, claims: Sequence[Claim]) -> None:
        runtime = self._runtime
        parked = await runtime.log.parked([claim.lane for claim in claims])
        for claim in claims:
            cases = {record.case for record in parked if record.lane == claim.lane}
            lane = Lane(claim, cases)
            for topic in runtime.service.reads:
                if topic not in lane.next_offset:
                    first = await runtime.inbox.first_offset(topic, claim.lane)
                    lane.next_offset[topic] = first
                runtime.inbox.seek(topic, claim.lane, lane.next_offset[topic])
            runtime.lanes.own(claim.lane, lane)
        runtime.wheel.forget()
        runtime.standing.asked = True
        runtime.clock.sync(await runtime.log.now())
        runtime.inbox.wake()  # timers of these lanes may be due, whatever comes in
        runtime.relay.doubt()
        runtime.effects.wake()
