"""The contract of the `Log` port: timers."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from case_events.kernel import DORMANT, Timer
from case_events.runtime.ports import DueTimer, Fenced, Log

from tests.contract.runtime.opened import with_log
from tests.contract.runtime.samples import LONG_AGO, A, B, owned

C = UUID(int=3)


async def set_timers(log: Log, partition: int, *timers: tuple[UUID, str, datetime]) -> None:
    """Set timers of cases of one partition."""
    epochs = await owned(log, partition)
    async with log.transaction(epochs) as tx:
        await tx.set_timers(
            dict.fromkeys((case for case, _, _ in timers), partition),
            [(case, Timer(name, due), b"cause") for case, name, due in timers],
        )


@with_log
async def test_a_timer_is_taken_once_and_only_as_it_stands(log: Log) -> None:
    epochs = await owned(log, 0)
    now = await log.now()
    stands, later = now - timedelta(seconds=5), now + timedelta(hours=1)
    await set_timers(log, 0, (A, "a", stands), (A, "b", later), (B, "a", stands))
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.set_timers({B: 0}, [(B, Timer("a", None), b""), (B, Timer("none", None), b"")])
    first, second = await log.timers([0], LONG_AGO, later, 9)
    assert (first.name, second.name) == ("a", "b")
    assert await log.timers([1], LONG_AGO, later, 9) == []
    moved = DueTimer(0, A, "a", now - timedelta(seconds=9))
    async with log.transaction(epochs) as tx:
        assert await tx.take_timers([]) == []
        assert await tx.take_timers([moved]) == []
        taken = await tx.take_timers([first, second, first])
        assert taken == [DueTimer(0, A, "a", stands, b"cause")], "b is not due"
    async with log.transaction(epochs) as tx:
        assert await tx.take_timers([first]) == []


@with_log
async def test_a_timer_takes_with_it_what_fell_due_of_its_case_before(log: Log) -> None:
    """In order of due, and of no other case, and nothing that is due later."""
    now = await log.now()
    dues = {name: now - timedelta(seconds=ago) for name, ago in (("x", 9), ("b", 5), ("a", 7))}
    await set_timers(log, 0, *((A, name, due) for name, due in dues.items()), (B, "x", dues["x"]))
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        taken = await tx.take_timers([DueTimer(0, A, "a", dues["a"])])
    assert [timer.name for timer in taken] == ["x", "a"]
    left = await log.timers([0], LONG_AGO, now, 9)
    assert [(timer.case, timer.name) for timer in left] == [(B, "x"), (A, "b")]


@with_log
async def test_timers_are_read_on_from_a_place_and_ties_are_not_lost(log: Log) -> None:
    """Cases that are due at one instant have an order; the names of one case come together."""
    now = await log.now()
    soon = now + timedelta(seconds=1)
    await set_timers(log, 0, (A, "x", now), (B, "x", now), (B, "y", now), (C, "x", soon))
    pages, place = [], LONG_AGO
    while page := await log.timers([0], place, DORMANT, 1):
        pages.append([timer.case for timer in page])
        place = (page[-1].due, page[-1].case)
    assert pages == [[A], [B, B], [C]]
    assert await log.timers([0], LONG_AGO, now, 9) == [
        *await log.timers([0], LONG_AGO, DORMANT, 1),
        *await log.timers([0], (now, A), DORMANT, 1),
    ]


@with_log
async def test_what_stands_by_never_falls_due_until_it_is_brought_forward(log: Log) -> None:
    """Only under the names that were given, on the partitions owned here, spread out in time."""
    await set_timers(log, 1, (C, "terms one", DORMANT))
    await set_timers(
        log, 0, (A, "terms one", DORMANT), (B, "terms one", DORMANT), (A, "two", DORMANT)
    )
    epochs = await owned(log, 0)
    now = await log.now()
    assert await log.dormant_timers([0]) == {"terms one", "two"}
    assert await log.timers([0, 1], LONG_AGO, DORMANT - timedelta(days=1), 9) == []
    assert await log.wake_dormant(epochs, ["terms one", "other"], 2) == 2
    assert await log.dormant_timers([0]) == {"two"}
    assert await log.dormant_timers([1]) == {"terms one"}
    woken = await log.timers([0, 1], (now, A), now + timedelta(minutes=1), 9)
    assert {timer.case for timer in woken} == {A, B}
    assert woken[1].due - woken[0].due == timedelta(seconds=0.5)
    assert await log.wake_dormant(epochs, ["terms one"], 2) == 0


@with_log
async def test_only_the_owner_brings_forward(log: Log) -> None:
    await set_timers(log, 0, (A, "terms", DORMANT))
    before = await owned(log, 0)
    await owned(log, 0)
    with pytest.raises(Fenced):
        await log.wake_dormant(before, ["terms"], 2)
    assert await log.dormant_timers([0]) == {"terms"}
