"""What FastStream services of others are made of, with FastStream's own test broker."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import CommentAdded
from case_events.contracts.commands import AddComment
from case_events.contracts.parts import WrittenContent
from case_events.contracts.sla import TargetBreached
from case_events.envelope import Actor, Delivery, Record
from case_events.faststream import (
    CommandPublisher,
    IntegrationSettings,
    connect,
    is_event,
    pass_others,
)
from case_events.keyring import BadKey
from case_events.topics import CASES, COMMANDS
from case_events.wire.codec import Codec, delivery
from case_events.wire.keys import keys_of
from case_events.wire.signing import Destination, Forged
from faststream.kafka import KafkaBroker, TestKafkaBroker
from faststream.message import StreamMessage

from tests.support.wire import SEALING, SIGNING, codec

BOT = Actor(kind="agent", id="bot")
CASE, WHEN = UUID(int=7), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BREACH = TargetBreached(target="first_response", cycle=1, rests_on=3, due_at=WHEN, detected_at=WHEN)
COMMENT = CommentAdded(
    comment="c1", author="agent", public=True, personal=WrittenContent(text="Grace writes")
)
OWN = "integration.bot"
workflows = Codec(keys_of(SEALING, SIGNING | {OWN: SIGNING["portal"]}))
"""As workflow has it, which knows the key of the integration."""


def record(event: Event) -> Record:
    """An event of a case, as workflow publishes it."""
    return Record(
        id=UUID(int=9),
        type=type_name(event),
        source="workflow/0",
        tenant="acme",
        occurred_at=WHEN,
        recorded_at=WHEN,
        actor=BOT,
        channel="mail",
        correlation=UUID(int=1),
        definition="acme/1",
        case=CASE,
        version=4,
        data=event,
    )


def settings(**given: Any) -> IntegrationSettings:
    """The settings of an integration."""
    return IntegrationSettings.model_validate({"kafka": "a:1", "integration": "bot"} | given)


async def publish(broker: KafkaBroker, event: Event, **headers: str) -> None:
    """Put an event on `cases`, as workflow does."""
    one = record(event)
    value = codec.encode(one)
    own = codec.headers(one, value, 4, Destination(CASES, 0, str(CASE)))
    await broker.publish(value, CASES, key=str(CASE).encode(), partition=0, headers=own | headers)


class Heard:
    """What the handlers of a broker got."""

    def __init__(self, broker: KafkaBroker) -> None:
        self.breaches: list[Record] = []
        cases = broker.subscriber(CASES, group_id="bot")

        @cases(filter=is_event(TargetBreached))
        async def breached(record: Record) -> None:
            self.breaches.append(record)

        pass_others(cases)


def test_a_handler_gets_the_events_of_its_class_typed_and_no_others() -> None:
    async def main() -> None:
        broker = connect(settings())
        heard = Heard(broker)
        async with TestKafkaBroker(broker):
            await publish(broker, BREACH)
            await publish(broker, COMMENT)
            await broker.publish(b"no record", CASES)
            await broker.publish(b"{}", CASES, headers={"ce_type": "nl.unheard.of.v1"})
        assert [one.data for one in heard.breaches] == [BREACH]
        assert heard.breaches[0].case == CASE

    asyncio.run(main())


def test_what_a_filter_wants_is_wanted_in_every_version() -> None:
    def message(ce_type: str) -> Any:
        return StreamMessage(None, b"", headers={"ce_type": ce_type})

    wanted = is_event(TargetBreached, CommentAdded)
    assert wanted(message("nl.casefold.sla.target-breached.v1"))
    assert wanted(message("nl.casefold.sla.target-breached.v12"))
    assert not wanted(message("nl.casefold.sla.target-met.v1"))
    assert not wanted(message(""))


def test_headers_that_are_no_text_hinder_nothing() -> None:
    async def main() -> None:
        broker = connect(settings())
        heard = Heard(broker)
        async with TestKafkaBroker(broker):
            await publish(broker, BREACH, other=b"\xff".decode("latin-1"))
        assert len(heard.breaches) == 1

    asyncio.run(main())


@pytest.mark.parametrize(("keys", "text"), [({}, ""), ({"sealing_keys": SEALING}, "Grace writes")])
def test_who_has_no_key_reads_all_but_what_is_personal(keys: dict[str, Any], text: str) -> None:
    async def main() -> None:
        broker = connect(settings(**keys))
        got: list[Record] = []

        @broker.subscriber(CASES)
        async def heard(record: Record) -> None:
            got.append(record)

        async with TestKafkaBroker(broker):
            await publish(broker, COMMENT)
        [comment] = [one.data for one in got]
        assert isinstance(comment, CommentAdded)
        assert (comment.public, comment.personal.text) == (True, text)

    asyncio.run(main())


def test_who_has_the_writers_keys_tells_what_is_forged() -> None:
    async def main() -> None:
        broker = connect(settings(sealing_keys=SEALING, signing_keys=SIGNING))
        heard = Heard(broker)
        async with TestKafkaBroker(broker):
            await publish(broker, BREACH, ce_mac="test.00")
            await publish(broker, BREACH)
        assert len(heard.breaches) == 1

    asyncio.run(main())


def test_what_a_handler_fails_at_is_an_error_and_what_cannot_be_read_is_not() -> None:
    """FastStream seeks back for the first, and goes on after the second."""

    async def main() -> None:
        broker = connect(settings())

        @broker.subscriber(CASES)
        async def failing(record: Record) -> None:
            raise ZeroDivisionError

        async with TestKafkaBroker(broker):
            with pytest.raises(ZeroDivisionError):
                await publish(broker, BREACH)
            await broker.publish(b"no record", CASES)

    asyncio.run(main())


def publisher(broker: KafkaBroker) -> CommandPublisher:
    """A publisher with its keys."""
    keys = {"sealing_keys": SEALING, "signing_keys": {OWN: SIGNING["portal"]}, "partitions": 4}
    return CommandPublisher(broker, settings(**keys), BOT)


def test_a_command_is_sealed_signed_and_goes_to_the_partition_of_its_case() -> None:
    async def main() -> None:
        broker = connect(settings())
        commands, raw = publisher(broker), []

        @broker.subscriber(COMMANDS, decoder=lambda message: message.raw_message)
        async def heard(message: Any) -> None:
            raw.append(message)

        cause = record(BREACH)
        async with TestKafkaBroker(broker):
            ids = [
                await commands.publish(
                    AddComment(public=False, personal=WrittenContent(text="late")), cause
                )
                for _ in range(3)
            ]
        deliveries = [_delivered(one) for one in raw]
        for one, new in zip(deliveries, ids, strict=True):
            assert b"late" not in one.value
            workflows.check(one)
            asked = codec.decode(one.value)
            assert (asked.id, asked.case, asked.causation) == (new, CASE, cause.id)
            assert (asked.actor, asked.definition) == (BOT, "acme/1")
            assert (one.source, one.key) == (f"{OWN}/0", str(CASE))
        sequences = [one.sequence for one in deliveries]
        assert sequences == sorted(set(sequences))

    asyncio.run(main())


def test_an_integration_writes_commands_alone() -> None:
    """Its key makes it no writer of the history."""
    one = record(BREACH)
    for topic, writes in ((COMMANDS, True), (CASES, False)):
        value, to = codec.encode(one), Destination(topic, 0, str(CASE))
        source = {"ce_source": f"{OWN}/0", "ce_sequence": "1"}
        signed = workflows.signed(source, value, to)
        came = Delivery(
            topic=topic, partition=0, offset=0, key=str(CASE), headers=signed, value=value,
            source=f"{OWN}/0", sequence=1,
        )  # fmt: skip
        if writes:
            workflows.check(came)
        else:
            with pytest.raises(Forged, match="does not write cases"):
                workflows.check(came)


def _delivered(message: Any) -> Delivery:
    return delivery(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        attributes=message.headers,
        value=message.value,
    )


def test_a_publisher_without_keys_is_refused() -> None:
    for keys in ({}, {"sealing_keys": SEALING}):
        with pytest.raises(BadKey, match=r"integration\.bot"):
            CommandPublisher(connect(settings()), settings(**keys), BOT)
