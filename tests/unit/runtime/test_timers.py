"""Timers fire once, when they are due, and only when all that came before was read."""

import time

from case_events.envelope import Delivery
from case_events.runtime import Unavailable
from case_events.runtime.engine.work import Batch
from case_events.testing import virtual_time

from tests.unit.runtime import trials
from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.world import World, cases

A, B = cases(2)


async def one() -> World:
    world = World()
    await world.start(COUNTER)
    return world


def test_a_timer_fires_once_at_its_time() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(599)
        assert world.had(A) == ["one"]
        await world.passes(2)
        assert world.had(A) == ["one", "timer ring due 08:10"]
        await world.passes(86_400)
        world.check()
        assert len(world.had(A)) == 2

    virtual_time.run(trial())


def test_a_timer_set_anew_fires_at_the_new_time_alone() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(300)
        world.send(A, "two", "timer 600")
        await world.passes(86_400)
        assert world.had(A) == ["one", "two", "timer ring due 08:15"]

    virtual_time.run(trial())


def test_a_timer_that_was_cleared_does_not_fire() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(300)
        world.send(A, "two", "clear")
        await world.passes(86_400)
        assert world.had(A) == ["one", "two"]

    virtual_time.run(trial())


def test_an_answer_that_lies_unread_when_a_timer_falls_due_comes_first() -> None:
    """D4: no breach by a race. Later timers of the partition still fire after it."""

    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(1)
        read = world.bus.read
        world.bus.read = lambda *_: []  # type: ignore[method-assign]
        world.send(A, "answer", "clear")
        await world.passes(700)
        assert world.had(A) == ["one"]
        world.bus.read = read  # type: ignore[method-assign]
        world.replicas[0].inbox.wake()
        await world.passes(1)
        assert world.had(A) == ["one", "answer"]
        world.send(A, "three", "timer 600")
        await world.passes(700)
        assert world.had(A)[2:] == ["three", "timer ring due 08:21"]

    virtual_time.run(trial())


def test_a_timer_fires_once_though_the_commit_fails_or_its_answer_is_lost() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        world.send(B, "one", "timer 900")
        await world.passes(1)
        world.replicas[0].faults.plan("commit", Unavailable("gone"), None, None)
        await world.passes(700)
        world.replicas[0].faults.plan("answer", Unavailable("gone"))
        await world.passes(700)
        assert world.had(A) == ["one", "timer ring due 08:10"]
        assert world.had(B) == ["one", "timer ring due 08:15"]

    virtual_time.run(trial())


def test_a_timer_survives_its_owner_and_fires_late_but_once() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(1)
        await world.crash(world.replicas[0])
        await world.passes(3600)
        await world.start(COUNTER)
        await world.passes(86_400)
        assert world.had(A) == ["one", "timer ring due 08:10"]
        world.check()

    virtual_time.run(trial())


def test_a_parked_case_holds_its_own_timers_and_no_others() -> None:
    async def trial() -> None:
        world = await one()
        same_partition = next(
            c for c in cases(9)[1:] if trials.partition_by_case(c) == trials.partition_by_case(A)
        )
        world.send(A, "one", "timer 600")
        world.send(same_partition, "one", "timer 900")
        await world.passes(1)
        world.send(A, "bad", "poison")
        turns, take = [], world.replicas[0].inbox.take

        async def counted(wait: float, limit: int) -> list[Delivery]:
            turns.append(wait)
            return await take(wait, limit)

        world.replicas[0].inbox.take = counted  # type: ignore[method-assign]
        await world.passes(3600)
        assert len(turns) < 200, "a timer that may not fire must not keep the loop busy"
        assert world.had(same_partition) == ["one", "timer ring due 08:15"]
        assert world.had(A) == ["one"]
        world.reference.healed = True
        assert await world.logs["counter"].request_retry(A) == 1
        await world.passes(1)
        assert world.had(A) == ["one", "bad", "timer ring due 08:10"]

    virtual_time.run(trial())


def test_a_timer_cleared_in_the_batch_in_which_it_falls_due_does_not_fire() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 600")
        await world.passes(1)
        replica = world.replicas[0]
        process = replica.runtime.process

        async def together(batch: Batch) -> None:
            if batch.timers:
                world.send(A, "answer", "clear")
                batch.deliveries = await replica.inbox.take(0, 10)
            await process(batch)

        replica.runtime.process = together  # type: ignore[method-assign]
        await world.passes(3600)
        assert world.had(A) == ["one", "answer"]

    virtual_time.run(trial())


def test_a_virtual_day_takes_no_real_time() -> None:
    async def trial() -> None:
        world = await one()
        world.send(A, "one", "timer 80000")
        await world.passes(86_400)
        assert len(world.had(A)) == 2

    began = time.process_time()
    virtual_time.run(trial())
    assert time.process_time() - began < 20, "something polls"
