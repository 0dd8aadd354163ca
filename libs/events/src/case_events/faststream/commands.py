"""The commands that an integration publishes."""

import asyncio
import time
from datetime import UTC, datetime
from random import SystemRandom
from uuid import UUID

from faststream.kafka import KafkaBroker

from case_events.contracts.base import type_name
from case_events.contracts.commands import Command
from case_events.envelope import Actor, Record
from case_events.faststream.settings import IntegrationSettings
from case_events.keyring import BadKey
from case_events.runtime import Ids
from case_events.topics import COMMANDS, partition_of
from case_events.wire.signing import Destination


class CommandPublisher:
    """Publishes commands as one actor. Each command has one outcome, on `cases` or on `refusals`,
    whose causation is the id of the command.

    Commands are sent one after the other, with the time in microseconds as their sequence. The
    platform processes the records of a source by sequence, and treats a lower one as a duplicate.
    """

    def __init__(self, broker: KafkaBroker, settings: IntegrationSettings, actor: Actor) -> None:
        codec = settings.codec()
        if codec is None or settings.signer not in settings.signing_keys:
            raise BadKey(f"sealing_keys, and signing_keys of {settings.signer}, sign commands")
        self._codec, self._actor, self._partitions = codec, actor, settings.partitions
        self._source = f"{settings.signer}/{settings.replica}"
        self._publisher = broker.publisher(COMMANDS)
        self._ids, self._turn, self._last = Ids(SystemRandom()), asyncio.Lock(), 0

    async def publish(self, command: Command, cause: Record) -> UUID:
        """Publish a command for the case of a record, with that record as its cause. Return the id
        of the command.

        Raises FastStream's errors if the brokers do not accept it, and `ValueError` for a record
        without a case.
        """
        if cause.case is None:
            raise ValueError("a command is asked of a case")
        now = datetime.now(UTC)
        record = Record(
            id=self._ids.new(now),
            type=type_name(command),
            source=self._source,
            tenant=cause.tenant,
            occurred_at=now,
            recorded_at=now,
            actor=self._actor,
            channel="api",
            correlation=cause.correlation,
            causation=cause.id,
            definition=cause.definition,
            case=cause.case,
            data=command,
        )
        async with self._turn:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            await self._send(record, self._last)
        return record.id

    async def _send(self, record: Record, sequence: int) -> None:
        key, value = str(record.case), self._codec.encode(record)
        to = Destination(COMMANDS, partition_of(key, self._partitions), key)
        await self._publisher.publish(
            value,
            key=key.encode(),
            partition=to.partition,
            headers=self._codec.headers(record, value, sequence, to),
        )
