"""A watch over the ports in memory: a service that asks again and again, and does nothing."""

import asyncio
from collections import deque
from typing import Any

from case_events.testing.memory.faults import Faults
from case_events.testing.memory.transaction import MemoryTransaction

CALLS_A_SECOND = 200
"""Calls of ports that lead to nothing, at most, within one second of the event loop's time."""


class Spinning(AssertionError):
    """A loop of a service turns and turns, and nothing comes of it."""


class WatchedFaults(Faults):
    """Faults that also raise `Spinning` in a replica whose loops turn for nothing.

    A call leads to something where it commits a change or publishes a record. Every other call
    counts, until the next one that does. In virtual time a loop that waits as it should makes
    few calls a second, and a loop that does not wait makes thousands.
    """

    def __init__(self) -> None:
        super().__init__()
        self._idle: deque[tuple[float, str]] = deque()

    async def reach(self, step: str, subject: Any = None) -> None:
        """Count the call, then fail it where that is planned."""
        if step == "send" or (isinstance(subject, MemoryTransaction) and subject.is_changing()):
            self._idle.clear()
        else:
            self._count(step)
        await super().reach(step, subject)

    def _count(self, step: str) -> None:
        now = asyncio.get_running_loop().time()
        self._idle.append((now, step))
        while self._idle[0][0] < now - 1.0:
            self._idle.popleft()
        if len(self._idle) > CALLS_A_SECOND:
            last = ", ".join(name for _, name in list(self._idle)[-8:])
            self._idle.clear()
            raise Spinning(f"{CALLS_A_SECOND} calls in a second did nothing; the last: {last}")
