"""A third-party service that sends commands to cases, as `docs/integrating.md` describes."""

from collections.abc import Callable
from datetime import datetime

from case_events.contracts.base import type_name
from case_events.contracts.commands import Command
from case_events.envelope import Actor, Record
from case_events.runtime import Ids
from case_events.testing.memory import MemoryBus
from case_events.topics import COMMANDS, partition_of
from case_events.wire.signing import Destination

from tests.support.desk.values import Person
from tests.support.wire import codec

SOURCE = "integration.stories/0"


class SimulatedIntegration:
    """Publishes commands as `case_events.faststream.CommandPublisher` does, signed with its key."""

    def __init__(
        self, bus: MemoryBus, ids: Ids, partitions: int, now: Callable[[], datetime]
    ) -> None:
        self._bus, self._ids, self._partitions, self._now = bus, ids, partitions, now
        self._sequence = 0

    async def publish(self, who: Person, cause: Record, command: Command) -> Record:
        """Send a command to the case of a record, in a person's name."""
        now = self._now()
        record = Record(
            id=self._ids.new(now), type=type_name(command), source=SOURCE, tenant=cause.tenant,
            occurred_at=now, recorded_at=now,
            actor=Actor(kind=who.kind, id=who.id, capacity=who.kind), channel="api",
            correlation=cause.correlation, causation=cause.id, definition=cause.definition,
            case=cause.case, data=command,
        )  # fmt: skip
        self._sequence += 1
        key, value = str(record.case), codec.encode(record)
        to = Destination(COMMANDS, partition_of(key, self._partitions), key)
        headers = codec.headers(record, value, self._sequence, to)
        self._bus.append(to.topic, to.partition, to.key, value, headers)
        return record
