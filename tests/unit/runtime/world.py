"""Replicas of the two tiny services over the ports in memory, and what must hold of them."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from case_events.contracts.base import Event, type_name
from case_events.contracts.catalogue import WRITERS
from case_events.contracts.intake import ReplyReceived
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Service
from case_events.runtime import EffectHandler, EffectResult, Ids, PendingEffect, RetryPolicy
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.testing.memory import (
    MemoryBus,
    MemoryGroup,
    MemoryLog,
    MemoryPublisher,
    WatchedFaults,
)
from case_events.topics import CASES, INTAKE, partition_of
from case_events.wire.codec import Codec
from case_events.wire.signing import Destination

from tests.support.wire import KEYS
from tests.unit.runtime.counting import COUNTER, ECHO, Counted, Known

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PARTITIONS = 2
RETRY = RetryPolicy(longest_wait=timedelta(hours=1), give_up_after=timedelta(days=2))
codec = Codec(KEYS, WRITERS | {CASES: frozenset({"counter"})})


class Replica:
    """One replica of one service, with its own faults."""

    def __init__(
        self, world: "World", service: Service[Any, Known], name: str, poll: float
    ) -> None:
        self.faults = WatchedFaults()
        self.log = world.logs[service.name].via(self.faults)
        self.inbox = world.groups[service.name].inbox(self.faults)
        self.handled: list[PendingEffect] = []
        self.outcomes: list[EffectResult | Exception] = []
        self.runtime = Runtime(
            service,
            world.reference,
            RuntimePorts(
                inbox=self.inbox,
                log=self.log,
                publisher=MemoryPublisher(world.bus, self.faults),
                handlers={"mail": EffectHandler(self.handle_effect, RETRY)},
                ids=Ids(world.chance),
                codec=codec,
                owner=name,
                partition_count=PARTITIONS,
                poll=poll,
            ),
        )
        self.task = asyncio.create_task(self.runtime.run(), name=name)

    async def handle_effect(self, pending: PendingEffect) -> EffectResult:
        """Do as the test planned; done where it planned nothing."""
        self.handled.append(pending)
        outcome = self.outcomes.pop(0) if self.outcomes else EffectResult("done")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def crash(self) -> None:
        """As by SIGKILL: nothing more is done, nobody is told."""
        self.inbox.kill()
        self.task.cancel()
        await asyncio.wait({self.task})


class World:
    """A bus, one log and group a service, and the inputs that were sent."""

    def __init__(self) -> None:
        self.bus = MemoryBus(PARTITIONS)
        self.chance = Random(7)
        self.reference = Known()
        self.logs = {s.name: MemoryLog(START) for s in (COUNTER, ECHO)}
        self.groups = {s.name: MemoryGroup(self.bus, s.topics) for s in (COUNTER, ECHO)}
        self.sent: defaultdict[UUID, list[str]] = defaultdict(list)
        self.replicas: list[Replica] = []
        self._sequence = 0

    async def start(self, service: Service[Any, Known] = COUNTER, poll: float = 60.0) -> Replica:
        """One more replica, and a moment for it to settle."""
        replica = Replica(self, service, f"{service.name}-{len(self.replicas)}", poll)
        self.replicas.append(replica)
        await self.passes(0.001)
        return replica

    async def crash(self, replica: Replica) -> None:
        """Kill a replica; the group notices after its session time-out."""
        await replica.crash()
        await self.passes(10.0)
        await self.groups[replica.runtime.service.name].lose(replica.inbox)

    def send(self, case: UUID, name: str, word: str = "", definition: str = "") -> None:
        """An input for a case comes in, as intake would publish it."""
        now = START + timedelta(seconds=asyncio.get_running_loop().time())
        event = ReplyReceived(found_by=word, participant=True, message_id=name)
        partition = partition_of(str(case), PARTITIONS)
        record = Record(
            id=UUID(int=self.chance.getrandbits(128)),
            type=type_name(event),
            source=f"intake/{partition}",
            tenant="acme",
            occurred_at=now,
            recorded_at=now,
            actor=SYSTEM,
            channel="mail",
            correlation=UUID(int=1),
            definition=definition,
            case=case,
            data=event,
        )
        self._sequence += 1
        value, to = codec.encode(record), Destination(INTAKE, partition, str(case))
        headers = codec.headers(record, value, self._sequence, to)
        self.bus.append(INTAKE, partition, str(case), value, headers)
        self.sent[case].append(name)

    def put(self, case: UUID, value: bytes) -> None:
        """A value comes in for a case under intake's signature, whatever it is."""
        partition = partition_of(str(case), PARTITIONS)
        self._sequence += 1
        named = {"ce_source": f"intake/{partition}", "ce_sequence": str(self._sequence)}
        headers = codec.signed(named, value, Destination(INTAKE, partition, str(case)))
        self.bus.append(INTAKE, partition, str(case), value, headers)

    def say(self, case: UUID, event: Event) -> None:
        """Any event comes in for a case, as intake would publish it."""
        partition, now = partition_of(str(case), PARTITIONS), START
        self._sequence += 1
        record = Record(
            id=UUID(int=self.chance.getrandbits(128)), type=type_name(event),
            source=f"intake/{partition}", tenant="acme", occurred_at=now, recorded_at=now,
            actor=SYSTEM, channel="mail", correlation=UUID(int=1), case=case, data=event,
        )  # fmt: skip
        value, to = codec.encode(record), Destination(INTAKE, partition, str(case))
        self.bus.append(INTAKE, partition, to.key, value,
                        codec.headers(record, value, self._sequence, to))  # fmt: skip

    async def passes(self, seconds: float) -> None:
        """Let virtual time pass; a replica that fell over is shown."""
        await asyncio.sleep(seconds)
        for replica in self.replicas:
            if replica.task.done() and not replica.task.cancelled():
                await replica.task

    def had(self, case: UUID, service: str = "counter") -> list[str]:
        """What a service took in of a case, in its order."""
        kept = self.logs[service].snapshots().get(case)
        return list(msgspec.json.decode(kept.state, type=Counted).had) if kept else []

    def parked(self, service: str = "counter") -> list[str]:
        """Why records wait."""
        return [record.error for record in self.logs[service].state.parked.values()]

    def check(self) -> None:
        """Everything sent was taken in once, in order; the history is one line, seen whole."""
        for case, sent in self.sent.items():
            had = self.had(case)
            inputs = [name for name in had if not name.startswith(("timer", "effect"))]
            assert inputs == sent, f"sent {sent}, taken in {inputs}"
            log = self.logs["counter"].entries()
            versions = [entry.version for entry in log if entry.case == case]
            assert versions == list(range(1, len(had) + 1)), f"versions {versions} of {had}"
            if self.groups["echo"].members():
                assert self.had(case, "echo") == had, f"the echo heard {self.had(case, 'echo')}"


def cases(count: int) -> list[UUID]:
    """Cases on all partitions."""
    return [UUID(int=number) for number in range(1, count + 1)]
