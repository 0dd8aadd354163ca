"""Dormant timers, which are woken when the reference data that they depend on change."""

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
    """Looks for dormant timers to wake, after partitions were assigned and after reference data
    changed.

    So it misses no change that occurred while nobody owned a partition. `is_stale` returns, for the
    name of a timer, whether it has to be woken; it is None for a service without dormant timers.
    `per_second` timers are woken each second.
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
        """Look again soon: reference data have changed, or partitions were assigned."""
        self.asked = self._is_stale is not None

    async def look(self) -> None:
        """Wake the dormant timers whose reference data have changed, spread over time."""
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
        """Return the seconds until it may look again; infinite if there is no reason to."""
        waits = self.asked and self._partitions.owned()
        return AT_MOST_EVERY.total_seconds() if waits else float("inf")
