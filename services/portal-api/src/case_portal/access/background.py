"""Background work of access: answers requests by mail, and requests for forgotten passwords."""

import asyncio

import msgspec
import structlog
from case_events.runtime import EffectResult, PendingEffect, Unavailable, WriteRejected

from case_portal.access.effects import AccessAsked
from case_portal.access.queries import PostgresAccountUnitOfWork
from case_portal.access.service import AccessService

logger = structlog.get_logger()
EVERY = 1.0
"""Seconds between two looks for requests to reset a password."""
TIDY = 600
"""The number of looks between two removals of expired codes and attempts."""


class AccessRequestHandler:
    """The effect handler that answers a contact who asked for access by mail."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Answer once, however often the effect is tried."""
        asked = msgspec.json.decode(pending.effect.payload, type=AccessAsked)
        await self._access.grant(asked.tenant, asked.contact, pending.effect.key, asked.in_reply_to)
        return EffectResult("done")


class PasswordResetWorker:
    """Answers requests to reset a password while the service runs."""

    def __init__(self, access: AccessService, gate: PostgresAccountUnitOfWork) -> None:
        self._access, self._gate = access, gate

    async def run(self) -> None:
        """Answer requests until cancelled."""
        looks = 0
        while True:
            try:
                while await self._access.work_off():
                    pass
                if looks % TIDY == 0:
                    await self._gate.tidy()
            except (Unavailable, WriteRejected) as error:
                logger.warning("asks for passwords wait", error=str(error))
            looks += 1
            await asyncio.sleep(EVERY)
