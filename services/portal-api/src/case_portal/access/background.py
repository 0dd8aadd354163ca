"""Background work of access: answers requests by mail, and requests for forgotten passwords; ends
the access of people who left; publishes what operators did."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog
from case_events.runtime import EffectResult, PendingEffect, Unavailable, WriteRejected

from case_portal.access.effects import AccessAsked
from case_portal.access.service import AccessService
from case_portal.access.upkeep import UpkeepService

logger = structlog.get_logger()
EVERY = 1.0
"""Seconds between two looks for requests to reset a password."""
TIDY = 600
"""The number of looks between two removals of what is over."""
LEFT = 30
"""The number of looks between two looks for people who left."""


class AccessRequestHandler:
    """The effect handler that answers a contact who asked for access by mail."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Answer once, however often the effect is tried."""
        asked = msgspec.json.decode(pending.effect.payload, type=AccessAsked)
        await self._access.grant(asked.tenant, asked.contact, pending.effect.key, asked.in_reply_to)
        return EffectResult("done")


class AccessWorker:
    """Does what waits while the service runs."""

    def __init__(
        self,
        access: AccessService,
        upkeep: UpkeepService,
        tidying: Sequence[Callable[[], Awaitable[None]]],
    ) -> None:
        self._access, self._upkeep, self._tidying = access, upkeep, tidying

    async def run(self) -> None:
        """Work until cancelled."""
        looks = 0
        while True:
            try:
                await self._look(looks)
            except (Unavailable, WriteRejected) as error:
                logger.warning("access waits", error=str(error))
            looks += 1
            await asyncio.sleep(EVERY)

    async def _look(self, looks: int) -> None:
        while await self._access.work_off():
            pass
        while await self._upkeep.publish_note():
            pass
        if looks % LEFT == 0:
            await self._upkeep.end_of_people_who_left()
        if looks % TIDY == 0:
            for tidy in self._tidying:
                await tidy()
