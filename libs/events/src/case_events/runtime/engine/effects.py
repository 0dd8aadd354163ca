"""Effects: performed between two transactions, with retries, and with their result stored."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import perf_counter

import structlog
from msgspec.structs import replace

from case_events.runtime.clock import DatabaseClock
from case_events.runtime.effect_handlers import EffectHandler, EffectResult
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.work import CompletedEffect
from case_events.runtime.ports import Fenced, Log, PendingEffect, Unavailable

logger = structlog.get_logger()
AT_ONCE = 50
SHORTEST_WAIT = 0.01


class Effects:
    """Claims effects, performs them, and passes their results to the loop, which stores them."""

    def __init__(
        self,
        log: Log,
        handlers: Mapping[str, EffectHandler],
        partitions: OwnedPartitions,
        clock: DatabaseClock,
        metrics: Metrics,
        done: Callable[[], None],
    ) -> None:
        self.log, self.handlers, self.partitions, self.clock = log, handlers, partitions, clock
        self._metrics, self._done = metrics, done
        self.completed: dict[str, CompletedEffect] = {}
        """Results that are not stored yet, by key."""
        self._running: set[asyncio.Task[None]] = set()
        self._work = asyncio.Event()

    def wake(self) -> None:
        """Look for effects again."""
        self._work.set()

    def acknowledge(self, committed: Sequence[CompletedEffect]) -> None:
        """Forget these results, which are stored now."""
        for completed in committed:
            self.completed.pop(completed.pending.effect.key, None)

    async def run(self) -> None:
        """Perform effects until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self._handle_all()
            except Fenced:
                continue  # the new owner performs them
            except Unavailable as error:
                logger.warning("effects interrupted", error=str(error))
                asyncio.get_running_loop().call_later(1.0, self.wake)

    async def _handle_all(self) -> None:
        """Claim as many effects as there are free slots. An effect that ends frees its slot and
        looks again."""
        while (epochs := self.partitions.epochs()) and (room := AT_ONCE - len(self._running)):
            claimed = await self.log.claim_effects(epochs, room)
            for pending in claimed.effects:
                attempt = asyncio.create_task(self._attempt(pending))
                self._running.add(attempt)
                attempt.add_done_callback(self._ended)
            if not claimed.effects:
                if claimed.next_due is not None:
                    wait = (claimed.next_due - self.clock.now()).total_seconds()
                    asyncio.get_running_loop().call_later(max(SHORTEST_WAIT, wait), self.wake)
                return

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self._running.discard(attempt)
        self.wake()

    async def _attempt(self, pending: PendingEffect) -> None:
        kind, began = pending.effect.kind, perf_counter()
        handler = self.handlers.get(kind, EffectHandler(_nobody))
        result, until = await _result_of(handler, pending), None
        if result.result == "again":
            until = handler.retry.next_attempt(
                pending.first_attempt_at, pending.attempts, self.clock.now()
            )
            result = replace(result, result="failed" if until is None else "again")
        label = result.result if until is None else "postponed"
        self._metrics.attempted(kind, label, perf_counter() - began)
        if until is not None:
            logger.warning("effect postponed", key=pending.effect.key, why=result.detail)
            await self._postpone(pending, until, result.uncertain)
            return
        self.completed[pending.effect.key] = CompletedEffect(pending, result)
        self._done()

    async def _postpone(self, pending: PendingEffect, until: datetime, uncertain: bool) -> None:
        """Retry until the postponement is stored: an effect that stays claimed is never attempted
        again."""
        while True:
            try:
                return await self.log.postpone_effect(
                    pending.effect.key, until, uncertain=uncertain
                )
            except Unavailable as error:
                logger.warning("effects interrupted", error=str(error))
                await asyncio.sleep(1.0)


async def _result_of(handler: EffectHandler, pending: PendingEffect) -> EffectResult:
    try:
        return await handler.attempt(pending)
    except Exception as error:  # noqa: BLE001 - an attempt that fails, however, is tried again
        return EffectResult("again", f"{type(error).__name__}: {error}")


async def _nobody(pending: PendingEffect) -> EffectResult:
    return EffectResult("failed", f"no handler for effects of kind {pending.effect.kind}")
