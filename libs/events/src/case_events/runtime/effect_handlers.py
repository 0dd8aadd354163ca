"""How effects are done in the world: one handler for each kind, and how long it keeps trying."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from case_events.runtime.ports import PendingEffect

ENOUGH_GROWTH = 100
"""Waits grow no further after so many attempts: `factor` to a higher power may not be a number."""


class EffectResult(Struct, frozen=True):
    """What came of one attempt at an effect. `uncertain`: it may have worked all the same."""

    result: Literal["done", "failed", "again"]
    detail: str = ""
    uncertain: bool = False


Attempt = Callable[[PendingEffect], Awaitable[EffectResult]]
"""Do an effect once in the world. An exception is a failed attempt that is tried again."""


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How long an effect is tried, and how often.

    The first wait is `first_wait`. Each wait is `factor` times the one before, up to
    `longest_wait`. The last attempt is made `give_up_after` after the first one. The default is
    for what the platform asks of itself: its own servers come back within days, and then quickly.
    """

    first_wait: timedelta = timedelta(seconds=1)
    factor: float = 2.0
    longest_wait: timedelta = timedelta(minutes=5)
    give_up_after: timedelta = timedelta(days=5)

    def next_attempt(self, first: datetime, attempts: int, now: datetime) -> datetime | None:
        """When to try again after `attempts` of them, the first at `first`; None to give up."""
        end = first + self.give_up_after
        if now >= end:
            return None
        growth = self.factor ** min(attempts - 1, ENOUGH_GROWTH)
        wait = min(self.first_wait.total_seconds() * growth, self.longest_wait.total_seconds())
        return min(now + timedelta(seconds=wait), end)


class EffectHandler(Struct, frozen=True):
    """How effects of one kind are done: an attempt, and when to make the next one."""

    attempt: Attempt
    retry: RetryPolicy = RetryPolicy()
