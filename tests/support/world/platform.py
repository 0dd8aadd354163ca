"""The whole platform in one process: five reactions, ports in memory, a virtual clock.

Each service is the one runtime with its own log; the services talk over one bus. Mail comes in
through intake's own entry points, and goes out as the bytes that notify would send.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from case_definition.lookup.reference import Reference
from case_events.kernel import Service
from case_events.runtime import EffectHandler, EffectResult, PendingEffect
from case_events.testing import Simulation
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryBlobs
from case_events.testing.simulation import PARTITIONS
from case_events.tokens.thread import read_return, read_token
from case_intake.adapters.effects import effect_handlers as intake_effects
from case_intake.adapters.memory import MemoryIntakeOutbox, MemoryStore
from case_intake.application import ports as intake
from case_intake.application.react import SERVICE as INTAKE
from case_notify.adapters.handlers import effect_handlers
from case_notify.adapters.memory import MemoryAddressBook
from case_notify.adapters.message import message_bytes
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import service as notify
from case_notify.domain.mail import OutgoingMail, complete
from case_notify.domain.webhook import Call
from case_portal.access.background import AccessRequestHandler
from case_portal.access.effects import ACCESS
from case_portal.access.service import AccessService
from case_portal.projection import SERVICE as PORTAL
from case_sla.application.react import service as sla
from case_workflow.application.react import SERVICE as WORKFLOW

from tests.support.desk.values import Sent
from tests.support.wire import codec
from tests.support.world.access import access_in_memory
from tests.support.world.held_access import Book
from tests.support.world.intake_entrypoints import IntakeEntryPoints
from tests.support.world.integration import SimulatedIntegration

PAGES = "https://portal.example"
AnyService = Service[Any, Reference]


def services() -> tuple[AnyService, ...]:
    """The five services, without anything left of another platform."""
    return (INTAKE, WORKFLOW, sla(), notify(MailSettings(SECRET, PAGES)), PORTAL)


class SimulatedPlatform(Simulation):
    """Five services on one bus, from a given time on. Use it on a `VirtualLoop`."""

    def __init__(self, reference: Reference, start_at: datetime, seed: int = 7) -> None:
        super().__init__(start_at, codec, seed)
        self.reference = reference
        self.blobs, self.arrivals = MemoryBlobs(), MemoryStore()
        self.addresses = MemoryAddressBook()
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.relay: Callable[[OutgoingMail], Awaitable[EffectResult]] = self.takes_all
        for one in services():
            self.add(one, reference)
        portal = self.services["portal"].outbox
        self.book = Book()
        self.access_parts = access_in_memory(portal, reference, self.now, SECRET, PAGES, self.book)
        self.access = AccessService(**self.access_parts)
        self.granting = AccessRequestHandler(self.access)
        self.intake = intake.IntakePorts(
            outbox=MemoryIntakeOutbox(self.services["intake"].outbox, self.arrivals),
            blobs=self.blobs,
            directory=reference,
            read_token=partial(read_token, SECRET),
            read_return=partial(read_return, SECRET),
        )
        self.entry_points = IntakeEntryPoints(self.intake, SECRET, self.now)
        self.services["notify"].handlers = effect_handlers(self.send, self.call, self.addresses)
        self.services["intake"].handlers = intake_effects(self.intake)
        self.services["portal"].handlers = {ACCESS: EffectHandler(self.granting)}
        self.integration = SimulatedIntegration(self.bus, self.ids, PARTITIONS, self.now)

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        while self.book.asks:
            await self.access.work_off()
        await super().settle()

    async def send(self, pending: PendingEffect) -> EffectResult:
        """Pass a mail to the relay."""
        return await self.relay(msgspec.json.decode(pending.effect.payload, type=OutgoingMail))

    async def call(self, pending: PendingEffect) -> EffectResult:
        """Store a webhook's call."""
        self.calls.append(msgspec.json.decode(pending.effect.payload, type=Call))
        return EffectResult("done")

    async def takes_all(self, mail: OutgoingMail) -> EffectResult:
        """A relay that accepts every mail."""
        self.sent.append(Sent(mail.to.address, message_bytes(complete(mail, SECRET))))
        return EffectResult("done")
