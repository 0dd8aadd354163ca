"""A loop with nothing to do waits: it does not turn at 100 % of a core."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from case_events.runtime.engine.effects import Effects
from case_events.runtime.engine.loop import Runtime
from case_events.runtime.engine.reference_watch import ReferenceWatch
from case_events.runtime.engine.relay import Relay
from case_events.runtime.engine.timer_queue import WINDOW
from case_events.testing import virtual_time
from case_events.testing.memory import Spinning

from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.fault_storms import RINGER, Storm
from tests.unit.runtime.world import START, World, cases

SOON = WINDOW.total_seconds() / 2
"""Seconds ahead up to which the timers have to be read."""
PAGE, MORE = 400, 50


def test_a_loop_waits_for_the_first_of_more_timers_than_fit_on_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last timer on the page is due soon, and none has to be read before some have fired."""
    monkeypatch.setattr("case_events.runtime.engine.timer_queue.PAGE", PAGE)
    monkeypatch.setattr("case_events.runtime.engine.timer_queue.REFILL_BELOW", PAGE // 2)

    async def trial() -> None:
        world = Storm(1)
        replica = await world.start(RINGER)
        for place, case in enumerate(cases(PAGE + MORE)):
            world.set(case, 60 + place * (SOON - 61) / (PAGE + MORE))
        await world.passes(10)
        await world.crash(replica)
        owner = await world.start(RINGER)
        due = owner.runtime.timer_queue.next_due()
        assert due is not None
        assert due > START + timedelta(seconds=asyncio.get_running_loop().time() + 30)
        await world.passes(600)
        world.count()

    virtual_time.run(trial())


async def one_timer() -> None:
    """One case of a counter, and a timer that falls due in ten minutes."""
    world = World()
    await world.start(COUNTER)
    (case,) = cases(1)
    world.send(case, "one", "timer 600")
    await world.passes(3600)
    assert world.had(case) == ["one", "timer ring due 08:10"]


async def hurries(self: Relay) -> None:
    """Publish, without waiting for anything to publish."""
    while True:
        await self.publish()
        await self.log.unpublished(self.partitions.owned(), 1)
        await asyncio.sleep(0)


async def tries_again(self: Effects) -> None:
    """Begin effects, without waiting for any to begin."""
    while True:
        await self._handle_all()
        await asyncio.sleep(0)


def always_asked(self: ReferenceWatch[Any]) -> None:
    """Ask to look again, though nothing stands by."""
    self.asked = True


def test_a_service_whose_loops_wait_is_not_said_to_spin() -> None:
    virtual_time.run(one_timer())


@pytest.mark.parametrize(
    "loop", ["the main path", "the relay", "the effects", "the reference data"]
)
def test_a_loop_that_turns_for_nothing_is_caught(
    monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    """Each loop of a service, made to turn without waiting."""
    match loop:
        case "the main path":
            monkeypatch.setattr(Runtime, "poll_timeout", lambda self: 0.0)
        case "the relay":
            monkeypatch.setattr(Relay, "run", hurries)
        case "the effects":
            monkeypatch.setattr(Effects, "run", tries_again)
        case _:
            monkeypatch.setattr(ReferenceWatch, "changed", always_asked)
            monkeypatch.setattr(ReferenceWatch, "seconds_until_look", lambda self: 0.0)
    with pytest.raises((Spinning, BaseExceptionGroup), check=_spins):
        virtual_time.run(one_timer())


def _spins(error: BaseException) -> bool:
    found = error.split(Spinning)[0] if isinstance(error, BaseExceptionGroup) else error
    return found is not None
