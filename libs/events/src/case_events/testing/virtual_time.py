"""An event loop with virtual time: when no task is ready, time jumps to the next scheduled
moment."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
MOST_TURNS_AT_ONE_INSTANT = 20_000


class Deadlock(RuntimeError):
    """No task is ready and nothing is scheduled, so the tasks wait for ever."""


class Livelock(RuntimeError):
    """The loop turns again and again, and virtual time does not advance."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time starts at 0 and advances only when every task waits. It has no
    threads and no sockets."""

    def __init__(self) -> None:
        self._virtual = 0.0
        super().__init__(_Jump(self._passes))

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._virtual

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Call the function at once: a thread would take real time, which does not exist here."""
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - the task that waits for it gets it
            done.set_exception(error)
        return done

    def _passes(self, seconds: float | None) -> None:
        if seconds is None:
            waiting = sorted(_place(task) for task in asyncio.all_tasks(self))
            raise Deadlock(
                f"nothing is scheduled after {self._virtual:.6f} s; waiting for ever: "
                + ("; ".join(waiting) or "no task")
            )
        self._virtual += seconds


class _Jump(selectors.SelectSelector):
    """A selector that advances virtual time instead of waiting."""

    def __init__(self, passes: Callable[[float | None], None]) -> None:
        super().__init__()
        self._passes = passes
        self._turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._turns = self._turns + 1 if timeout == 0 else 0
        if self._turns > MOST_TURNS_AT_ONE_INSTANT:
            self._turns = 0
            raise Livelock(f"{MOST_TURNS_AT_ONE_INSTANT} turns without a moment passing")
        if timeout != 0:
            self._passes(timeout)
        return []


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time, and return its result.

    Raises `Deadlock` if it can never end, and `Livelock` if time does not advance.
    """
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def _place(task: "asyncio.Task[Any]") -> str:
    """Return a task's name and the line at which it waits."""
    frames = task.get_stack(limit=1)
    where = f" at {frames[-1].f_code.co_filename}:{frames[-1].f_lineno}" if frames else ""
    name = getattr(task.get_coro(), "__qualname__", "?")
    return f"{task.get_name()} ({name}{where})"
