"""A case that cannot go on parks, with all behind it; the others pass (point 14)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unittest.mock import patch

from case_events.runtime import WriteRejected
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import Work
from case_events.runtime.ports import Snapshot
from case_events.testing import virtual_time
from case_events.testing.memory import MemoryTransaction
from msgspec.structs import replace

from tests.unit.runtime import trials
from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.world import Replica, World, cases

A, B = cases(2)


async def one() -> World:
    world = World()
    await world.start(COUNTER)
    return world


def refusing(replica: Replica, word: bytes) -> None:
    """The database refuses whatever remembers this word."""

    async def rule(tx: MemoryTransaction) -> None:
        if any(word in kept.state for kept in tx.snapshots.values()):
            raise WriteRejected("no such characters")

    replica.faults.rule("commit", rule)


def test_a_poison_record_parks_its_case_alone_and_a_retry_keeps_the_order() -> None:
    async def trial() -> None:
        world = await one()
        for case in (A, B):
            world.send(case, "one")
        world.send(A, "bad", "poison")
        for case in (A, B):
            world.send(case, "three")
        await world.passes(1)
        world.send(A, "four")
        await world.passes(1)
        assert world.had(A) == ["one"]
        assert world.had(B) == ["one", "three"]
        assert world.parked() == ["ValueError: this one is poison", *["behind a parked record"] * 2]
        assert await world.logs["counter"].request_retry(A) == 3
        await world.passes(1)
        assert world.had(A) == ["one"]
        assert not any(p.retry for p in world.logs["counter"].state.parked.values())
        world.reference.healed = True
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        assert world.parked() == []
        world.send(A, "five")
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_a_parked_case_stays_parked_for_the_next_owner() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "bad", "poison")
        await world.passes(1)
        await world.crash(world.replicas[0])
        await world.start(COUNTER)
        world.send(A, "two")
        await world.passes(1)
        assert world.had(A) == []
        world.reference.healed = True
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_bytes_that_are_no_record_park_the_case_of_their_key() -> None:
    async def trial() -> None:
        world = await one()
        world.put(A, b"\xff{")
        world.send(A, "behind")
        world.send(B, "passes")
        await world.passes(1)
        assert world.had(A) == []
        assert world.had(B) == ["passes"]
        assert world.parked()[0].startswith("cannot be read")

    virtual_time.run(trial())


def test_a_record_under_an_unknown_definition_waits_until_it_arrives() -> None:
    """Guarantee 6: known ground."""

    async def trial() -> None:
        world = await one()
        world.send(A, "one", definition="acme/7")
        world.send(A, "two")
        world.send(B, "one")
        await world.passes(60)
        assert world.had(A) == []
        assert world.had(B) == ["one"]
        world.reference.definitions.add("acme/7")
        world.replicas[0].runtime.apply_reference(trials.reference_record("acme/7"))
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_what_only_the_database_refuses_is_found_by_halving() -> None:
    async def trial() -> None:
        world = await one()
        refusing(world.replicas[0], b"ugly")
        trials.send_rounds(world, 1)
        world.send(A, "ugly")
        trials.send_rounds(world, 2, "then")
        await world.passes(1)
        assert world.had(A) == ["input 0"]
        assert world.had(B) == world.sent[B]
        assert world.parked()[0] == "the database refused it: no such characters"
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        assert world.had(A) == ["input 0"]
        assert len(world.replicas[0].runtime.partitions.parked) == 1
        world.replicas[0].faults.rule("commit", None)
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_a_retry_that_the_database_refuses_in_the_middle_keeps_what_came_before() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "bad", "poison")
        for name in ("two", "ugly", "four"):
            world.send(A, name)
        await world.passes(1)
        world.reference.healed = True
        refusing(world.replicas[0], b"ugly")
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        assert world.had(A) == ["bad", "two"]
        assert world.parked()[0] == "the database refused it: no such characters"
        world.replicas[0].faults.rule("commit", None)
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_a_timer_or_an_effect_that_the_database_refuses_parks_too() -> None:
    async def trial() -> None:
        world = await one()
        refusing(world.replicas[0], b"timer")
        world.send(A, "one", "timer 600")
        await world.passes(700)
        refusing(world.replicas[0], b"effect")
        world.send(B, "one", "effect mail-1")
        await world.passes(1)
        assert world.had(A) == ["one"]
        assert world.had(B) == ["one"]
        assert world.parked() == ["the database refused it: no such characters"] * 2
        world.replicas[0].faults.rule("commit", None)
        for case in (A, B):
            await world.logs["counter"].request_retry(case)
        await world.passes(1)
        assert world.had(A) == ["one", "timer ring due 08:10"]
        assert world.had(B) == ["one", "effect mail-1 done after 1"]
        assert len(world.replicas[0].handled) == 1

    virtual_time.run(trial())


def test_a_memory_that_cannot_be_read_parks_its_case_alone() -> None:
    async def trial() -> None:
        world = await one()
        world.logs["counter"].state.snapshots[A] = Snapshot(b'{"had": 7}', 0)
        for case in (A, B):
            world.send(case, "one")
        await world.passes(1)
        assert world.had(B) == ["one"]
        assert world.parked()[0].startswith("what is remembered cannot be read")
        world.logs["counter"].state.snapshots[A] = Snapshot(b"{}", 0)
        await world.logs["counter"].request_retry(A)
        await world.passes(1)
        world.check()

    virtual_time.run(trial())


def test_an_outcome_that_cannot_be_encoded_leaves_nothing_behind() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "broken")
        world.send(B, "one")
        await world.passes(1)
        assert len(world.parked()) == 1
        assert [entry.case for entry in world.logs["counter"].entries()] == [B]

    virtual_time.run(trial())


def test_a_discarded_record_lets_its_case_go_on_with_what_came_after() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        world.send(A, "bad", "poison")
        for name in ("three", "four"):
            world.send(A, name)
        await world.passes(1)
        assert world.had(A) == ["one"]
        given_up = await world.logs["counter"].discard(A, "not worth the trouble", "ops")
        assert given_up is not None
        assert given_up.error == "ValueError: this one is poison"
        await world.passes(1)
        assert world.parked() == []
        assert world.had(A) == ["one", "three", "four"]
        await world.passes(700)
        assert world.had(A)[3:] == ["timer ring due 08:10"]
        world.sent[A].remove("bad")
        world.check()

    virtual_time.run(trial())


def test_a_case_whose_last_parked_record_is_discarded_goes_on() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        world.send(A, "bad", "poison")
        await world.passes(1)
        await world.logs["counter"].discard(A, "not worth the trouble", "ops")
        await world.passes(1)
        assert not world.replicas[0].runtime.partitions.parked
        world.send(A, "three")
        await world.passes(700)
        assert world.had(A) == ["one", "three", "timer ring due 08:10"]

    virtual_time.run(trial())


def test_the_words_of_an_error_do_not_decide_whether_a_case_waits_for_reference_data() -> None:
    """Reference data that arrive let go on what awaits them, whatever its error says."""

    async def trial() -> None:
        world = await one()
        world.send(A, "one", definition="acme/7")
        world.send(B, "bad", "poison")
        await world.passes(1)
        state = world.logs["counter"].state.parked
        for place, record in state.items():
            reason = "some other words" if record.case == A else "waits for nobody knows what"
            state[place] = replace(record, error=reason)
        turned: list[object] = []
        take_again = UnitOfWork.retry

        def noted(self: UnitOfWork[Any, Any], work: Sequence[Work], now: datetime) -> int:
            turned.extend(item.case for item in work)
            return take_again(self, work, now)

        with patch.object(UnitOfWork, "retry", noted):
            world.reference.definitions.add("acme/7")
            world.replicas[0].runtime.apply_reference(trials.reference_record("acme/7"))
            await world.passes(1)
        assert turned == [A]
        assert world.had(A) == ["one"]

    virtual_time.run(trial())
