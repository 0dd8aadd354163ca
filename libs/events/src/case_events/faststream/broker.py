"""The broker of an integration: its subscribers get typed events."""

from collections.abc import Awaitable, Callable
from logging import ERROR
from typing import Any

import structlog
from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.exceptions import RejectMessage
from faststream.kafka import KafkaBroker, KafkaMessage

from case_events.contracts.base import Event, type_name
from case_events.contracts.catalogue import WRITERS
from case_events.envelope import Record
from case_events.faststream.settings import IntegrationSettings
from case_events.runtime.kafka.subscription import delivered
from case_events.wire.codec import UnreadableRecord, decode_bare
from case_events.wire.signing import Forged

logger = structlog.get_logger()
Raw = ConsumerRecord[bytes | None, bytes | None]
Parse = Callable[[Raw], Awaitable[KafkaMessage]]


def connect(settings: IntegrationSettings, **options: Any) -> KafkaBroker:
    """Return a broker whose subscribers get each record as a `Record` with a typed event.

    Without sealing keys the personal part of an event is empty. With the signing keys of all
    writers of a topic, the signatures of its records are verified. If a handler raises, its record
    is delivered again, and its partition waits. A record that cannot be read is logged and skipped,
    because it would fail again. Missing topics are not created. `options` are those of
    `KafkaBroker`.
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
    """Return a filter for handlers, which accepts messages with one of these events, of any
    version."""
    names = {_without_version(type_name(event)) for event in events}

    def fits(message: KafkaMessage) -> bool:
        return _without_version(message.headers.get("ce_type", "")) in names

    return fits


def pass_others(subscriber: Any) -> None:
    """Let a subscriber skip, undecoded, the messages that none of its handlers accepts. Call it
    last: FastStream asks handlers in order, and treats a message without a handler as an error."""
    subscriber(_passed, decoder=_unread)


class _Reader:
    """The decoder of an integration's broker."""

    def __init__(self, settings: IntegrationSettings) -> None:
        self._codec, self._signers = settings.codec(), settings.signing_keys.keys()

    async def read(self, message: KafkaMessage) -> Record | list[Record]:
        """Return the record of a message, or the records of a batch."""
        raw = message.raw_message
        try:
            return (
                [self._record(one) for one in raw] if isinstance(raw, tuple) else self._record(raw)
            )
        except (Forged, UnreadableRecord) as error:
            # No traceback: it may contain personal data.
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
    """Parse a record. FastStream's own parser fails on a header that is not UTF-8."""
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
