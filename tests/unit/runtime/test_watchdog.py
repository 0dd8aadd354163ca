"""A replica with lag that takes nothing seeks again, and says so, unless it has a reason."""

import asyncio
from collections.abc import Mapping

import pytest
from case_events.envelope import Delivery
from case_events.runtime import Unavailable
from case_events.testing import virtual_time
from case_events.topics import INTAKE
from msgspec.structs import replace
from structlog.testing import capture_logs

from tests.unit.runtime import trials
from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.trials import partition_by_case
from tests.unit.runtime.world import Replica, World, cases


def seeks(replica: Replica) -> float:
    """How often a replica has sought again."""
    metrics = replica.runtime.metrics
    return metrics.registry.get_sample_value("casefold_seeks_again_total", {"topic": INTAKE}) or 0


def test_what_an_inbox_lost_is_read_again() -> None:
    virtual_time.run(trials.rest_is_lost())


def test_it_says_where_and_how_often() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)
        (case,) = cases(1)
        trials.lose_the_rest(replica.inbox)
        for name in ("one", "two", "three"):
            world.send(case, name)
        await world.passes(9)
        assert seeks(replica) == 0
        with capture_logs() as logs:
            await world.passes(7)
        assert seeks(replica) == 1
        partition = partition_by_case(case)
        [report] = [line for line in logs if "seeking again" in line["event"]]
        assert (report["topic"], report["partition"], report["offset"]) == (INTAKE, partition, 1)
        assert report["log_level"] == "error"
        await world.passes(60)
        assert seeks(replica) == 1, "all is read"
        world.check()

    virtual_time.run(trial())


def test_it_goes_on_until_it_helps() -> None:
    """An inbox that gives nothing, however often it is sent back."""

    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)

        def deaf(limit: int) -> list[Delivery]:
            return []

        fetch, replica.inbox._fetch = replica.inbox._fetch, deaf  # type: ignore[method-assign]
        world.send(cases(1)[0], "one")
        await world.passes(36)
        assert seeks(replica) == 3
        replica.inbox._fetch = fetch  # type: ignore[method-assign]
        await world.passes(11)
        world.check()

    virtual_time.run(trial())


def test_a_partition_that_waits_behind_full_batches_is_left_alone() -> None:
    """It takes its turn; to seek again would only throw away what was fetched of it."""

    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)
        runtime, inbox = replica.runtime, replica.inbox
        runtime.ports = replace(runtime.ports, limit=3)
        await world.passes(2)  # the next take asks for three
        (waiting,) = cases(1)
        other = next(
            case for case in cases(9) if partition_by_case(case) != partition_by_case(waiting)
        )
        fetch = inbox._fetch

        def busy(limit: int) -> list[Delivery]:
            return [d for d in fetch(limit) if d.partition != partition_by_case(waiting)]

        async def slow(_: object) -> None:
            await asyncio.sleep(1)

        inbox._fetch = busy  # type: ignore[method-assign]
        replica.faults.rule("commit", slow)
        world.send(waiting, "waits")
        for number in range(120):
            world.send(other, f"{number}")
        await world.passes(38)
        assert seeks(replica) == 0
        inbox._fetch = fetch  # type: ignore[method-assign]
        await world.passes(20)
        assert seeks(replica) == 1
        world.check()

    virtual_time.run(trial())


@pytest.mark.parametrize("step", ["now", "commit"])
def test_a_log_that_was_away_is_a_reason(step: str) -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)
        away = True

        async def unreachable(_: object) -> None:
            if away:
                raise Unavailable("away")

        replica.faults.rule(step, unreachable)
        replica.faults.rule("commit", unreachable)
        world.send(cases(1)[0], "one")
        await world.passes(40)
        away = False
        await world.passes(5)
        assert seeks(replica) == 0
        world.check()

    virtual_time.run(trial())


def test_a_broker_that_does_not_answer_is_a_reason() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)

        async def unreachable(_: object) -> None:
            raise Unavailable("away")

        trials.lose_the_rest(replica.inbox)
        for name in ("one", "two"):
            world.send(cases(1)[0], name)
        await world.passes(6)
        replica.faults.rule("end_offsets", unreachable)
        await world.passes(60)
        assert seeks(replica) == 0
        replica.faults.rule("end_offsets", None)
        await world.passes(16)
        assert seeks(replica) == 1
        world.check()

    virtual_time.run(trial())


def test_partitions_that_come_back_are_watched_anew() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER, poll=1.0)
        inbox = replica.inbox
        partitions, positions = set(inbox.partitions), replica.runtime.partitions.offsets()
        trials.lose_the_rest(inbox)
        for name in ("one", "two"):
            world.send(cases(1)[0], name)
        await world.passes(13)
        await inbox.revoke(partitions)
        await inbox.assign(partitions)
        await world.passes(20)
        assert seeks(replica) == 0, "to be assigned is to seek"
        assert moved(positions, replica.runtime.partitions.offsets())
        world.check()

    virtual_time.run(trial())


def moved(before: Mapping[tuple[str, int], int], now: Mapping[tuple[str, int], int]) -> bool:
    """Whether any partition has been read on."""
    return any(now[place] > before[place] for place in before)
