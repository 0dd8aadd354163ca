"""The whole platform in one process: five reactions, ports in memory, a virtual clock.

Each service is the one runtime with its own log; the services talk over one bus. Mail comes in
through intake's own entry points, and goes out as the bytes that notify would send.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import msgspec
import structlog
from case_definition.lookup.reference import Reference
from case_events.kernel import Service
from case_events.runtime import EffectHandler, EffectResult, Ids, Outbox, PendingEffect
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.testing.memory import (
    MemoryBlobs,
    MemoryBus,
    MemoryGroup,
    MemoryInbox,
    MemoryLog,
    MemoryPublisher,
    WatchedFaults,
)
from case_events.tokens.thread import read_token
from case_intake.adapters.effects import effect_handlers as intake_effects
from case_intake.adapters.memory import MemoryIntakeOutbox, MemoryStore
from case_intake.application import ports as intake
from case_intake.application.react import SERVICE as INTAKE
from case_notify.adapters.handlers import effect_handlers
from case_notify.adapters.message import message_bytes
from case_notify.application.letters import MailSettings
from case_notify.application.react import service as notify
from case_notify.domain.mail import OutgoingMail, complete
from case_notify.domain.webhook import Call
from case_portal.access.background import AccessRequestHandler
from case_portal.access.effects import ACCESS
from case_portal.projection import SERVICE as PORTAL
from case_sla.application.react import service as sla
from case_workflow.application.react import SERVICE as WORKFLOW

from tests.support.desk.values import Sent
from tests.support.wire import codec
from tests.support.world.access import Book, access_in_memory
from tests.support.world.intake_entrypoints import IntakeDoors
from tests.support.world.integration import SimulatedIntegration

PARTITIONS = 4
POLL = 86_400.0
WINDOW = timedelta(days=1)
"""The longest time between two looks when nothing happens, so that a quiet month passes quickly."""

SECRET = b"a secret of the simulation"
PAGES = "https://portal.example"
AnyService = Service[Any, Reference]


def services() -> tuple[AnyService, ...]:
    """The five services, without anything left of another platform."""
    return (INTAKE, WORKFLOW, sla(), notify(MailSettings(SECRET, PAGES)), PORTAL)


class Process:
    """One service: its log stays, its runtime may die and come back."""

    def __init__(self, service: AnyService, platform: "SimulatedPlatform") -> None:
        self.service, self._platform = service, platform
        self.faults = WatchedFaults()
        self.log = MemoryLog(platform.start_at, self.faults)
        self.group = MemoryGroup(platform.bus, service.topics)
        self.door = Outbox(service.name, self.log, platform.ids, PARTITIONS, codec, self._kept)
        self.runtime: Runtime[Any, Reference] | None = None
        self._inbox: MemoryInbox | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run from the end of the log."""
        self._inbox = self.group.inbox(self.faults)
        self.runtime = Runtime(
            self.service,
            self._platform.reference,
            RuntimePorts(
                inbox=self._inbox,
                log=self.log,
                publisher=MemoryPublisher(self._platform.bus, self.faults),
                handlers=self._platform.handlers(self.service.name),
                ids=self._platform.ids,
                codec=codec,
                owner=self.service.name,
                partition_count=PARTITIONS,
                poll=POLL,
                window=WINDOW,
            ),
        )
        self._task = asyncio.create_task(self.runtime.run(), name=self.service.name)

    async def kill(self) -> None:
        """Kill the process as by SIGKILL; the consumer group notices."""
        assert self._inbox is not None
        assert self._task is not None
        self._inbox.kill()
        self._task.cancel()
        await asyncio.wait({self._task})
        await self.group.lose(self._inbox)
        self.runtime = None

    def check(self) -> None:
        """Raise the error of a failed runtime, and of parked records."""
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()
        parked = [(one.case, one.error) for one in self.log.state.parked.values()]
        assert not parked, f"{self.service.name} has parked {parked}"
        held = [one.reason for one in self.log.state.quarantine.values()]
        assert not held, f"{self.service.name} holds {held}"

    def _kept(self) -> None:
        if self.runtime is not None:
            self.runtime.relay.wake()


class SimulatedPlatform:
    """Five services on one bus, from a given time on. Use it on a `VirtualLoop`."""

    def __init__(self, reference: Reference, start_at: datetime, seed: int = 7) -> None:
        self.reference, self.start_at = reference, start_at
        self.ids = Ids(Random(seed))
        self.bus = MemoryBus(PARTITIONS)
        self.blobs, self.arrivals = MemoryBlobs(), MemoryStore()
        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.relay: Callable[[OutgoingMail], Awaitable[EffectResult]] = self.takes_all
        self.processes = {one.name: Process(one, self) for one in services()}
        portal = self.processes["portal"].door
        self.book = Book()
        self.access = access_in_memory(portal, reference, self.now, SECRET, PAGES, self.book)
        self.granting = AccessRequestHandler(self.access)
        self.intake = intake.IntakePorts(
            outbox=MemoryIntakeOutbox(self.processes["intake"].door, self.arrivals),
            blobs=self.blobs,
            directory=reference,
            read_token=partial(read_token, SECRET),
        )
        self.doors = IntakeDoors(self.intake, SECRET, self.now)
        self.integration = SimulatedIntegration(self.bus, self.ids, PARTITIONS, self.now)

    async def start(self) -> None:
        """Start all services."""
        # The messages of a runtime at every start and stop are not interesting here.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
        for process in self.processes.values():
            process.start()
        await self.settle()

    async def stop(self) -> None:
        """Stop all services that run."""
        for process in self.processes.values():
            if process.runtime is not None:
                await process.kill()

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        while self.book.asks:
            await self.access.work_off()
        # Time passes only while all tasks wait, so all work is done when this time has passed; it
        # is too short to appear in any time stamp.
        await asyncio.sleep(1e-8)
        for process in self.processes.values():
            process.check()

    def now(self) -> datetime:
        """The current time."""
        return self.start_at + timedelta(seconds=asyncio.get_running_loop().time())

    async def pass_until(self, at: datetime) -> None:
        """Let time pass. An event at exactly that time happens after it."""
        span = (at - self.now()).total_seconds()
        assert span > -0.001, f"{at} was before {self.now()}"
        await asyncio.sleep(max(0.0, span))
        for process in self.processes.values():
            process.check()

    def handlers(self, service: str) -> Mapping[str, EffectHandler]:
        """The effect handlers of a service, with their retry policies."""
        if service == "notify":
            return effect_handlers(self.send, self.call)
        if service == "intake":
            return intake_effects(self.intake)
        return {ACCESS: EffectHandler(self.granting)}

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
