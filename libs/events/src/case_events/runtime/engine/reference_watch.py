"""Timers that stand by: woken when the reference data that they wait for has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic

import structlog

from case_events.kernel import R
from case_events.runtime.engine.owned_state import OwnedState
from case_events.runtime.ports import Log

logger = structlog.get_logger()
AT_MOST_EVERY = timedelta(seconds=1)


class ReferenceWatch(Generic[R]):
    """Looks, after partitions came and after reference data changed, for what has to be woken.

    So nothing is missed that changed while nobody owned the partition. `is_stale` says of the
    name of a timer whether it has to be woken; None where a service has no timers that stand by.
    `per_second` timers are woken a second.
    """

    def __init__(
        self,
        is_stale: Callable[[str, R], bool] | None,
        reference: R,
        log: Log,
        owned: OwnedState,
        per_second: int,
    ) -> None:
        self._is_stale, self._reference = is_stale, reference
        self._log, self._per_second = log, per_second
        self._partitions, self._timer_queue, self._clock = (
            owned.partitions,
            owned.timer_queue,
            owned.clock,
        )
        self._looked: datetime | None = None
        self.asked = is_stale is not None
        """Whether it has to look again."""

    def changed(self) -> None:
        """Reference data changed, or partitions came: look again, soon."""
        self.asked = self._is_stale is not None

    async def look(self) -> None:
        """Bring forward what stands by for something that has changed, spread out in time."""
        is_stale = self._is_stale
        if is_stale is None or not self.asked or not self._partitions.owned():
            return
        now = self._clock.now()
        if self._looked is not None and now < self._looked + AT_MOST_EVERY:
            return
        self._looked, self.asked = now, False
        names = await self._log.dormant_timers(self._partitions.owned())
        changed = [name for name in names if is_stale(name, self._reference)]
        if changed:
            woken = await self._log.wake_dormant(
                self._partitions.epochs(), changed, self._per_second
            )
            self._timer_queue.forget()
            logger.info("woken by changed reference data", names=len(changed), cases=woken)

    def seconds_until_look(self) -> float:
        """Seconds until it may look again; for ever where there is nothing to look for."""
        waits = self.asked and self._partitions.owned()
        return AT_MOST_EVERY.total_seconds() if waits else float("inf")
