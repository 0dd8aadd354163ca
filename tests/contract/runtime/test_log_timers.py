"""The contract of the `Log` port: timers."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from case_events.kernel import NEVER, Timer
from case_events.runtime.ports import DueTimer, Fenced, Log

from tests.contract.runtime.opened import with_log
from tests.contract.runtime.samples import LONG_AGO, A, B, owned

C = UUID(int=3)


async def set_timers(log: Log, lane: int, *timers: tuple[UUID, str, datetime]) -> None:
    """Set timers of cases of one lane."""
    epochs = await owned(log, lane)
    async with log.transaction(epochs) as tx:
        await tx.set_timers(
            dict.fromkeys((case for case, _, _ in timers), lane),
            [(case, Timer(name, due), b"cause") for case, name, due in timers],
        )


@with_log
async def test_a_timer_is_taken_once_and_only_as_it_stands(log: Log) -> None:
    epochs = await owned(log, 0)
    now = await log.now()
    stands, later = now - timedelta(seconds=5), now + timedelta(hours=1)
    async with log.transaction(epochs) as tx:
        await tx.set_timers(
            {A: 0, B: 0},
            [(A, Timer("a", stands), b"1"), (A, Timer("b", later), b"2"),
             (B, Timer("a", stands), b"3")],
        )  # fmt: skip
    async with log.transaction(epochs) as tx:
        await tx.set_timers({B: 0}, [(B, Timer("a", None), b""), (B, Timer("none", None), b"")])
    first, second = await log.timers([0], LONG_AGO, later, 9)
    assert (first.name, second.name) == ("a", "b")
    assert await log.timers([1], LONG_AGO, later, 9) == []
    assert await log.timers([0], LONG_AGO, later, 1) == [first]
    assert await log.timers([0], stands, later, 9) == [second]
    moved = DueTimer(0, A, "a", now - timedelta(seconds=9), b"1")
    async with log.transaction(epochs) as tx:
        assert await tx.take_timers([moved]) == []
        taken = await tx.take_timers([first, second])
        assert taken == [DueTimer(0, A, "a", stands, b"1")], "b is not due"
    async with log.transaction(epochs) as tx:
        assert await tx.take_timers([first]) == []


@with_log
async def test_what_is_due_at_the_instant_of_the_last_is_read_with_it(log: Log) -> None:
    """A reader that goes on after that instant would never see it."""
    now = await log.now()
    await set_timers(log, 0, (A, "a", now), (B, "a", now), (C, "a", now + timedelta(seconds=1)))
    found = await log.timers([0], LONG_AGO, NEVER, 1)
    assert {timer.case for timer in found} == {A, B}
    (last,) = await log.timers([0], found[-1].due, NEVER, 1)
    assert last.case == C


@with_log
async def test_what_stands_by_never_falls_due_until_it_is_brought_forward(log: Log) -> None:
    """Only under the names that were given, on the lanes that are owned, spread out in time."""
    await set_timers(log, 1, (C, "terms one", NEVER))
    await set_timers(log, 0, (A, "terms one", NEVER), (B, "terms one", NEVER), (A, "two", NEVER))
    epochs = await owned(log, 0)
    now = await log.now()
    assert await log.standing([0]) == {"terms one", "two"}
    assert await log.timers([0, 1], LONG_AGO, NEVER - timedelta(days=1), 9) == []
    assert await log.bring_forward(epochs, ["terms one", "other"], 2) == 2
    assert await log.standing([0]) == {"two"}
    assert await log.standing([1]) == {"terms one"}
    woken = await log.timers([0, 1], now, now + timedelta(minutes=1), 9)
    assert {timer.case for timer in woken} == {A, B}
    assert woken[1].due - woken[0].due == timedelta(seconds=0.5)
    assert await log.bring_forward(epochs, ["terms one"], 2) == 0


@with_log
async def test_only_the_owner_brings_forward(log: Log) -> None:
    await set_timers(log, 0, (A, "terms", NEVER))
    before = await owned(log, 0)
    await owned(log, 0)
    with pytest.raises(Fenced):
        await log.bring_forward(before, ["terms"], 2)
    assert await log.standing([0]) == {"terms"}
