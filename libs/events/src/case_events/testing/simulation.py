"""Services in one process: the one runtime, on ports in memory and in virtual time."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, Generic
from uuid import UUID

import structlog

from case_events.contracts.base import Event, type_name
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import M, R, Service
from case_events.runtime import EffectHandler, Ids, Outbox
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.testing.memory import (
    MemoryBus,
    MemoryGroup,
    MemoryInbox,
    MemoryLog,
    MemoryPublisher,
    MemoryTransaction,
    WatchedFaults,
)
from case_events.topics import CASE_TOPICS, partition_of
from case_events.wire.codec import Codec
from case_events.wire.signing import Destination

PARTITIONS = 4
POLL = 86_400.0
"""Seconds between two looks at a port where nothing happens: an idle month takes no time."""
WINDOW = timedelta(days=1)
INSTANT = 1e-8
"""Seconds: long enough for virtual time to pass, too short to be seen in a time stamp."""


class SimulatedService(Generic[M, R]):
    """One replica of a service in memory. Its log stays when its runtime is killed.

    `faults` plans what goes wrong in its ports. `outbox` is for its entry points. `handlers`
    perform its effects, by their kind; they are read at `start`.
    """

    def __init__(
        self,
        simulation: "Simulation",
        service: Service[M, R],
        reference: R,
        handlers: Mapping[str, EffectHandler],
    ) -> None:
        self.service, self.reference, self.handlers = service, reference, handlers
        self._simulation = simulation
        self.faults = WatchedFaults()
        self.log = MemoryLog(simulation.start_at, self.faults)
        self.group = MemoryGroup(simulation.bus, service.topics)
        self.outbox: Outbox[MemoryTransaction] = Outbox(
            service.name, self.log, simulation.ids, PARTITIONS, simulation.codec, self._committed
        )
        self.runtime: Runtime[M, R] | None = None
        self._inbox: MemoryInbox | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run from the positions that are stored in the log."""
        simulation, name = self._simulation, self.service.name
        self._inbox = self.group.inbox(self.faults)
        ports = RuntimePorts(
            inbox=self._inbox,
            log=self.log,
            publisher=MemoryPublisher(simulation.bus, self.faults),
            handlers=self.handlers,
            ids=simulation.ids,
            codec=simulation.codec,
            owner=name,
            partition_count=PARTITIONS,
            poll=POLL,
            window=WINDOW,
        )
        self.runtime = Runtime(self.service, self.reference, ports)
        self._task = asyncio.create_task(self.runtime.run(), name=name)

    async def kill(self) -> None:
        """End the runtime as SIGKILL does, and have the consumer group notice it."""
        assert self._inbox is not None
        assert self._task is not None
        self._inbox.kill()
        self._task.cancel()
        await asyncio.wait({self._task})
        await self.group.lose(self._inbox)
        self.runtime = None

    def check(self) -> None:
        """Raise what ended the runtime, or `AssertionError` for parked or quarantined records."""
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()
        parked = [(one.case, one.error) for one in self.log.state.parked.values()]
        assert not parked, f"{self.service.name} has parked {parked}"
        held = [one.reason for one in self.log.state.quarantine.values()]
        assert not held, f"{self.service.name} holds {held}"

    def _committed(self) -> None:
        if self.runtime is not None:
            self.runtime.relay.wake()


class Simulation:
    """A broker in memory, and the services that share it. Use it on a `VirtualLoop`.

    Its clock is `start_at` (aware) and the virtual seconds of the loop. Ids are drawn from `seed`:
    the same calls give the same records.
    """

    def __init__(self, start_at: datetime, codec: Codec, seed: int = 7) -> None:
        self.start_at, self.codec = start_at, codec
        self.ids = Ids(Random(seed))  # noqa: S311 - nothing here is a secret
        self.bus = MemoryBus(PARTITIONS)
        self.services: dict[str, SimulatedService[Any, Any]] = {}
        self._sequences: Counter[str] = Counter()

    def add(
        self,
        service: Service[M, R],
        reference: R,
        handlers: Mapping[str, EffectHandler] | None = None,
    ) -> SimulatedService[M, R]:
        """Add a service, which `start` starts."""
        added = SimulatedService(self, service, reference, handlers or {})
        self.services[service.name] = added
        return added

    async def start(self) -> None:
        """Start all services."""
        # What a runtime logs at every start and stop is of no interest here.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
        for service in self.services.values():
            service.start()
        await self.settle()

    async def stop(self) -> None:
        """Stop all services that run."""
        for service in self.services.values():
            if service.runtime is not None:
                await service.kill()

    async def settle(self) -> None:
        """Wait until all has happened that can happen at this instant. Raises as `check` does."""
        # Time passes only when every task waits. So all is done once an instant has passed.
        await asyncio.sleep(INSTANT)
        self._check()

    def now(self) -> datetime:
        """The virtual time."""
        return self.start_at + timedelta(seconds=asyncio.get_running_loop().time())

    async def pass_until(self, at: datetime) -> None:
        """Let time pass; what happens at that very instant happens after it."""
        span = (at - self.now()).total_seconds()
        assert span > -0.001, f"{at} was before {self.now()}"
        await asyncio.sleep(max(0.0, span))
        self._check()

    def publish(  # noqa: PLR0913 - each says one thing of the record
        self,
        topic: str,
        event: Event,
        case: UUID | None = None,
        *,
        writer: str,
        tenant: str = "acme",
        actor: Actor = SYSTEM,
        channel: str = "api",
        definition: str = "",
    ) -> Record:
        """Publish an event, signed as the service `writer`; its record.

        It is keyed by `case` on a topic of cases, and by `tenant` on any other. Raises `KeyError`
        where the codec has no key of the writer.
        """
        key = str(case) if topic in CASE_TOPICS else tenant
        partition, now = partition_of(key, PARTITIONS), self.now()
        source, new = f"{writer}/{partition}", self.ids.new(now)
        record = Record(
            id=new,
            type=type_name(event),
            source=source,
            tenant=tenant,
            occurred_at=now,
            recorded_at=now,
            actor=actor,
            channel=channel,
            correlation=new,
            definition=definition,
            case=case,
            data=event,
        )
        self._append(record, Destination(topic, partition, key))
        return record

    def records(self, topic: str) -> list[Record]:
        """All records of a topic, partition by partition, opened and upcast."""
        return [self.codec.decode(one.value) for one in self.bus.records(topic)]

    def _append(self, record: Record, to: Destination) -> None:
        self._sequences[record.source] += 1
        value = self.codec.encode(record)
        headers = self.codec.headers(record, value, self._sequences[record.source], to)
        self.bus.append(to.topic, to.partition, to.key, value, headers)

    def _check(self) -> None:
        for service in self.services.values():
            service.check()
