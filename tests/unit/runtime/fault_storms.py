"""Storms of timers: many fall due while everything breaks, and each is counted."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID

import msgspec
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import Delivery, Record
from case_events.kernel import DORMANT, Draft, Outcome, Service, Timer, TimerDue
from case_events.runtime import Unavailable
from case_events.runtime.engine.work import Batch
from case_events.testing.memory import MemoryInbox
from case_events.topics import INTAKE, NOTICES
from msgspec import Struct

from tests.support.wire import codec
from tests.unit.runtime.counting import Known
from tests.unit.runtime.world import START, Replica, World, cases

MANY = 240


class RingCount(Struct, frozen=True):
    """How often a case's timer has fired."""

    times: int = 0


def ring(state: RingCount | None, record: Record, reference: Known) -> Outcome[RingCount]:
    """Set, move or clear the timer as told; say when it fires, and at which due."""
    times = state.times if state else 0
    if isinstance(record.data, TimerDue):
        event = NoticeSuppressed(
            notice=record.data.due.isoformat(), about=times + 1, recipient="", reason="fired"
        )
        again = (Timer(record.data.name, DORMANT),) if record.data.name.startswith("terms") else ()
        fact = Draft(topic=NOTICES, event=event, occurred_at=record.occurred_at)
        return Outcome(state=RingCount(times + 1), events=(fact,), timers=again)
    assert isinstance(record.data, ReplyReceived)
    word, _, argument = record.data.found_by.partition(" ")
    if word == "stand":
        return Outcome(state=RingCount(times), timers=(Timer(f"terms {argument}", DORMANT),))
    due = START + timedelta(seconds=float(argument)) if word == "at" else None
    return Outcome(state=RingCount(times), timers=(Timer("ring", due),))


RINGER: Service[RingCount, Known] = Service(
    name="counter",
    topics=(INTAKE,),
    state_type=RingCount,
    react=ring,
    is_stale=lambda name, reference: name.removeprefix("terms ") in reference.definitions,
)
"""It makes no history: nothing but the runtime keeps its facts from being said twice."""


class Storm(World):
    """A world of ringers, and what each case's timer must do."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = Random(seed)
        self.expected: dict[UUID, str] = {}

    def now(self) -> float:
        """Seconds since the start."""
        return asyncio.get_running_loop().time()

    def set(self, case: UUID, due: float) -> None:
        """The case's timer falls due so many seconds after the start, and at no other time."""
        self.send(case, f"{self.now()}", f"at {due}")
        self.expected[case] = (START + timedelta(seconds=due)).isoformat()

    def answer(self, case: UUID) -> None:
        """The case's timer must not fire any more."""
        self.send(case, f"{self.now()}", "clear")
        del self.expected[case]

    def fired(self) -> dict[UUID, list[str]]:
        """The dues at which each case's timer fired, early ones marked."""
        found: dict[UUID, list[str]] = {}
        for entry in self.logs["counter"].entries():
            record = codec.decode(entry.value)
            assert isinstance(record.data, NoticeSuppressed)
            assert record.case is not None
            due = datetime.fromisoformat(record.data.notice)
            early = " early" if record.recorded_at < due else ""
            found.setdefault(record.case, []).append(record.data.notice + early)
        return found

    def count(self) -> None:
        """Every timer that stood at its due has fired once, at that due, and no other."""
        wanted = {case: [due] for case, due in self.expected.items()}
        found = self.fired()
        wrong = {case for case in wanted.keys() | found if wanted.get(case) != found.get(case)}
        assert not wrong, f"counted wrong: {[(wanted.get(c), found.get(c)) for c in wrong][:5]}"
        times = {
            case: msgspec.json.decode(kept.state, type=RingCount).times
            for case, kept in self.logs["counter"].snapshots().items()
        }
        assert Counter(times.values())[1] == len(wanted)


async def storm(seed: int) -> None:
    """Timers within a few minutes; replicas die, come and go, and the log is away now and then."""
    world = Storm(seed)
    first = await world.start(RINGER)
    everyone = cases(MANY)
    for case in everyone:
        world.set(case, world.chance.uniform(60, 240))
    await world.passes(30)
    for case in world.chance.sample(everyone, 60):
        world.answer(case)
    for case in world.chance.sample(sorted(world.expected), 40):
        world.set(case, world.chance.uniform(60, 240))
    second = await world.start(RINGER)
    for replica in (first, second):
        for point in ("commit", "answer", "timers", "mark_published"):
            plan = [world.chance.choice((None, None, Unavailable("gone"))) for _ in range(60)]
            replica.faults.plan(point, *plan)
    await world.passes(world.chance.uniform(40, 100))
    await world.crash(first)
    await world.start(RINGER)
    await world.passes(world.chance.uniform(10, 60))
    await world.crash(second)
    await world.passes(600)
    world.count()


async def away_for_hours(seed: int) -> None:
    """Nobody runs while timers fall due; the answers that came in time lie unread."""
    world = Storm(seed)
    first = await world.start(RINGER)
    everyone = cases(MANY)
    for case in everyone:
        world.set(case, world.chance.uniform(60, 7200))
    await world.passes(10)
    await world.crash(first)
    for case in world.chance.sample(everyone, 100):
        world.answer(case)
    await world.passes(3 * 3600)
    take = MemoryInbox.take

    async def slowly(self: MemoryInbox, wait: float, limit: int) -> list[Delivery]:
        await asyncio.sleep(0.1)
        return await take(self, wait, 3)

    with patch.object(MemoryInbox, "take", slowly):
        await world.start(RINGER)
        await world.passes(600)
    world.count()


async def fenced_owner(seed: int) -> None:
    """The owner stands still with timers in hand, is taken for dead, and wakes."""
    world = Storm(seed)
    first = await world.start(RINGER)
    for case in cases(MANY):
        world.set(case, world.chance.uniform(60, 61))
    await world.passes(30)
    await _stand_still(world, first)
    await world.passes(600)
    world.count()


async def _stand_still(world: Storm, replica: Replica) -> None:
    """Hold a batch of timers before its commit until another has taken over."""
    held = asyncio.Event()

    async def holding(tx: Any) -> None:
        if tx.entries and not held.is_set():
            held.set()
            await asyncio.sleep(120)

    replica.faults.rule("commit", holding)
    await held.wait()
    await world.groups["counter"].lose(replica.inbox)
    await world.start(RINGER)


async def moved_while_it_fires(seed: int) -> None:
    """Rows are changed by somebody else between the look at the wheel and the taking."""
    world = Storm(seed)
    replica = await world.start(RINGER)
    everyone = cases(MANY)
    for case in everyone:
        world.set(case, 60)
    await world.passes(30)
    moved = set(world.chance.sample(everyone, 50))
    timers = world.logs["counter"].state.timers
    process = replica.runtime.process

    async def moving(batch: Batch) -> None:
        for timer in batch.timers:
            if timer.case in moved:
                moved.discard(timer.case)
                later = timer.due + timedelta(seconds=90)
                key = (timer.case, timer.name)
                timers[key] = msgspec.structs.replace(timers[key], due=later)
                world.expected[timer.case] = later.isoformat()
        await process(batch)

    replica.runtime.process = moving  # type: ignore[method-assign]
    await world.passes(600)
    assert not moved
    world.count()
