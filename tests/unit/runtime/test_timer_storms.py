"""Timers under faults, counted: never early, never twice, never lost (C8).

The last tests take a guarantee out, and the same storms count wrong.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from case_events.runtime.clock import DatabaseClock
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.work import Batch
from case_events.runtime.ports import DueTimer, Epochs
from case_events.testing import virtual_time
from case_events.testing.memory import MemoryLog, MemoryTransaction
from msgspec.structs import replace

from tests.unit.runtime import fault_storms as storms
from tests.unit.runtime.fault_storms import RINGER, Storm
from tests.unit.runtime.trials import reference_record
from tests.unit.runtime.world import cases

SEEDS = range(int(os.environ.get("CASEFOLD_STORMS", "8")))
Trial = Callable[[int], Coroutine[Any, Any, None]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "trial",
    [
        storms.storm,
        storms.away_for_hours,
        storms.fenced_owner,
        storms.moved_while_it_fires,
    ],
)
def test_every_timer_counts_once(trial: Trial, seed: int) -> None:
    """C8: killed in mid-fire, two replicas and a hand-over, the log away, rows that change while
    they fire, hours of outage with the answers unread."""
    virtual_time.run(trial(seed))


def test_a_replica_whose_own_clock_is_wrong_fires_nothing_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C8: one replica's idea of time is an hour ahead, until the log tells it better."""
    sync, wrong = DatabaseClock.sync, [timedelta(hours=1)] * 5

    def an_hour_ahead(self: DatabaseClock, now: datetime) -> None:
        sync(self, now + (wrong.pop() if wrong else timedelta()))

    monkeypatch.setattr(DatabaseClock, "sync", an_hour_ahead)

    async def trial() -> None:
        world = Storm(1)
        await world.start(RINGER)
        for case in cases(20):
            world.set(case, world.chance.uniform(600, 900))
        await world.passes(500)
        assert world.fired() == {}
        assert not wrong
        await world.passes(3600)
        world.count()

    virtual_time.run(trial())


def test_a_backlog_delays_nothing_that_falls_due_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """C8: what is overdue at the start fires in order of due, in the room that is left."""
    monkeypatch.setattr("case_events.runtime.engine.timer_queue.PAGE", 40)
    monkeypatch.setattr("case_events.runtime.engine.timer_queue.REFILL_BELOW", 10)

    async def trial() -> None:
        world = Storm(1)
        first = await world.start(RINGER)
        everyone = cases(storms.MANY)
        for place, case in enumerate(everyone[:-20]):
            world.set(case, 60 + place)
        for case in everyone[-20:]:
            world.set(case, 1010)
        await world.passes(1)
        await world.crash(first)
        await world.passes(989)
        batches: list[list[DueTimer]] = []
        process = Runtime.process

        async def slow(self: Runtime[Any, Any], batch: Batch) -> None:
            batches.append(list(batch.timers))
            await asyncio.sleep(1)
            await process(self, batch)

        monkeypatch.setattr(Runtime, "process", slow)
        monkeypatch.setattr(
            "tests.unit.runtime.world.RuntimePorts", partial(RuntimePorts, timer_limit=8)
        )
        await world.start(RINGER)
        await world.passes(600)
        fired = [timer for batch in batches for timer in batch]
        now_due = {case: place for place, case in enumerate(everyone) if place >= 220}
        backlog = [timer.due for timer in fired if timer.case not in now_due]
        assert backlog == sorted(backlog)
        places = [at for at, timer in enumerate(fired) if timer.case in now_due]
        assert len(places) == 20
        assert places[-1] < len(fired) - 100, "they came before most of the backlog"
        world.count()

    virtual_time.run(trial())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_by_is_woken_once_by_what_it_waits_for(seed: int) -> None:
    """Spread out, also across a crash in the middle and a hand-over."""

    async def trial() -> None:
        world = Storm(seed)
        first = await world.start(RINGER)
        everyone = cases(storms.MANY)
        for place, case in enumerate(everyone):
            world.send(case, "one", f"stand {'new' if place % 2 else 'old'}")
        await world.passes(10)
        assert world.fired() == {}
        first.runtime.apply_reference(reference_record("new"))
        await world.passes(world.chance.uniform(0.2, 0.5))
        some = len(world.fired())
        assert 0 < some < 120
        await world.crash(first)
        await world.start(RINGER)
        await world.passes(600)
        world.reference.definitions.discard("new")
        await world.passes(600)
        assert world.fired().keys() == set(everyone[1::2])

    async def at_rest() -> None:
        """Each is woken once for each change: standing by anew, it is not overtaken again."""
        world = Storm(seed)
        replica = await world.start(RINGER)
        for case in cases(30):
            world.send(case, "one", "stand new")
        await world.passes(10)
        replica.runtime.apply_reference(reference_record("new"))
        await world.passes(0.9)
        world.reference.definitions.discard("new")
        await world.passes(600)
        assert {len(times) for times in world.fired().values()} == {1}

    virtual_time.run(trial())
    virtual_time.run(at_rest())


def counts_wrong(trial: Trial) -> None:
    """The count of a storm finds something wrong, whatever the seed."""
    for seed in range(3):
        with pytest.raises(AssertionError, match="counted wrong"):
            virtual_time.run(trial(seed))


def test_without_the_check_of_the_due_the_count_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generation of a timer is its due: what was moved meanwhile must not fire."""

    def by_name(self: MemoryTransaction, timer: DueTimer) -> bool:
        return (timer.case, timer.name) in self._state.timers

    async def take(self: MemoryTransaction, timers: Sequence[DueTimer]) -> list[DueTimer]:
        for timer in timers:
            self.stage(self._state.timers.pop, (timer.case, timer.name), None)
        return [
            replace(timer, cause=self._state.timers[timer.case, timer.name].cause)
            for timer in timers
            if by_name(self, timer)
        ]

    monkeypatch.setattr(MemoryTransaction, "take_timers", take)
    counts_wrong(storms.moved_while_it_fires)


def test_without_the_fence_the_count_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was taken for dead must not commit what another has done since."""

    def anybody(self: MemoryLog, epochs: Epochs) -> None:
        """Take everybody for the owner."""

    apply = MemoryTransaction.apply

    def unfenced(self: MemoryTransaction) -> None:
        self._epochs = {}
        places = {partition: len(written) for partition, written in self._state.entries.items()}
        for at, entry in enumerate(self.entries):
            places[entry.partition] = places.get(entry.partition, 0) + 1
            self.entries[at] = replace(entry, sequence=places[entry.partition])
        apply(self)

    def unchecked(self: MemoryTransaction) -> None:
        """What is written rests on the fence alone."""

    monkeypatch.setattr(MemoryLog, "_still_owned", anybody)
    monkeypatch.setattr(MemoryTransaction, "apply", unfenced)
    monkeypatch.setattr(MemoryTransaction, "_check_history", unchecked)
    counts_wrong(storms.fenced_owner)


def test_without_the_wait_for_the_end_of_the_partition_the_count_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answers lie unread: whoever does not wait for them fires what was answered in time."""

    def at_once(self: OwnedPartitions, timers: Sequence[DueTimer]) -> list[DueTimer]:
        return list(timers)

    monkeypatch.setattr(OwnedPartitions, "may_fire", at_once)
    counts_wrong(storms.away_for_hours)


def test_the_due_is_that_of_the_row() -> None:
    """What the ringer says is the due of the timer that stood, to the microsecond."""

    async def trial() -> None:
        world = Storm(3)
        await world.start(RINGER)
        (case,) = cases(1)
        world.set(case, 60.000001)
        await world.passes(100)
        ((due,),) = world.fired().values()
        assert datetime.fromisoformat(due).microsecond == 1

    virtual_time.run(trial())
