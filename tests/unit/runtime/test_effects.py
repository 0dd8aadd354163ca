"""Effects are done between two transactions, with backoff, and what came of them is kept once."""

import asyncio
from datetime import timedelta

from case_events.runtime import EffectHandler, EffectResult, PendingEffect, RetryPolicy, Unavailable
from case_events.testing import virtual_time

from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.world import START, Replica, World, cases

A, B = cases(2)


async def asked(*outcomes: EffectResult | Exception) -> tuple[World, Replica]:
    """A world in which one effect is asked, and what comes of its attempts."""
    world = World()
    replica = await world.start(COUNTER)
    replica.outcomes += outcomes
    world.send(A, "one", "effect mail-1")
    return world, replica


def test_an_effect_is_performed_once_and_its_result_is_a_record() -> None:
    async def trial() -> None:
        world, replica = await asked()
        await world.passes(1)
        world.send(A, "two", "effect mail-1")
        await world.passes(3600)
        assert len(replica.handled) == 1
        assert world.had(A) == ["one", "effect mail-1 done after 1", "two"]
        world.check()

    virtual_time.run(trial())


def test_an_effect_is_tried_again_with_growing_waits() -> None:
    async def trial() -> None:
        world, replica = await asked(
            EffectResult("again", "busy"), OSError("refused"), EffectResult("again", "busy")
        )
        seen = []
        for _ in range(20):
            await world.passes(0.5)
            seen.append(len(replica.handled))
        assert seen[:3] == [1, 1, 2]  # after 1 s, then after 2 s more, then after 4 s more
        assert seen[4:7] == [2, 2, 3]
        assert (seen[12], seen[14]) == (3, 4)
        assert world.had(A) == ["one", "effect mail-1 done after 4"]

    virtual_time.run(trial())


def test_an_effect_that_never_works_fails_when_its_policy_gives_up() -> None:
    """After the first hour it is tried every hour, and a last time after exactly two days."""

    async def trial() -> None:
        world, replica = await asked(*[OSError("refused")] * 100)
        await world.passes(2 * 86_400 - 1)
        assert world.had(A) == ["one"]
        await world.passes(2)
        attempts = len(replica.handled)
        assert world.had(A) == ["one", f"effect mail-1 failed after {attempts}"]
        assert 55 < attempts < 65
        await world.passes(86_400)
        assert len(replica.handled) == attempts

    virtual_time.run(trial())


def test_the_time_in_which_nobody_tries_does_not_count() -> None:
    """A replica that was away for longer than an effect is tried does not give it up."""

    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        replica.faults.plan("claim_effects", *[Unavailable("away")] * 30)
        world.send(A, "one", "effect mail-1")
        await world.passes(1)
        await world.crash(replica)
        await world.passes(5 * 86_400)
        second = Replica(world, COUNTER, "second", 60.0)
        second.outcomes += [OSError("refused")] * 2
        await world.passes(60)
        assert world.had(A) == ["one", "effect mail-1 done after 3"]

    virtual_time.run(trial())


def test_the_waits_of_a_policy_grow_up_to_the_longest_and_end_when_it_gives_up() -> None:
    policy = RetryPolicy(
        first_wait=timedelta(seconds=10),
        factor=3,
        longest_wait=timedelta(minutes=1),
        give_up_after=timedelta(minutes=4),
    )
    waits: list[float] = []
    at = START
    while (then := policy.next_attempt(START, len(waits) + 1, at)) is not None:
        waits.append((then - at).total_seconds())
        at = then
    assert waits == [10, 30, 60, 60, 60, 20]
    assert policy.next_attempt(at, 1_000_000, at) == at + timedelta(minutes=1)


def test_an_effect_that_nobody_handles_fails_at_once() -> None:
    async def trial() -> None:
        world, replica = await asked()
        replica.runtime.effects.handlers = {}
        await world.passes(1)
        assert world.had(A) == ["one", "effect mail-1 failed after 1"]

    virtual_time.run(trial())


def test_after_a_crash_an_effect_that_was_begun_is_uncertain() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)

        async def for_ever(_: object) -> EffectResult:
            await asyncio.sleep(1e6)
            raise AssertionError

        replica.runtime.effects.handlers = {"mail": EffectHandler(for_ever)}
        world.send(A, "one", "effect mail-1")
        await world.passes(1)
        await world.crash(replica)
        second = await world.start(COUNTER)
        await world.passes(1)
        assert [pending.uncertain for pending in second.handled] == [True]
        assert world.had(A) == ["one", "effect mail-1 done after 2 uncertain"]

    virtual_time.run(trial())


def test_a_result_whose_commit_fails_is_kept_later_and_the_effect_not_done_twice() -> None:
    async def trial() -> None:
        world, replica = await asked()
        replica.faults.plan("commit", None, Unavailable("gone"), Unavailable("gone"))
        await world.passes(60)
        assert world.had(A) == ["one", "effect mail-1 done after 1"]
        assert len(replica.handled) == 1

    virtual_time.run(trial())


def test_a_result_whose_commit_answer_is_lost_counts_once() -> None:
    async def trial() -> None:
        world, replica = await asked()
        replica.faults.plan("answer", None, Unavailable("no answer"))
        await world.passes(60)
        assert world.had(A) == ["one", "effect mail-1 done after 1"]
        assert len(replica.handled) == 1
        assert replica.runtime.effects.completed == {}

    virtual_time.run(trial())


def test_a_log_that_is_away_when_an_effect_is_postponed_or_begun_stops_nothing() -> None:
    async def trial() -> None:
        world, replica = await asked(EffectResult("again", "busy"))
        replica.faults.plan("claim_effects", None, None, Unavailable("away"))
        replica.faults.plan("postpone_effect", *[Unavailable("away")] * 3)
        world.send(B, "one", "effect mail-2")
        await world.passes(60)
        assert world.had(A) == ["one", "effect mail-1 done after 2"]
        assert world.had(B) == ["one", "effect mail-2 done after 1"]

    virtual_time.run(trial())


def test_an_old_owner_begins_no_effects() -> None:
    async def trial() -> None:
        world, zombie = await asked()
        await world.passes(1)
        await world.groups["counter"].lose(zombie.inbox)
        second = await world.start(COUNTER)
        zombie.runtime.effects.wake()
        world.send(B, "one", "effect mail-2")
        await world.passes(60)
        assert [p.effect.key for p in zombie.handled] == ["mail-1"]
        assert [p.effect.key for p in second.handled] == ["mail-2"]
        assert not zombie.task.done()
        world.check()

    virtual_time.run(trial())


def test_an_attempt_under_way_when_its_partition_is_claimed_anew_is_on_record_as_uncertain() -> (
    None
):
    """The mail leaves twice: by the attempt that went on, and by the one of the new claim."""

    async def trial() -> None:
        world, replica = await asked()
        attempts: list[PendingEffect] = []

        async def slowly(pending: PendingEffect) -> EffectResult:
            attempts.append(pending)
            await asyncio.sleep(30)
            return EffectResult("done")

        replica.runtime.effects.handlers = {"mail": EffectHandler(slowly)}
        await world.passes(10)
        partitions = replica.runtime.partitions.owned()
        await replica.runtime.ownership.revoked(partitions)
        await replica.runtime.ownership.assigned(partitions)
        await world.passes(120)
        assert [attempt.attempts for attempt in attempts] == [1, 2]
        assert world.had(A) == ["one", "effect mail-1 done after 1 uncertain"]

    virtual_time.run(trial())
