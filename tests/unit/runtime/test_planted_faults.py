"""The checks bite: with a guarantee taken out, the same trials fail (planted faults, point 12)."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from case_events.envelope import Delivery
from case_events.runtime.lanes import Lanes
from case_events.runtime.memory import MemoryLog
from case_events.runtime.memory.state import Tracking
from case_events.runtime.memory.transaction import MemoryTransaction
from case_events.runtime.ports import Advance, Claim
from case_events.runtime.unit import Unit
from case_events.runtime.watchdog import Watchdog
from case_events.runtime.work import Work
from msgspec.structs import replace

from tests.support.world import virtual_time
from tests.unit.runtime import trials

Trial = Callable[[], Coroutine[Any, Any, None]]


def fails(trial: Trial) -> None:
    """The trial's check finds something wrong."""
    with pytest.raises(AssertionError, match=r"sent|versions|echo"):
        virtual_time.run(trial())


def no_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    had = Unit._had

    def never(self: Unit[Any, Any], delivery: Delivery) -> bool:
        had(self, delivery)
        return False

    monkeypatch.setattr(Unit, "_had", never)


def no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    react = Unit._react

    def blind(self: Unit[Any, Any], item: Work, now: Any) -> None:
        react(self, replace(item, topic="no topic with versions"), now)

    monkeypatch.setattr(Unit, "_react", blind)


def test_the_position_outside_the_transaction_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(self: MemoryTransaction, moves: Sequence[Advance]) -> None:
        for move in moves:
            place = (move.lane, move.topic, move.source)
            self._state.tracking[place] = Tracking(move.sequence, move.next_offset)

    monkeypatch.setattr(MemoryTransaction, "advance", at_once)
    fails(trials.commit_fails)


def test_a_relay_without_catch_up_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = MemoryLog.claim

    async def at_the_end(self: MemoryLog, lanes: Sequence[int], owner: str) -> list[Claim]:
        for lane in lanes:
            self.state.published[lane] = len(self.state.entries[lane])
        return await claim(self, lanes, owner)

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
        self: Lanes, deliveries: Sequence[Delivery]
    ) -> tuple[list[Delivery], list[Any]]:
        return list(deliveries), []

    monkeypatch.setattr(Lanes, "expected", all_of_them)
    fails(trials.fetch_ran_ahead)
