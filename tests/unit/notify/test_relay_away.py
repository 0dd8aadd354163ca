"""A mail that cannot go out is tried for five days, and a call of a webhook for one."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from case_events.contracts.notices import NoticeFailed
from case_events.runtime import EffectHandler, EffectResult, PendingEffect
from case_events.testing import virtual_time
from case_events.topics import CASES
from case_notify.adapters.handlers import effect_handlers
from case_notify.adapters.memory import MemoryAddressBook
from case_notify.application.react import MAIL, WEBHOOK

from tests.support.wire import codec
from tests.unit.notify.sample_desk import ANNA, START, created, record
from tests.unit.notify.test_in_runtime import Platform

HOUR = 3600.0
DAY = 24 * HOUR


class RelayAway(Platform):
    """Notify, and a relay that cannot be reached until so many seconds after the start."""

    def __init__(self, until: float) -> None:
        super().__init__(poll=DAY)
        self.until = until
        self.tried: list[float] = []
        self.publish(CASES, record(created(), ANNA), 1)

    async def handle_effect(self, pending: PendingEffect) -> EffectResult:
        at = asyncio.get_running_loop().time()
        self.tried.append(at)
        if at < self.until:
            return EffectResult("again", "ConnectionRefusedError: nobody listens")
        return await super().handle_effect(pending)

    def failures(self) -> list[NoticeFailed]:
        """What it told the history of mails that did not go out."""
        answer = [codec.decode(entry.value).data for entry in self.log.entries()]
        return [one for one in answer if isinstance(one, NoticeFailed)]


def test_a_relay_that_is_away_for_a_day_loses_nothing() -> None:
    """Its mail goes out within half an hour of its return, once."""
    platform = RelayAway(DAY)
    virtual_time.run(platform.works(2 * DAY))
    assert len(platform.sent) == 1
    (notice,) = platform.notices()
    assert notice.attempts == len(platform.tried)
    assert DAY <= platform.tried[-1] <= DAY + HOUR / 2
    assert platform.failures() == []


def test_a_mail_that_cannot_go_out_fails_after_five_days() -> None:
    async def trial() -> None:
        platform = RelayAway(30 * DAY)
        task = asyncio.create_task(platform.works(20 * DAY))
        await asyncio.sleep(5 * DAY - 1)
        assert platform.failures() == []
        await asyncio.sleep(2)
        (failure,) = platform.failures()
        assert failure.attempts == len(platform.tried)
        assert platform.tried[-1] == pytest.approx(5 * DAY, abs=1)
        assert "nobody listens" in failure.error
        await task
        assert len(platform.failures()) == 1
        assert platform.notices() == []

    virtual_time.run(trial())


@pytest.mark.parametrize(("kind", "days"), [(MAIL, 5), (WEBHOOK, 1)])
def test_each_kind_is_tried_every_hour_at_least_until_it_is_given_up(kind: str, days: int) -> None:
    async def never(pending: PendingEffect) -> EffectResult:
        return EffectResult("again", pending.effect.key)

    handler: EffectHandler = effect_handlers(never, never, MemoryAddressBook())[kind]
    tries = [START]
    while (then := handler.retry.next_attempt(START, len(tries), tries[-1])) is not None:
        tries.append(then)
    waits = [after - before for before, after in pairwise(tries)]
    assert waits[0] == timedelta(seconds=1)
    assert max(waits) <= timedelta(hours=1)
    assert tries[-1] == START + timedelta(days=days)
