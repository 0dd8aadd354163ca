"""What does not come from whom it names is held apart, and changes nothing (point 12)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from case_events.contracts.base import type_name
from case_events.contracts.intake import ReplyReceived
from case_events.envelope import SYSTEM, Delivery, Record
from case_events.runtime import Unavailable
from case_events.testing import virtual_time
from case_events.topics import CASES, COMMANDS, INTAKE, partition_of
from case_events.wire.codec import Codec
from case_events.wire.keys import Keys
from case_events.wire.signing import Destination, Forged

from tests.support.wire import KEYS
from tests.unit.runtime import trials
from tests.unit.runtime.counting import COUNTER, ECHO
from tests.unit.runtime.world import PARTITIONS, START, World, cases, codec

A, B = cases(2)
PARTITION = partition_of(str(A), PARTITIONS)
HERE = Destination(INTAKE, PARTITION, str(A))
FORGER = Codec(Keys(sealing=KEYS.sealing, signing={"intake": {"test": b"a guess" * 8}}))


def record(name: str, source: str = f"intake/{PARTITION}") -> Record:
    """What an attacker would have taken for a reply to A."""
    event = ReplyReceived(found_by="", participant=True, message_id=name)
    return Record(
        id=UUID(int=99), type=type_name(event), source=source, tenant="acme", occurred_at=START,
        recorded_at=START, actor=SYSTEM, channel="mail", correlation=UUID(int=1), case=A,
        data=event,
    )  # fmt: skip


def signed(
    name: str, by: Codec = codec, to: Destination = HERE, source: str = f"intake/{PARTITION}",
    sequence: int = 900,
) -> tuple[bytes, dict[str, str]]:  # fmt: skip
    """A value and its headers, signed by somebody for some place."""
    value = by.encode(record(name, source))
    return value, by.headers(record(name, source), value, sequence, to)


def no_signature() -> tuple[bytes, dict[str, str]]:
    value, headers = signed("forged")
    del headers["ce_mac"]
    return value, headers


def another_key() -> tuple[bytes, dict[str, str]]:
    return signed("forged", FORGER)


def another_value() -> tuple[bytes, dict[str, str]]:
    """The headers of a genuine record, with other words under them."""
    _, headers = signed("genuine")
    return codec.encode(record("forged")), headers


def another_sequence() -> tuple[bytes, dict[str, str]]:
    value, headers = signed("genuine")
    return value, headers | {"ce_sequence": "901"}


def another_topic() -> tuple[bytes, dict[str, str]]:
    """Intake writes messages too: what it signed for there does not count here."""
    return signed("forged", to=Destination("messages", PARTITION, str(A)))


def another_case() -> tuple[bytes, dict[str, str]]:
    return signed("forged", to=Destination(INTAKE, PARTITION, str(B)))


def another_partition() -> tuple[bytes, dict[str, str]]:
    """On another partition nobody has had its sequence: there it would be new."""
    return signed("forged", to=Destination(INTAKE, 1 - PARTITION, str(A)))


def a_service_that_does_not_write_here() -> tuple[bytes, dict[str, str]]:
    """Its signature is right, and it may say much, but nothing on this topic."""
    return signed("forged", source=f"notify/{PARTITION}")


def a_key_that_nobody_has() -> tuple[bytes, dict[str, str]]:
    value, headers = signed("forged")
    return value, headers | {"ce_mac": "7." + headers["ce_mac"].partition(".")[2]}


def nobody() -> tuple[bytes, dict[str, str]]:
    return codec.encode(record("forged", "")), {"ce_sequence": "900"}


def bytes_alone() -> tuple[bytes, dict[str, str]]:
    return b"\x00\xff", {"ce_source": "\x00intake/0", "ce_mac": "\x00.\x00"}


ATTACKS = [
    no_signature,
    another_key,
    another_value,
    another_sequence,
    another_topic,
    another_case,
    another_partition,
    a_service_that_does_not_write_here,
    a_key_that_nobody_has,
    nobody,
    bytes_alone,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_forged_record_is_held_whole_and_its_case_goes_on(
    attack: Callable[[], tuple[bytes, dict[str, str]]],
) -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        world.send(A, "one")
        value, headers = attack()
        sent = world.bus.append(INTAKE, PARTITION, str(A), value, headers)
        world.send(A, "two")
        await world.passes(1)
        assert world.had(A) == ["one", "two"]
        assert world.parked() == []
        (held,) = await world.logs["counter"].quarantined("waiting")
        assert (held.delivery.value, held.delivery.headers) == (value, sent.headers)
        assert held.delivery.offset == sent.offset
        counted = replica.runtime.metrics.registry
        assert counted.get_sample_value("casefold_quarantined_total", {"topic": INTAKE}) == 1

        await world.crash(replica)
        again = await world.start(COUNTER)
        world.send(A, "three")
        await world.passes(1)
        assert world.had(A) == ["one", "two", "three"]
        assert again.runtime.metrics.quarantined._metrics == {}, "its position was moved past it"

    virtual_time.run(trial())


def test_a_forged_sequence_makes_no_real_record_look_as_if_we_had_it() -> None:
    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        for attack in (no_signature, another_key, another_sequence):
            value, headers = attack()
            world.bus.append(
                INTAKE, PARTITION, str(A), value, headers | {"ce_sequence": str(10**9)}
            )
        await world.passes(1)
        world.send(A, "one")
        await world.passes(1)
        assert world.had(A) == ["one"]
        world.check()

    virtual_time.run(trial())


def test_a_genuine_record_that_is_played_again_is_had_already() -> None:
    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        world.send(A, "one")
        (first,) = world.bus.records(INTAKE)
        world.bus.append(INTAKE, PARTITION, str(A), first.value, first.headers)
        await world.passes(1)
        assert world.had(A) == ["one"]
        assert await world.logs["counter"].quarantined("waiting") == []

    virtual_time.run(trial())


def test_what_an_operator_releases_is_taken_as_if_it_were_genuine() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        value, headers = signed("of a key that was lost", FORGER)
        world.bus.append(INTAKE, PARTITION, str(A), value, headers)
        await world.passes(1)
        log = world.logs["counter"]
        (held,) = await log.quarantined("waiting")
        assert await log.decide(held.place, "released", "our own, signed with a key that is gone")
        assert not await log.decide(held.place, "discarded", "too late")
        await world.passes(1)
        assert world.had(A) == ["of a key that was lost"]
        (done,) = await log.quarantined("admitted")
        assert done.why == "our own, signed with a key that is gone"
        await world.crash(replica)
        await world.start(COUNTER)
        await world.passes(1)
        assert world.had(A) == ["of a key that was lost"], "taken once"

    virtual_time.run(trial())


def test_what_an_operator_discards_stays_on_record_and_is_never_taken() -> None:
    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        value, headers = no_signature()
        world.bus.append(INTAKE, PARTITION, str(A), value, headers)
        await world.passes(1)
        log = world.logs["counter"]
        (held,) = await log.quarantined("waiting")
        assert await log.decide(held.place, "discarded", "an attack")
        await world.passes(1)
        assert world.had(A) == []
        assert [one.why for one in await log.quarantined("discarded")] == ["an attack"]

    virtual_time.run(trial())


def test_what_waited_behind_a_record_in_quarantine_goes_on_once_it_is_released() -> None:
    """On `cases` no version may be left out: later ones wait for the one that is held."""

    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        for name in ("one", "two", "three"):
            world.send(A, name)
        await world.passes(1)
        damaged: list[Delivery] = world.bus._records[CASES, PARTITION]
        right = damaged[1].headers["ce_mac"]
        damaged[1].headers["ce_mac"] = "test.00"
        await world.start(ECHO)
        await world.passes(1)
        assert world.had(A, "echo") == ["one"]
        assert world.parked("echo") == ["version 3 came after 1"]
        log = world.logs["echo"]
        (held,) = await log.quarantined("waiting")
        assert held.delivery.headers["ce_mac"] != right
        await log.decide(held.place, "released", "compared with the log of its service")
        await world.passes(1)
        assert world.had(A, "echo") == ["one", "two", "three"]
        assert world.parked("echo") == []

    virtual_time.run(trial())


def test_what_cannot_be_taken_when_it_is_released_parks_its_case() -> None:
    async def trial() -> None:
        world = World()
        await world.start(COUNTER)
        world.bus.append(INTAKE, PARTITION, str(A), b"{", {})
        await world.passes(1)
        log = world.logs["counter"]
        (held,) = await log.quarantined("waiting")
        await log.decide(held.place, "released", "by mistake")
        await world.passes(1)
        assert len(world.parked()) == 1
        assert await log.quarantined("released") == []

    virtual_time.run(trial())


def test_a_commit_that_fails_holds_a_forged_record_once() -> None:
    async def trial() -> None:
        world = await trials.both()
        world.replicas[0].faults.plan("commit", Unavailable("gone"))
        world.replicas[0].faults.plan("answer", None, Unavailable("no answer"))
        world.bus.append(INTAKE, PARTITION, str(A), *no_signature())
        trials.send_rounds(world, 2)
        await world.passes(30)
        world.check()
        assert len(world.logs["counter"].state.quarantine) == 1

    virtual_time.run(trial())


def test_a_service_signs_nothing_on_a_topic_that_it_does_not_write() -> None:
    """Of commands: workflow's own are taken, the counter's are not, each rightly signed."""
    to, bus = Destination(COMMANDS, PARTITION, str(A)), World().bus
    for service, why in (("workflow", None), ("counter", "'counter' does not write commands")):
        value, headers = signed("asked", to=to, source=f"{service}/{PARTITION}")
        sent = bus.append(COMMANDS, PARTITION, str(A), value, headers)
        if why is None:
            codec.check(sent)
        else:
            with pytest.raises(Forged, match=why):
                codec.check(sent)
