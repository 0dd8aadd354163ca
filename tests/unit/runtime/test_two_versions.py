"""A service beside a newer one: what only informs passes, what deciding rests on waits (point 13).

What a newer version wrote is made here by knowing more while it is sent than while it is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from unittest.mock import patch

from case_events.contracts import base
from case_events.contracts.base import Contract, Event, type_name
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSuppressed
from case_events.contracts.parts import DECIDES
from case_events.envelope import Record
from case_events.testing import virtual_time
from case_events.topics import CASES, INTAKE, SLA, partition_of
from case_events.wire import codec as codec_module
from case_events.wire import versions
from case_events.wire.signing import Destination
from case_events.wire.versions import demands
from msgspec.structs import replace

from tests.unit.runtime.counting import COUNTER, ECHO
from tests.unit.runtime.world import PARTITIONS, World, cases, codec

A, B = cases(2)


class LouderReply(ReplyReceived, frozen=True):
    """What the newer version makes of a reply: how loud it is, on which deciding rests."""

    loud: Annotated[bool, DECIDES] = False
    mood: str = ""


class NumberedReply(Event, frozen=True):
    """A reply with a value that no reply has here."""

    found_by: int
    participant: bool
    message_id: str


class Hummed(NoticeSuppressed, frozen=True, kw_only=True):
    """An event that only the newer version knows."""


def named(name: str, event: type[Event], topic: str, *, informs: bool = False) -> Contract:
    return Contract(
        ce_type=f"nl.casefold.{name}", label="of_tests", event=event, topics=(topic,),
        informs=informs,
    )  # fmt: skip


REPLY = type_name(ReplyReceived)
LOUDER = named(REPLY.removeprefix("nl.casefold."), LouderReply, INTAKE)
NEWER_REPLY = named("case.reply-received.v9", LouderReply, INTAKE)
DECIDING, INFORMING = (
    named("case.hummed.v1", Hummed, CASES, informs=informs) for informs in (False, True)
)


@contextmanager
def upgraded(*contracts: Contract) -> Iterator[None]:
    """Within this block the contracts are known."""
    by_class = {contract.event: contract for contract in contracts}
    by_type = {contract.ce_type: contract for contract in contracts}
    with (
        patch.dict(base._by_class, by_class),
        patch.dict(base._by_type, by_type),
        patch.dict(codec_module._decoders),
    ):
        for ce_type in by_type:
            codec_module._decoders.pop(ce_type, None)
        versions._declared.cache_clear()
        yield


def reply(name: str, **more: Any) -> LouderReply:
    return LouderReply(found_by="", participant=True, message_id=name, **more)


def rewritten(world: World, index: int, value: bytes, record: Record) -> None:
    """Put another record of the counter in place of one on the history, signed as it would be."""
    place = (CASES, partition_of(str(A), PARTITIONS))
    lying = world.bus._records[place]
    old = lying[index]
    headers = codec.headers(record, value, old.sequence, Destination(*place, old.key))
    lying[index] = replace(old, value=value, headers=headers)


def history(world: World) -> list[Record]:
    return [codec.decode(one.value) for one in world.bus.records(CASES)]


async def humming(world: World, contract: Contract) -> None:
    """The counter's newer version says something new of A, between what it says as before."""
    await world.start(COUNTER)
    for name in ("one", "two", "three"):
        world.send(A, name)
    await world.passes(1)
    with upgraded(contract):
        event = Hummed(notice="hm", about=1, recipient="", reason="")
        hummed = replace(history(world)[1], type=contract.ce_type, data=event)
        rewritten(world, 1, codec.encode(hummed), hummed)


def test_an_event_that_decides_waits_until_the_service_is_upgraded() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        world.send(A, "one")
        with upgraded(NEWER_REPLY):
            world.say(A, reply("two"))
        world.send(A, "three")
        world.send(B, "one")
        await world.passes(1)
        assert (world.had(A), world.had(B)) == (["one"], ["one"])
        first, second = world.parked()
        assert first.startswith("cannot be read: there is no contract")
        assert second == "behind a parked record"
        await world.crash(replica)
        with upgraded(NEWER_REPLY):
            await world.start(COUNTER)
            await world.passes(1)
            assert world.had(A) == ["one", "two", "three"]
            assert world.parked() == []

    virtual_time.run(trial())


def test_an_event_that_only_informs_passes_as_nothing() -> None:
    """The version of the case moves with it, or the next would come too early."""

    async def trial() -> None:
        world = World()
        await humming(world, INFORMING)
        echo = await world.start(ECHO)
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "three"]
        assert world.parked("echo") == []
        assert world.logs["echo"].snapshots()[A].version == 3
        counted = echo.runtime.metrics.registry
        assert counted.get_sample_value("casefold_passed_total") == 1
        world.send(A, "four")
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "three", "four"]

    virtual_time.run(trial())


def test_in_the_history_what_decides_holds_up_what_comes_after() -> None:
    async def trial() -> None:
        world = World()
        await humming(world, DECIDING)
        echo = await world.start(ECHO)
        await world.passes(1)
        assert world.had(A, "echo") == ["one"]
        assert len(world.parked("echo")) == 2
        await world.crash(echo)
        with upgraded(DECIDING):
            await world.start(ECHO)
            await world.passes(1)
            assert world.had(A, "echo") == ["one", "hm", "three"]
            assert world.parked("echo") == []

    virtual_time.run(trial())


def test_what_only_informs_queues_behind_what_waits() -> None:
    async def trial() -> None:
        world = World()
        await humming(world, INFORMING)
        first = codec.decode(world.bus.records(CASES)[0].value)
        rewritten(world, 0, b"{", replace(first, type="nl.casefold.of-tests.v1"))
        await world.start(ECHO)
        await world.passes(1)
        assert world.had(A, "echo") == []
        assert len(world.parked("echo")) == 3

    virtual_time.run(trial())


def test_a_field_that_only_informs_is_left_out() -> None:
    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        with upgraded(LOUDER):
            world.say(A, reply("one", mood="cross"))
        await world.passes(1)
        assert world.had(A) == ["one"]

    virtual_time.run(trial())


def test_a_field_that_decides_waits_where_it_is_set() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        with upgraded(LOUDER):
            world.say(A, reply("one"))
            world.say(A, reply("two", loud=True))
        await world.passes(1)
        assert world.had(A) == ["one"]
        assert world.parked() == ["waits for an upgrade: loud is not known here"]
        await world.crash(replica)
        with upgraded(LOUDER):
            await world.start(COUNTER)
            await world.passes(1)
            assert world.had(A) == ["one", "two"]

    virtual_time.run(trial())


def test_a_value_that_is_not_known_waits_too() -> None:
    """An enumeration may gain values; to an old reader such a record does not fit."""

    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        with upgraded(named(REPLY.removeprefix("nl.casefold."), NumberedReply, INTAKE)):
            world.say(A, NumberedReply(7, True, "one"))
        await world.passes(1)
        (error,) = world.parked()
        assert error.startswith("cannot be read: Expected `str`, got `int`")
        await world.crash(replica)

    virtual_time.run(trial())


def test_what_is_to_stand_in_the_history_never_only_informs_on_its_way() -> None:
    """Workflow would leave it out for ever."""
    event = NoticeSuppressed(notice="n", about=1, recipient="", reason="r")
    assert demands(event, CASES) == {"ce_purpose": "informs"}
    assert demands(event, SLA) == {}
