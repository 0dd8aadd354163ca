"""For services of others, written with FastStream, on the topics of this platform.

`connect` makes their broker: it decodes records to typed events. `is_event` filters by the class
of the event, and `pass_others` ends a subscriber. `CommandPublisher` asks things of cases.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from logging import ERROR
from random import SystemRandom
from typing import Any, Self
from uuid import UUID

import structlog
from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.exceptions import RejectMessage
from faststream.kafka import KafkaBroker, KafkaMessage
from pydantic import Field, SecretStr

from case_events.catalogue import INTEGRATION, WRITERS
from case_events.codec import Codec, UnreadableRecord, decode_bare
from case_events.contracts.base import Event, type_name
from case_events.contracts.commands import Command
from case_events.envelope import Actor, Record
from case_events.keys import BadKey, keys_of
from case_events.runtime.clock import Ids
from case_events.runtime.kafka.broker import KafkaSettings
from case_events.runtime.kafka.subscription import delivered
from case_events.signing import Destination, Forged
from case_events.topics import COMMANDS, partition_of

logger = structlog.get_logger()
Raw = ConsumerRecord[bytes | None, bytes | None]
Parse = Callable[[Raw], Awaitable[KafkaMessage]]


class IntegrationSettings(KafkaSettings):
    """What an integration is told by its environment, as CASEFOLD_<NAME>."""

    integration: str = Field(pattern=r"^[a-z0-9-]+$")
    """Its name: its consumer group, and, as `integration.<name>`, its source and signer."""
    partitions: int = Field(default=48, gt=0)
    """Partitions of every topic keyed by case, as the platform has them."""
    replica: str = Field(default="0", pattern=r"^[a-z0-9-]+$")
    """Tells its processes apart where several publish commands."""
    sealing_keys: dict[str, SecretStr] = {}
    """The platform's, where the integration may read and write what is personal."""
    signing_keys: dict[str, dict[str, SecretStr]] = {}
    """Its own key, by id, under `integration.<name>`, where it publishes commands."""

    @classmethod
    def from_environment(cls) -> Self:
        """The settings of this process. Raises pydantic's `ValidationError`."""
        return cls()  # type: ignore[call-arg]

    @property
    def signer(self) -> str:
        """As whom it signs."""
        return f"{INTEGRATION}.{self.integration}"

    def codec(self) -> Codec | None:
        """The codec under its keys; None where it was given none. Raises `BadKey`."""
        if not self.sealing_keys:
            return None
        signing = {signer: _shown(own) for signer, own in self.signing_keys.items()}
        return Codec(keys_of(_shown(self.sealing_keys), signing))


def connect(settings: IntegrationSettings, **options: Any) -> KafkaBroker:
    """A broker whose subscribers get each record as a `Record`, its event typed.

    Without keys the personal part of an event is empty; with those of all who write a topic, it
    is checked who wrote a record. What a handler raises brings its record again, and its partition
    waits; what cannot be read is logged and passed by, since it would be the same the next time.
    Missing topics are not made. `options` are those of `KafkaBroker`.
    """
    return settings.cluster().broker(
        settings.integration,
        **{
            "ack_policy": AckPolicy.NACK_ON_ERROR,
            "graceful_timeout": 10.0,
            "enable_idempotence": True,
            "parser": _parsed,
            "decoder": _Reader(settings).read,
        }
        | options,
    )


def is_event(*events: type[Event]) -> Callable[[KafkaMessage], bool]:
    """A filter for handlers: whether a message is one of these events, in whatever version."""
    names = {_without_version(type_name(event)) for event in events}

    def fits(message: KafkaMessage) -> bool:
        return _without_version(message.headers.get("ce_type", "")) in names

    return fits


def pass_others(subscriber: Any) -> None:
    """Let a subscriber pass by, unread, what none of its handlers takes. It comes last: FastStream
    asks handlers in their order, and holds a message that suits none for an error."""
    subscriber(_passed, decoder=_unread)


class CommandPublisher:
    """Publishes commands as one actor. Each has one outcome, on `cases` or on `refusals`, whose
    causation is the id of the command.

    One is sent after the other: the platform takes a source's records by their sequence, and holds
    one that does not follow for a repetition. The sequence is the time in microseconds.
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
        """Ask something of the case of a record, because of it; the id of the command.

        Raises what FastStream raises where the brokers do not take it; ValueError for a record
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


class _Reader:
    """The decoder of an integration's broker."""

    def __init__(self, settings: IntegrationSettings) -> None:
        self._codec, self._signers = settings.codec(), settings.signing_keys.keys()

    async def read(self, message: KafkaMessage) -> Record | list[Record]:
        """The record of a message, or the records of a batch."""
        raw = message.raw_message
        try:
            return (
                [self._record(one) for one in raw] if isinstance(raw, tuple) else self._record(raw)
            )
        except (Forged, UnreadableRecord) as error:
            # No traceback: it may hold what is personal.
            logger.log(
                ERROR, "record passed by", type=message.headers.get("ce_type"), why=str(error)
            )
            raise RejectMessage from error

    def _record(self, raw: Raw) -> Record:
        if self._codec is None:
            return decode_bare(raw.value or b"")
        writers = WRITERS.get(raw.topic)
        if writers and writers <= self._signers:
            self._codec.check(delivered(raw))
        return self._codec.decode(raw.value or b"")


async def _parsed(record: Raw, parse: Parse) -> KafkaMessage:
    """FastStream's own parser fails at a header that is no UTF-8."""
    record.headers = tuple(
        (name, content.decode("utf-8", "replace").encode()) for name, content in record.headers
    )
    return await parse(record)


async def _passed(_: object) -> None:
    return None


async def _unread(_: KafkaMessage) -> None:
    return None


def _without_version(ce_type: str) -> str:
    return ce_type.rpartition(".v")[0]


def _shown(keys: Mapping[str, SecretStr]) -> dict[str, str]:
    return {key: text.get_secret_value() for key, text in keys.items()}
