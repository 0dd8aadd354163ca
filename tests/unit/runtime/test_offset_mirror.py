"""The broker is told how far a service has read: often enough for lag, not with every batch."""

from collections.abc import Mapping

from case_events.testing import virtual_time
from case_events.topics import INTAKE, partition_of

from tests.unit.runtime.world import PARTITIONS, World, cases


def test_the_position_is_mirrored_once_a_second_and_not_with_each_batch() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(poll=1.0)
        mirrored: list[Mapping[tuple[str, int], int]] = []

        async def count(offsets: Mapping[tuple[str, int], int]) -> None:
            mirrored.append(offsets)

        replica.faults.rule("commit_offsets", count)
        (case,) = cases(1)
        for number in range(20):
            world.send(case, str(number))
            await world.passes(0.1)
        await world.passes(2)
        place = INTAKE, partition_of(str(case), PARTITIONS)
        assert replica.inbox.committed[place] == len(world.had(case)) == 20
        assert 3 <= len(mirrored) <= 4

    virtual_time.run(trial())
