"""Sends counted messages from threads until each was accepted, whatever breaks in between."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

M = TypeVar("M")


class CountedSender(Generic[M]):
    """A sender with one thread or several.

    Only allowed messages are sent, so that a test can spread them over its steps. A message that
    was not accepted is sent again, until it is. `timeout` is how long, in seconds, the end of the
    `with` block waits for each thread.
    """

    def __init__(self, messages: Sequence[M], timeout: float) -> None:
        self._messages, self._timeout = messages, timeout
        self.acknowledged: Counter[str] = Counter()
        self.attempts = 0
        self.refused: list[object] = []
        self._allowed = threading.Semaphore(0)
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def _begin(self, *targets: Callable[[], None]) -> None:
        """Send by one thread for each target."""
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self.allow(len(self._messages))
        for thread in self._threads:
            thread.join(self._timeout)

    def allow(self, count: int) -> None:
        """Allow this number of further messages."""
        self._allowed.release(count)

    def wait_for(self, count: int, timeout: float = 300.0) -> None:
        """Wait until this number of messages was accepted."""
        deadline = time.monotonic() + timeout
        while len(self.acknowledged) < count:
            assert not self.refused, self.refused
            accepted = f"{len(self.acknowledged)} of {count} messages were accepted"
            assert time.monotonic() < deadline, accepted
            time.sleep(0.01)

    def send_all(self, timeout: float = 300.0) -> None:
        """Send everything, and wait until each message was accepted."""
        self.allow(len(self._messages))
        self.wait_for(len(self._messages), timeout)
