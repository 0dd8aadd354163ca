"""The contract of the `Log` port: records that wait, and that are given up."""

import pytest
from case_events.runtime.parked import NotDiscardable
from case_events.runtime.ports import Fenced, Log
from msgspec.structs import replace

from tests.contract.runtime.opened import with_log
from tests.contract.runtime.samples import A, B, delivery, owned


@with_log
async def test_what_is_parked_waits_in_order_and_a_retry_is_answered(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        for offset in (5, 3, 4):
            await tx.park(0, A, delivery(offset), f"why {offset} \0")
        await tx.park(0, B, delivery(6), "other")
    assert await log.request_retry(A) == 3
    waiting = await log.parked([0])
    assert [p.delivery.offset for p in waiting] == [5, 3, 4, 6]
    assert [p.retry for p in waiting] == [True] * 3 + [False]
    async with log.transaction(epochs) as tx:
        await tx.unpark([waiting[0].place])
        await tx.record_failure(waiting[1].place, "still")
    waiting = await log.parked([0])
    assert [(p.delivery.offset, p.retry) for p in waiting] == [(3, False), (4, False), (6, False)]
    assert waiting[0].error == "still"
    assert await log.parked([1]) == []
    assert await log.request_retry(B) == 1


@with_log
async def test_what_a_parked_record_waits_for_is_kept_beside_its_error(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.park(0, A, delivery(3), "the definition has not arrived", awaits="acme/7")
    (waiting,) = await log.parked([0])
    assert (waiting.error, waiting.awaits) == ("the definition has not arrived", "acme/7")
    async with log.transaction(epochs) as tx:
        await tx.record_failure(waiting.place, "another reason", awaits="acme/8")
    (waiting,) = await log.parked([0])
    assert (waiting.error, waiting.awaits) == ("another reason", "acme/8")
    async with log.transaction(epochs) as tx:
        await tx.record_failure(waiting.place, "broken")
    (waiting,) = await log.parked([0])
    assert (waiting.error, waiting.awaits) == ("broken", "")


@with_log
async def test_the_first_parked_record_is_discarded_with_its_reason_on_record(log: Log) -> None:
    """The rest of its case is asked to go on; other cases are not."""
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.park(0, B, delivery(2), "other")
        for offset in (3, 4):
            await tx.park(0, A, delivery(offset), f"why {offset}")
    first, second = [parked for parked in await log.parked([0]) if parked.case == A]
    before = await log.now()
    assert await log.discard(A, "the sender is gone", "ops") == first
    other, waiting = await log.parked([0])
    assert (waiting.place, waiting.retry, other.retry) == (second.place, True, False)
    (given_up,) = await log.discarded([0])
    assert (given_up.parked, given_up.reason, given_up.by) == (first, "the sender is gone", "ops")
    assert before <= given_up.at <= await log.now()
    assert await log.discarded([1]) == []
    await log.discard(A, "this one too", "ops")
    assert await log.discard(A, "nothing is left", "ops") is None
    assert [one.reason for one in await log.discarded([0])] == [
        "the sender is gone",
        "this one too",
    ]


@with_log
async def test_a_record_of_the_history_is_never_discarded(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.park(0, A, replace(delivery(3), topic="cases"), "why")
        await tx.park(0, A, delivery(4), "behind a parked record")
    with pytest.raises(NotDiscardable):
        await log.discard(A, "away with it", "ops")
    assert len(await log.parked([0])) == 2
    assert await log.discarded([0]) == []


@with_log
async def test_a_record_that_was_discarded_meanwhile_does_not_go_through_too(log: Log) -> None:
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.park(0, A, delivery(3), "why")
    (waiting,) = await log.parked([0])
    await log.discard(A, "away with it", "ops")
    with pytest.raises(Fenced):
        async with log.transaction(epochs) as tx:
            await tx.append([])
            await tx.unpark([waiting.place])
