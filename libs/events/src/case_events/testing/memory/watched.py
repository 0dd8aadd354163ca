"""Detection of busy loops: a service that calls its ports again and again without effect."""

import asyncio
from collections import deque
from typing import Any

from case_events.testing.memory.faults import Faults
from case_events.testing.memory.transaction import MemoryTransaction

CALLS_A_SECOND = 200
"""The most calls of ports without effect within one second of the event loop's time."""


class Spinning(AssertionError):
    """A loop of a service calls its ports again and again without effect."""


class WatchedFaults(Faults):
    """Faults that also raise `Spinning` in a replica whose loops turn without effect.

    A call has an effect if it commits a change or publishes a record. All other calls count, until
    the next call with an effect. In virtual time, a loop that waits correctly makes few calls a
    second, and a loop that does not wait makes thousands.
    """

    def __init__(self) -> None:
        super().__init__()
        self._idle: deque[tuple[float, str]] = deque()

    async def reach(self, step: str, subject: Any = None) -> None:
        """Count the call, then fail it if a fault is planned."""
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
