"""The contract of the `Log` port."""

import asyncio
from datetime import timedelta

import pytest
from case_events.kernel import Document, Timer
from case_events.runtime import WriteRejected
from case_events.runtime.ports import DueTimer, Fenced, Log, PositionUpdate, Snapshot

from tests.contract.runtime.opened import with_log
from tests.contract.runtime.samples import LONG_AGO, A, B, append, delivery, effect, entry, owned


@with_log
async def test_all_of_a_transaction_is_kept(log: Log) -> None:
    epochs = await owned(log, 0)
    due = await log.now() + timedelta(seconds=60)
    async with log.transaction(epochs) as tx:
        await tx.append([entry((await tx.next_sequences({0: 1}))[0], version=1)])
        await tx.save({A: 0}, {A: Snapshot(b'{"n": 1}', 1, "d")})
        await tx.save_documents({A: [Document("k", b'{"a": 1}')]})
        await tx.set_timers({A: 0}, [(A, Timer("ring", due), b"cause")])
        await tx.add_effects({A: 0}, [(A, effect("k1"), b"cause")])
        await tx.park(0, B, delivery(3), "why")
        await tx.advance([PositionUpdate(0, "intake", "x/0", 0, 4, 9)])
    (claim,) = await log.resume(epochs)
    assert claim.positions[0].sequences == {"x/0": 4}
    assert claim.positions[0].next_offset == 9
    assert await log.timers([0], LONG_AGO, due, 9) == [DueTimer(0, A, "ring", due)]
    (parked,) = await log.parked([0])
    assert parked.awaits == ""
    assert (parked.delivery, parked.error, parked.retry) == (delivery(3), "why", False)
    assert [e.value for e in await log.unpublished([0], 9)] == [b'{"n": 1}']
    async with log.transaction(epochs) as tx:
        recalled = await tx.load([A, B])
    assert list(recalled) == [A]
    assert (recalled[A].version, recalled[A].digest) == (1, "d")


@with_log
async def test_nothing_of_a_transaction_that_fails_is_kept(log: Log) -> None:
    epochs = await owned(log, 0)
    with pytest.raises(ZeroDivisionError):
        async with log.transaction(epochs) as tx:
            await tx.append([entry((await tx.next_sequences({0: 2}))[0])])
            await tx.save({A: 0}, {A: Snapshot(b"{}", 1)})
            await tx.set_timers({A: 0}, [(A, Timer("ring", await log.now()), b"")])
            await tx.add_effects({A: 0}, [(A, effect("k1"), b"")])
            await tx.park(0, B, delivery(3), "why")
            await tx.advance([PositionUpdate(0, "intake", "x/0", 0, 4, 9)])
            raise ZeroDivisionError
    assert (await log.resume(epochs))[0].positions == ()
    assert await log.unpublished([0], 9) == []
    assert await log.timers([0], LONG_AGO, await log.now() + timedelta(days=1), 9) == []
    assert (await log.claim_effects(epochs, 9)).effects == []
    assert await log.parked([0]) == []
    async with log.transaction(epochs) as tx:
        assert await tx.load([A]) == {}
        assert (await tx.next_sequences({0: 1}))[0] == 1, "the places were given back"


@with_log
async def test_places_in_a_partition_have_no_gaps_whoever_writes(log: Log) -> None:
    async def write(count: int) -> None:
        await append(log, {}, 0, count)

    await asyncio.gather(*(write(n) for n in (1, 2, 3)))
    await append(log, {}, 1, 1)
    places = [(e.partition, e.sequence) for e in await log.unpublished([1, 0], 99)]
    assert places == [*((0, n) for n in range(1, 7)), (1, 1)]


@with_log
async def test_a_new_owner_fences_the_old_one(log: Log) -> None:
    old = await owned(log, 0, 1)
    new = await owned(log, 1, owner="two")
    assert new[1] > old[1]
    assert [claim.partition for claim in await log.resume(old)] == [0]
    with pytest.raises(Fenced):
        async with log.transaction(old) as tx:
            await tx.save({A: 0}, {A: Snapshot(b"{}", 1)})
    with pytest.raises(Fenced):
        await log.claim_effects(old, 9)
    await append(log, new, 1, 1)
    with pytest.raises(Fenced):
        await log.mark_published(old, {1: 1})
    assert len(await log.unpublished([1], 9)) == 1
    async with log.transaction({0: old[0]}) as tx:
        assert await tx.load([A]) == {}


@with_log
async def test_a_position_moves_only_from_where_it_was(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.advance(
            [PositionUpdate(0, "intake", "x/0", 0, 4, 9), PositionUpdate(0, "intake", "", 0, 1, 5)]
        )
    for was in (0, 3, 5):
        with pytest.raises(Fenced):
            async with log.transaction(epochs) as tx:
                await tx.save({A: 0}, {A: Snapshot(b"{}", 1)})
                await tx.advance([PositionUpdate(0, "intake", "x/0", was, 8, 12)])
    with pytest.raises(Fenced):
        async with log.transaction(epochs) as tx:
            await tx.advance([PositionUpdate(0, "intake", "new/0", 2, 8, 12)])
    async with log.transaction(epochs) as tx:
        assert await tx.load([A]) == {}
        await tx.advance([PositionUpdate(0, "intake", "x/0", 4, 4, 10)])
    (position,) = (await log.resume(epochs))[0].positions
    assert position.sequences == {"x/0": 4, "": 1}
    assert position.next_offset == 10


@with_log
async def test_a_version_of_a_case_is_written_once(log: Log) -> None:
    epochs = await owned(log, 0)
    for expected in (True, False):
        try:
            async with log.transaction(epochs) as tx:
                await tx.append([entry((await tx.next_sequences({0: 1}))[0], version=1)])
        except WriteRejected:
            assert not expected
        else:
            assert expected
    assert len(await log.unpublished([0], 9)) == 1


@with_log
async def test_what_is_marked_is_not_published_again(log: Log) -> None:
    epochs = await owned(log, 0, 1)
    await append(log, epochs, 0, 3)
    await append(log, epochs, 1, 1)
    assert len(await log.unpublished([0, 1], 2)) == 2
    await log.mark_published(epochs, {0: 2})
    await log.mark_published(epochs, {0: 1})
    left = [(e.partition, e.sequence) for e in await log.unpublished([0, 1], 9)]
    assert left == [(0, 3), (1, 1)]
    assert (await log.unpublished([0], 9))[0] == entry(3)


@with_log
async def test_an_effect_is_begun_postponed_and_finished_once(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.add_effects({A: 0}, [(A, effect("k1"), b"c"), (A, effect("k2"), b"c")])
    begun = (await log.claim_effects(epochs, 9)).effects
    assert sorted(p.effect.key for p in begun) == ["k1", "k2"]
    assert begun[0].effect.payload == b"\x00\xff"
    assert {(p.attempts, p.uncertain, p.cause) for p in begun} == {(1, False, b"c")}
    assert (await log.claim_effects(epochs, 9)).effects == []
    until = await log.now() + timedelta(seconds=30)
    await log.postpone_effect("k1", until, uncertain=False)
    later = await log.claim_effects(epochs, 9)
    assert (later.effects, later.next_due) == ([], until)
    async with log.transaction(epochs) as tx:
        assert await tx.finish_effects(["k1", "k2", "none"]) == {"k2": False}
    async with log.transaction(epochs) as tx:
        assert await tx.finish_effects(["k2"]) == {}
        await tx.add_effects({A: 0}, [(A, effect("k2"), b"again")])
    await log.postpone_effect("k1", await log.now(), uncertain=True)
    assert (await log.claim_effects(epochs, 9)).effects == []


@with_log
async def test_an_effect_that_was_begun_is_uncertain_for_the_next_owner(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.add_effects({A: 0}, [(A, effect("k1"), b"c")])
    await log.claim_effects(epochs, 9)
    (again,) = (await log.claim_effects(await owned(log, 0, owner="two"), 9)).effects
    assert (again.uncertain, again.attempts) == (True, 2)


@with_log
async def test_an_attempt_that_may_have_worked_leaves_its_effect_uncertain(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.add_effects({A: 0}, [(A, effect("k1"), b"c")])
    for uncertain in (True, False):
        await log.claim_effects(epochs, 9)
        await log.postpone_effect("k1", await log.now(), uncertain=uncertain)
    (again,) = (await log.claim_effects(epochs, 9)).effects
    assert (again.uncertain, again.attempts) == (True, 3)


@with_log
async def test_an_effect_knows_since_when_it_is_tried(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.add_effects({A: 0}, [(A, effect("k1"), b"c")])
    before = await log.now()
    (first,) = (await log.claim_effects(epochs, 9)).effects
    assert before <= first.first_attempt_at <= await log.now()
    await log.postpone_effect("k1", await log.now(), uncertain=False)
    (again,) = (await log.claim_effects(epochs, 9)).effects
    assert (again.attempts, again.first_attempt_at) == (2, first.first_attempt_at)


async def connected(log: Log, heard: asyncio.Queue[str]) -> None:
    """Wait until a listener hears what is written: a real one connects first, and says so."""
    await log.request_retry(A)
    await heard.get()
    await append(log, {}, 0, 1)
    while await heard.get() != "log":
        pass


@with_log
async def test_whoever_listens_is_woken_by_entries_and_retries(log: Log) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with log.listen(heard.put_nowait), asyncio.timeout(60):
        await connected(log, heard)
        await append(log, {}, 0, 1)
        assert await heard.get() == "log"
        await log.request_retry(A)
        assert await heard.get() == "retry"
        await log.decide(1, "released", "it is ours")
        assert await heard.get() == "retry"


@with_log
async def test_what_the_owner_writes_wakes_nobody(log: Log) -> None:
    """It knows; and no commit waits for the order of notices."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    epochs = await owned(log, 0)
    async with log.listen(heard.put_nowait), asyncio.timeout(60):
        await connected(log, heard)
        await append(log, epochs, 0, 1)
        await log.request_retry(A)
        assert await heard.get() == "retry"
    assert heard.empty()
