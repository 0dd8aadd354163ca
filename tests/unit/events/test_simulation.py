"""`case_events.testing`: what a simulation shows, and what its page shows."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from case_events.contracts.intake import ReplyReceived
from case_events.runtime import EffectHandler, EffectResult, PendingEffect
from case_events.testing import SimulatedService, Simulation, virtual_time
from case_events.topics import CASES, INTAKE

from tests.support.wire import codec
from tests.unit.runtime.counting import COUNTER, Counted, Known

PROJECT = Path(__file__).parents[3]
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CASE = UUID(int=1)


def simulation() -> tuple[Simulation, SimulatedService[Counted, Known]]:
    made = Simulation(START, codec)
    return made, made.add(COUNTER, Known())


def say(made: Simulation, name: str, word: str, writer: str = "intake") -> None:
    event = ReplyReceived(found_by=word, participant=True, message_id=name)
    made.publish(INTAKE, event, CASE, writer=writer)


def test_a_parked_record_fails_the_test() -> None:
    async def story() -> None:
        made, _ = simulation()
        await made.start()
        say(made, "one", "poison")
        with pytest.raises(AssertionError, match=r"counter has parked .*this one is poison"):
            await made.settle()

    virtual_time.run(story())


def test_a_record_that_its_writer_may_not_publish_fails_the_test() -> None:
    async def story() -> None:
        made, _ = simulation()
        await made.start()
        say(made, "one", "", writer="sla")
        with pytest.raises(AssertionError, match=r"counter holds .*'sla' does not write intake"):
            await made.settle()

    virtual_time.run(story())


def test_what_ended_a_runtime_fails_the_test() -> None:
    async def story() -> None:
        made, service = simulation()
        await made.start()
        service.faults.plan("take", ValueError("out of order"))
        say(made, "one", "")
        with pytest.raises(ExceptionGroup):
            await made.pass_until(START + timedelta(days=2))

    virtual_time.run(story())


def test_timers_and_effects_happen_at_their_time() -> None:
    handled: list[datetime] = []

    async def story() -> None:
        made, service = simulation()

        async def mail(pending: PendingEffect) -> EffectResult:
            handled.append(made.now())
            return EffectResult("done")

        service.handlers = {"mail": EffectHandler(mail)}
        await made.start()
        say(made, "one", "timer 600")
        say(made, "two", "effect a")
        await made.pass_until(START + timedelta(seconds=599))
        assert len(made.records(CASES)) == 3, "two replies, and the effect that was performed"
        await made.pass_until(START + timedelta(seconds=601))
        assert len(made.records(CASES)) == 4, "and the timer"

    virtual_time.run(story())
    assert len(handled) == 1
    assert handled[0] - START < timedelta(seconds=1)


def test_the_same_seed_gives_the_same_records() -> None:
    async def story() -> list[UUID]:
        made, _ = simulation()
        await made.start()
        say(made, "one", "timer 600")
        await asyncio.sleep(3600)
        return [record.id for record in made.records(CASES)]

    first, second = virtual_time.run(story()), virtual_time.run(story())
    assert first == second
    assert len(first) == 2


def test_the_page_that_explains_it_shows_tests_that_run() -> None:
    code = (PROJECT / "examples" / "counter" / "test_simulated.py").read_text()
    assert f"```python\n{code}```" in (PROJECT / "docs" / "testing.md").read_text()
