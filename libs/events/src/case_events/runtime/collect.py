"""What there is to do now: deliveries that follow on, timers that may fire, effects done."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from case_events.envelope import Delivery
from case_events.runtime.ports import DueTimer
from case_events.runtime.work import Batch

if TYPE_CHECKING:
    from case_events.runtime.loop import Runtime

logger = structlog.get_logger()


async def collect(runtime: "Runtime[Any, Any]", deliveries: Sequence[Delivery]) -> Batch:
    """A batch of everything that this replica may act on now."""
    owned = runtime.lanes.owned()
    following, ahead = runtime.lanes.expected(deliveries)
    for topic, lane, offset in ahead:
        await _read_again(runtime, topic, lane, offset)
    await runtime.standing.look()
    if owned and runtime.wheel.needs_refill(runtime.clock.now()):
        runtime.clock.sync(await runtime.log.now())
        await runtime.wheel.refill(runtime.log, owned, runtime.clock.now())
    done = [item for item in runtime.effects.finished() if item.pending.lane in owned]
    return Batch(deliveries=following, timers=await _timers(runtime), effects=done)


async def _read_again(runtime: "Runtime[Any, Any]", topic: str, lane: int, offset: int) -> None:
    """Seek back to what was passed over, or on to what is left of the topic."""
    first = await runtime.inbox.first_offset(topic, lane)
    if first > offset:
        logger.error("gone from the topic before it was read", topic=topic, lane=lane,
                     offset=offset, first=first)  # fmt: skip
        runtime.lanes.skip_to(topic, lane, first)
    runtime.inbox.seek(topic, lane, max(first, offset))


async def _timers(runtime: "Runtime[Any, Any]") -> list[DueTimer]:
    """Due timers whose lane has been read to an end that was taken after they fell due.

    The answer to a deadline may lie unread in the topic; until it is read, nobody is late.
    """
    due: list[DueTimer] = []
    latest: dict[int, datetime] = {}
    for timer in runtime.wheel.due(runtime.clock.now(), runtime.ports.timer_limit):
        if runtime.lanes.is_parked(timer.lane, timer.case):
            runtime.wheel.drop(timer.case, timer.name)  # read again once the case goes on
        else:
            due.append(timer)
            latest[timer.lane] = max(timer.due, latest.get(timer.lane, timer.due))
    unsure = [lane for lane, at in sorted(latest.items()) if runtime.lanes.needs_barrier(lane, at)]
    await asyncio.gather(*(_look_up_end(runtime, lane) for lane in unsure))
    firing = runtime.lanes.may_fire(due)
    runtime.timers_held = len(firing) < len(due)
    return firing


async def _look_up_end(runtime: "Runtime[Any, Any]", lane: int) -> None:
    """What is due by now may fire once the lane has been read to the end that it has now."""
    now = runtime.clock.now()
    runtime.lanes.set_barrier(lane, now, await runtime.inbox.end_offsets(lane))
