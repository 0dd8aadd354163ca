"""The contract of the `Quarantine` port, and of transactions that hold a record."""

import pytest
from case_events.runtime.ports import Log
from msgspec.structs import replace

from tests.contract.runtime.opened import with_log
from tests.contract.runtime.samples import delivery, owned


@with_log
async def test_a_transaction_holds_a_record_once_whatever_it_says(log: Log) -> None:
    odd = replace(delivery(3), key="\0", headers={"ce_\0": "\ud7ff\0"})
    epochs = await owned(log, 0)
    for _ in range(2):
        async with log.transaction(epochs) as tx:
            await tx.quarantine(odd, "nobody signed it")
            await tx.quarantine(delivery(4), "nobody signed it either")
    first, second = await log.quarantined("waiting")
    assert (first.delivery, first.reason, first.why) == (odd, "nobody signed it", "")
    assert second.delivery == delivery(4)
    assert first.place < second.place
    assert first.at <= await log.now()


@with_log
async def test_of_a_transaction_that_fails_nothing_is_held(log: Log) -> None:
    epochs = await owned(log, 0)
    with pytest.raises(ZeroDivisionError):
        async with log.transaction(epochs) as tx:
            await tx.quarantine(delivery(3), "nobody signed it")
            raise ZeroDivisionError
    assert await log.quarantined("waiting") == []


@with_log
async def test_a_record_of_reference_data_keeps_its_verdict(log: Log) -> None:
    """It is read again at every start of every replica."""
    assert await log.quarantine(delivery(3), "nobody signed it") == "waiting"
    assert await log.quarantine(delivery(3), "nobody signed it") == "waiting"
    (held,) = await log.quarantined("waiting")
    assert await log.decide(held.place, "discarded", "an attack")
    assert await log.quarantine(delivery(3), "nobody signed it") == "discarded"
    assert await log.quarantined("waiting") == []


@with_log
async def test_a_verdict_is_given_once(log: Log) -> None:
    await log.quarantine(delivery(3), "nobody signed it")
    (held,) = await log.quarantined("waiting")
    assert await log.decide(held.place, "released", "it is ours")
    assert not await log.decide(held.place, "discarded", "too late")
    assert not await log.decide(99, "discarded", "there is none")
    (released,) = await log.quarantined("released")
    assert (released.why, released.state) == ("it is ours", "released")


@with_log
async def test_a_released_record_is_admitted_in_a_transaction(log: Log) -> None:
    await log.quarantine(delivery(3), "nobody signed it")
    await log.quarantine(delivery(4), "nobody signed it")
    first, second = await log.quarantined("waiting")
    await log.decide(first.place, "released", "it is ours")
    epochs = await owned(log, 0)
    async with log.transaction(epochs) as tx:
        await tx.admit([first.place, second.place])
    assert [one.place for one in await log.quarantined("admitted")] == [first.place]
    assert [one.place for one in await log.quarantined("waiting")] == [second.place]
