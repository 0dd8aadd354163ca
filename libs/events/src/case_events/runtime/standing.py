"""Timers that stand by: woken when the reference data that they wait for has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic

import structlog

from case_events.kernel import R
from case_events.runtime.owned_state import OwnedState
from case_events.runtime.ports import Log

logger = structlog.get_logger()
AT_MOST_EVERY = timedelta(seconds=1)


class Standing(Generic[R]):
    """Looks, after lanes came and after reference data changed, for what has to be woken.

    So nothing is missed that changed while nobody owned the lane. `overtaken` says of the name of
    a timer whether it has to be woken; None where a service has no timers that stand by.
    `per_second` timers are woken a second.
    """

    def __init__(
        self,
        overtaken: Callable[[str, R], bool] | None,
        reference: R,
        log: Log,
        owned: OwnedState,
        per_second: int,
    ) -> None:
        self._overtaken, self._reference = overtaken, reference
        self._log, self._per_second = log, per_second
        self._lanes, self._wheel, self._clock = owned.lanes, owned.wheel, owned.clock
        self._looked: datetime | None = None
        self.asked = overtaken is not None
        """Whether it has to look again."""

    def changed(self) -> None:
        """Reference data changed, or lanes came: look again, soon."""
        self.asked = self._overtaken is not None

    async def look(self) -> None:
        """Bring forward what stands by for something that has changed, spread out in time."""
        overtaken = self._overtaken
        if overtaken is None or not self.asked or not self._lanes.owned():
            return
        now = self._clock.now()
        if self._looked is not None and now < self._looked + AT_MOST_EVERY:
            return
        self._looked, self.asked = now, False
        names = await self._log.standing(self._lanes.owned())
        changed = [name for name in names if overtaken(name, self._reference)]
        if changed:
            woken = await self._log.bring_forward(self._lanes.epochs(), changed, self._per_second)
            self._wheel.forget()
            logger.info("woken by changed reference data", names=len(changed), cases=woken)

    def patience(self) -> float:
        """Seconds until it may look again; for ever where there is nothing to look for."""
        waits = self.asked and self._lanes.owned()
        return AT_MOST_EVERY.total_seconds() if waits else float("inf")
