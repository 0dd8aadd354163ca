"""Timers that stand by: woken when the reference data that they wait for has changed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from case_events.runtime.loop import Runtime

logger = structlog.get_logger()
AT_MOST_EVERY = timedelta(seconds=1)


class Standing:
    """Looks, after lanes came and after reference data changed, for what has to be woken.

    So nothing is missed that changed while nobody owned the lane.
    """

    def __init__(self, runtime: "Runtime[Any, Any]") -> None:
        self._runtime = runtime
        self._looked: datetime | None = None
        self.asked = True

    async def look(self) -> None:
        """Bring forward what stands by for something that has changed, spread out in time."""
        runtime, overtaken = self._runtime, self._runtime.service.overtaken
        if overtaken is None or not self.asked or not runtime.lanes.owned():
            return
        now = runtime.clock.now()
        if self._looked is not None and now < self._looked + AT_MOST_EVERY:
            return
        self._looked, self.asked = now, False
        names = await runtime.log.standing(runtime.lanes.owned())
        changed = [name for name in names if overtaken(name, runtime.reference)]
        if changed:
            woken = await runtime.log.bring_forward(
                runtime.lanes.epochs(), changed, runtime.ports.woken_per_second
            )
            runtime.wheel.forget()
            logger.info("woken by changed reference data", names=len(changed), cases=woken)

    def patience(self) -> float:
        """Seconds until it may look again; for ever where there is nothing to look for."""
        waits = self.asked and self._runtime.service.overtaken and self._runtime.lanes.owned()
        return AT_MOST_EVERY.total_seconds() if waits else float("inf")
