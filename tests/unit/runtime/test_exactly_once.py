"""Every input counts once, in order, whatever fails: the guarantee of the runtime (point 12)."""

import asyncio

from case_events.runtime import Unavailable
from case_events.testing import virtual_time
from case_events.topics import CASES

from tests.unit.runtime import trials
from tests.unit.runtime.counting import COUNTER, ECHO
from tests.unit.runtime.world import World, cases


def test_without_faults_all_is_counted_once_and_echoed() -> None:
    async def trial() -> None:
        world = await trials.both()
        trials.send_rounds(world, 3)
        await world.passes(5)
        world.check()
        assert world.replicas[0].runtime.metrics.seconds_since_turn() >= 0

    virtual_time.run(trial())


def test_a_commit_that_fails_is_done_again() -> None:
    virtual_time.run(trials.commit_fails())


def test_a_commit_whose_answer_is_lost_is_not_done_twice() -> None:
    async def trial() -> None:
        world = await trials.both()
        world.replicas[0].faults.plan("answer", None, Unavailable("no answer"))
        trials.send_rounds(world, 3)
        await world.passes(30)
        world.check()

    virtual_time.run(trial())


def test_what_is_kept_but_not_published_goes_out_after_a_crash() -> None:
    virtual_time.run(trials.crash_before_publishing())


def test_a_relay_that_sends_twice_after_a_crash_is_heard_once() -> None:
    virtual_time.run(trials.published_twice())


def test_a_relay_that_sent_a_part_sends_all_again_in_order() -> None:
    async def trial() -> None:
        world = await trials.both()
        faults = world.replicas[0].faults
        faults.plan("send", None, None, Unavailable("gone"), None, Unavailable("late"))
        faults.plan("acknowledge", Unavailable("no answer"))
        trials.send_rounds(world, 3)
        await world.passes(120)
        world.check()
        assert len(world.bus.records(CASES)) > sum(map(len, world.sent.values()))

    virtual_time.run(trial())


def test_a_fetch_that_ran_ahead_of_a_rolled_back_batch_is_read_again() -> None:
    virtual_time.run(trials.fetch_ran_ahead())


def test_partitions_handed_over_in_order_lose_nothing() -> None:
    async def trial() -> None:
        world = await trials.both()
        trials.send_rounds(world, 2)
        await asyncio.sleep(0)
        second = await world.start(COUNTER)
        trials.send_rounds(world, 2, "later")
        await world.passes(5)
        assert second.runtime.partitions.owned()
        assert world.replicas[0].runtime.partitions.owned()
        second.task.cancel()
        trials.send_rounds(world, 2, "last")
        await world.passes(5)
        assert world.replicas[0].runtime.partitions.owned() == [0, 1]
        world.check()

    virtual_time.run(trial())


def test_an_old_owner_that_still_runs_writes_nothing() -> None:
    """Point 13: the zombie is in the middle of a transaction when another takes its partitions."""

    async def trial() -> None:
        world = await trials.both()
        zombie = world.replicas[0]
        asleep, wake = asyncio.Event(), asyncio.Event()

        async def sleep(_: object) -> None:
            asleep.set()
            await wake.wait()

        zombie.faults.rule("commit", sleep)
        trials.send_rounds(world, 2)
        await asleep.wait()
        await world.groups["counter"].lose(zombie.inbox)
        await world.start(COUNTER)
        await world.passes(5)
        world.check()
        kept = len(world.logs["counter"].entries())
        zombie.faults.rule("commit", None)
        wake.set()
        await world.passes(5)
        assert zombie.runtime.partitions.owned() == []
        assert len(world.logs["counter"].entries()) == kept
        await world.groups["counter"].rejoin(zombie.inbox)
        trials.send_rounds(world, 2, "after")
        await world.passes(5)
        world.check()

    virtual_time.run(trial())


def test_partitions_are_owned_even_if_the_log_goes_away_while_they_are_assigned() -> None:
    async def trial() -> None:
        world = World()
        first = await world.start(COUNTER)
        await world.start(ECHO)
        await world.groups["counter"].lose(first.inbox)
        first.faults.plan("claim", Unavailable("away"))
        first.faults.plan("parked", Unavailable("away"))
        first.faults.plan("now", Unavailable("away"))
        first.faults.plan("first_offset", Unavailable("away"))
        await world.groups["counter"].rejoin(first.inbox)
        trials.send_rounds(world, 2)
        await world.passes(5)
        world.check()

    virtual_time.run(trial())


def test_a_partition_whose_topic_was_trimmed_reads_on_at_what_is_left() -> None:
    async def trial() -> None:
        world = World()
        (case,) = cases(1)
        partition = trials.partition_by_case(case)
        first = await world.start(COUNTER)
        world.send(case, "one")
        await world.passes(5)
        await world.crash(first)
        for name in ("lost", "kept"):
            world.send(case, name)
        world.bus.trim("intake", partition, before=2)
        await world.start(COUNTER)
        await world.passes(5)
        assert world.had(case) == ["one", "kept"]

    virtual_time.run(trial())
