"""The checks bite: with a guarantee taken out, the same trials fail (planted faults, point 12)."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from case_events.envelope import Delivery
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.watchdog import Watchdog
from case_events.runtime.engine.work import Work
from case_events.runtime.ports import PartitionClaim, PositionUpdate
from case_events.testing import virtual_time
from case_events.testing.memory import MemoryLog, MemoryTransaction
from case_events.testing.memory.state import Tracking
from msgspec.structs import replace

from tests.unit.runtime import trials

Trial = Callable[[], Coroutine[Any, Any, None]]


def fails(trial: Trial) -> None:
    """The trial's check finds something wrong."""
    with pytest.raises(AssertionError, match=r"sent|versions|echo"):
        virtual_time.run(trial())


def no_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    had = UnitOfWork._is_duplicate

    def never(self: UnitOfWork[Any, Any], delivery: Delivery) -> bool:
        had(self, delivery)
        return False

    monkeypatch.setattr(UnitOfWork, "_is_duplicate", never)


def no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    react = UnitOfWork._react

    def blind(self: UnitOfWork[Any, Any], item: Work, now: Any) -> None:
        react(self, replace(item, topic="no topic with versions"), now)

    monkeypatch.setattr(UnitOfWork, "_react", blind)


def test_the_position_outside_the_transaction_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(self: MemoryTransaction, moves: Sequence[PositionUpdate]) -> None:
        for move in moves:
            place = (move.partition, move.topic, move.source)
            self._state.tracking[place] = Tracking(move.sequence, move.next_offset)

    monkeypatch.setattr(MemoryTransaction, "advance", at_once)
    fails(trials.commit_fails)


def test_a_relay_without_catch_up_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = MemoryLog.claim

    async def at_the_end(
        self: MemoryLog, partitions: Sequence[int], owner: str
    ) -> list[PartitionClaim]:
        for partition in partitions:
            self.state.published[partition] = len(self.state.entries[partition])
        return await claim(self, partitions, owner)

    monkeypatch.setattr(MemoryLog, "claim", at_the_end)
    fails(trials.crash_before_publishing)


def test_no_deduplication_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    no_sequence(monkeypatch)
    no_version(monkeypatch)
    fails(trials.published_twice)


@pytest.mark.parametrize("off", [no_sequence, no_version])
def test_either_deduplication_holds_the_history_alone(
    monkeypatch: pytest.MonkeyPatch, off: Callable[[pytest.MonkeyPatch], None]
) -> None:
    off(monkeypatch)
    virtual_time.run(trials.published_twice())


def test_a_rest_of_a_batch_that_nobody_looks_for_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def asleep(self: Watchdog) -> None:
        return

    monkeypatch.setattr(Watchdog, "look", asleep)
    fails(trials.rest_is_lost)


def test_believing_the_fetch_position_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(
        self: OwnedPartitions, deliveries: Sequence[Delivery]
    ) -> tuple[list[Delivery], list[Any]]:
        return list(deliveries), []

    monkeypatch.setattr(OwnedPartitions, "expected", all_of_them)
    fails(trials.fetch_ran_ahead)
