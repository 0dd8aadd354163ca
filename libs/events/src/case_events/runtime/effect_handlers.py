"""Handlers of effects, one for each kind, and their retry policies."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from case_events.runtime.ports import PendingEffect

ENOUGH_GROWTH = 100
"""The number of attempts after which waits no longer grow: a higher power of `factor` may
overflow."""


class EffectResult(Struct, frozen=True):
    """The result of one attempt at an effect. `uncertain`: it may have succeeded although it failed
    here."""

    result: Literal["done", "failed", "again"]
    detail: str = ""
    uncertain: bool = False


Attempt = Callable[[PendingEffect], Awaitable[EffectResult]]
"""Performs an effect once. An exception counts as a failed attempt, which is retried."""


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How long, and how often, an effect is retried.

    The first wait is `first_wait`. Each wait is `factor` times the one before, up to
    `longest_wait`. The last attempt is made `give_up_after` after the first one. The defaults suit
    requests to the platform's own servers: after an outage of days they need quick retries.
    """

    first_wait: timedelta = timedelta(seconds=1)
    factor: float = 2.0
    longest_wait: timedelta = timedelta(minutes=5)
    give_up_after: timedelta = timedelta(days=5)

    def next_attempt(self, first: datetime, attempts: int, now: datetime) -> datetime | None:
        """Return the time of the next attempt after `attempts` of them, the first of which was at
        `first`. Return None to give up."""
        end = first + self.give_up_after
        if now >= end:
            return None
        growth = self.factor ** min(attempts - 1, ENOUGH_GROWTH)
        wait = min(self.first_wait.total_seconds() * growth, self.longest_wait.total_seconds())
        return min(now + timedelta(seconds=wait), end)


class EffectHandler(Struct, frozen=True):
    """Performs the effects of one kind: an attempt, and the policy for retries."""

    attempt: Attempt
    retry: RetryPolicy = RetryPolicy()
