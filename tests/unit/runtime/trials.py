"""Trials with faults: each ends in the check that everything counted once."""

from uuid import UUID

from case_events.envelope import SYSTEM, Delivery, Record
from case_events.kernel import Cause
from case_events.runtime import Unavailable
from case_events.runtime.ports import Fenced
from case_events.testing.memory import MemoryInbox
from case_events.topics import partition_of

from tests.unit.runtime.counting import COUNTER, ECHO
from tests.unit.runtime.world import PARTITIONS, START, World, cases


async def both() -> World:
    """A world with one replica of each service."""
    world = World()
    await world.start(COUNTER)
    await world.start(ECHO)
    return world


def send_rounds(world: World, rounds: int, name: str = "input") -> None:
    """So many inputs for each of eight cases, one case after the other."""
    for number in range(rounds):
        for case in cases(8):
            world.send(case, f"{name} {number}")


def partition_by_case(case: object) -> int:
    """The partition of a case."""
    return partition_of(str(case), PARTITIONS)


async def commit_fails() -> None:
    """Commits fail, of batches that were not the first."""
    world = await both()
    send_rounds(world, 1)
    await world.passes(1)
    faults = world.replicas[0].faults
    faults.plan("commit", Unavailable("gone"), Fenced("lost?"), None, Unavailable("gone"))
    send_rounds(world, 3, "then")
    await world.passes(5)
    send_rounds(world, 1, "last")
    await world.passes(30)
    world.check()


async def crash_before_publishing() -> None:
    """The owner is killed when its log holds what nobody has heard."""
    world = await both()
    first = world.replicas[0]
    first.faults.plan("unpublished", *[Unavailable("gone")] * 5)
    send_rounds(world, 2)
    await world.passes(0.5)
    await world.crash(first)
    await world.start(COUNTER)
    await world.passes(5)
    send_rounds(world, 2, "later")
    await world.passes(5)
    world.check()


async def published_twice() -> None:
    """The owner is killed between the broker's answer and its mark."""
    world = await both()
    first = world.replicas[0]
    send_rounds(world, 1)
    await world.passes(1)
    first.faults.plan("mark_published", *[Unavailable("gone")] * 3)
    send_rounds(world, 2, "then")
    await world.passes(0.5)
    await world.crash(first)
    await world.start(COUNTER)
    await world.passes(5)
    world.check()


async def fetch_ran_ahead() -> None:
    """A commit fails, and the reader goes on behind what was rolled back."""
    world = await both()
    replica = world.replicas[0]
    send_rounds(world, 1)
    await world.passes(1)
    inbox, seek = replica.inbox, replica.inbox.seek
    lost: list[int] = []

    def lose_first(topic: str, partition: int, offset: int) -> None:
        if len(lost) < PARTITIONS:
            lost.append(partition)
        else:
            seek(topic, partition, offset)

    inbox.seek = lose_first  # type: ignore[method-assign]
    replica.faults.plan("commit", Unavailable("gone"))
    send_rounds(world, 2, "rolled back")
    await world.passes(5)
    send_rounds(world, 2, "ahead")
    await world.passes(5)
    assert len(lost) == PARTITIONS
    world.check()


async def rest_is_lost() -> None:
    """An inbox loses the rest of a batch that it has fetched, and nothing comes after it."""
    world = World()
    replica = await world.start(COUNTER, poll=1.0)
    await world.start(ECHO)
    send_rounds(world, 1)
    await world.passes(1)
    lose_the_rest(replica.inbox)
    send_rounds(world, 3, "then")
    await world.passes(20)
    world.check()


def lose_the_rest(inbox: MemoryInbox) -> None:
    """Of the next batch of this inbox only the first record arrives."""
    fetch = inbox._fetch

    def losing(limit: int) -> list[Delivery]:
        found = fetch(limit)
        if found:
            inbox._fetch = fetch  # type: ignore[method-assign]
        return found[:1]

    inbox._fetch = losing  # type: ignore[method-assign]


def reference_record(definition: str) -> Record:
    """What a definition arrives as."""
    now = START
    return Record(
        id=UUID(int=9),
        type="nl.casefold.test.v1",
        source="",
        tenant="acme",
        occurred_at=now,
        recorded_at=now,
        actor=SYSTEM,
        channel="system",
        correlation=UUID(int=9),
        definition=definition,
        data=Cause(),
    )
