"""A service says to which events it reacts: records of others it does not read, and goes on."""

from case_events.contracts.base import type_name
from case_events.contracts.cases import PriorityAssessed
from case_events.contracts.notices import NoticeFailed, NoticeSent, NoticeSuppressed
from case_events.contracts.sla import DeadlineSet
from case_events.envelope import Record
from case_events.kernel import Service
from case_events.runtime.engine.work import ignored_types
from case_events.testing import virtual_time
from case_events.topics import CASES, partition_of
from case_events.wire.signing import Destination
from msgspec.structs import replace

from tests.unit.runtime.counting import COUNTER, ECHO, Counted, Known
from tests.unit.runtime.test_two_versions import (
    DECIDING,
    Hummed,
    history,
    rewritten,
    upgraded,
)
from tests.unit.runtime.world import PARTITIONS, World, cases, codec

A, _ = cases(2)
DEAF: Service[Counted, Known] = replace(ECHO, reacts_to=frozenset({NoticeSuppressed}))
"""As the echo; what other events say is nothing to it, and would be an error if it had to react."""
SENT = NoticeSent(notice="n", about=1, recipient="")


async def publish(world: World, *places: int) -> None:
    """The counter has said three things of A; those at these places are events of another kind,
    whose values nobody could read."""
    await world.start(COUNTER)
    for name in ("one", "two", "three"):
        world.send(A, name)
    await world.passes(1)
    for place in places:
        rewritten(world, place, b"{", other(history(world)[0], place + 1))


def other(first: Record, version: int) -> Record:
    return replace(first, type=type_name(SENT), data=SENT, version=version)


def test_what_it_does_not_react_to_is_not_read_and_the_version_of_the_case_moves() -> None:
    async def trial() -> None:
        world = World()
        await publish(world, 1)
        deaf = await world.start(DEAF)
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "three"]
        assert world.parked("echo") == []
        assert world.logs["echo"].snapshots()[A].version == 3
        counted = deaf.runtime.metrics.registry
        assert counted.get_sample_value("casefold_passed_total") == 0
        world.send(A, "four")
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "three", "four"]

    virtual_time.run(trial())


def test_whoever_says_nothing_reacts_to_everything() -> None:
    async def trial() -> None:
        world = World()
        await publish(world, 1)
        await world.start(ECHO)
        await world.passes(1)
        assert world.had(A, "echo") == ["one"]
        assert len(world.parked("echo")) == 2

    virtual_time.run(trial())


def test_an_unknown_event_waits_for_an_upgrade_all_the_same() -> None:
    """Only a newer version knows whether anybody reacts to it."""

    async def trial() -> None:
        world = World()
        await publish(world)
        with upgraded(DECIDING):
            hum = Hummed(notice="hm", about=1, recipient="", reason="")
            hummed = replace(history(world)[1], type=DECIDING.ce_type, data=hum)
            rewritten(world, 1, codec.encode(hummed), hummed)
        await world.start(DEAF)
        await world.passes(1)
        assert world.had(A, "echo") == ["one"]
        first, second = world.parked("echo")
        assert first.startswith("cannot be read: there is no contract")
        assert second == "behind a parked record"

    virtual_time.run(trial())


def test_a_field_that_has_to_be_known_is_looked_for() -> None:
    async def trial() -> None:
        world = World()
        await publish(world)
        place = CASES, partition_of(str(A), PARTITIONS)
        second = other(history(world)[0], 2)
        rewritten(world, 1, codec.encode(second), second)
        lying = world.bus._records[place]
        headers = lying[1].headers | {"ce_needs": "loud"}
        signed = codec.signed(headers, lying[1].value, Destination(*place, lying[1].key))
        lying[1] = replace(lying[1], headers=signed)
        await world.start(DEAF)
        await world.passes(1)
        assert world.parked("echo")[0] == "waits for an upgrade: loud is not known here"

    virtual_time.run(trial())


def test_the_first_record_of_a_case_is_read_whatever_it_is() -> None:
    async def trial() -> None:
        world = World()
        await publish(world, 0)
        await world.start(DEAF)
        await world.passes(1)
        assert world.had(A, "echo") == []
        assert world.parked("echo")[0].startswith("cannot be read")

    virtual_time.run(trial())


def test_it_queues_behind_what_waits_and_goes_on_with_it() -> None:
    async def trial() -> None:
        world = World()
        await publish(world, 1)
        world.reference.definitions.clear()
        await world.start(DEAF)
        await world.passes(1)
        assert (world.had(A, "echo"), len(world.parked("echo"))) == ([], 3)
        world.reference.definitions.add("")
        await world.logs["echo"].request_retry(A)
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "three"]
        assert world.parked("echo") == []

    virtual_time.run(trial())


def test_a_gap_before_it_is_seen() -> None:
    async def trial() -> None:
        world = World()
        await publish(world)
        rewritten(world, 1, b"{", other(history(world)[0], 3))
        await world.start(DEAF)
        await world.passes(1)
        assert world.had(A, "echo") == ["one"]
        assert world.parked("echo")[0] == "version 3 came after 1"

    virtual_time.run(trial())


def test_earlier_versions_of_an_event_are_passed_by_as_well() -> None:
    ignored = ignored_types({NoticeSuppressed, PriorityAssessed})
    assert {type_name(DeadlineSet), "nl.casefold.sla.deadline-set.v1"} <= ignored
    assert {type_name(NoticeSent), type_name(NoticeFailed)} <= ignored
    assert type_name(NoticeSuppressed) not in ignored
    assert "nl.casefold.case.priority-assessed.v1" not in ignored
    assert ignored_types(None) == frozenset()
