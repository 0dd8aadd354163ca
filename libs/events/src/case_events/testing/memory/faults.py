"""What goes wrong in the ports in memory, and when: by default nothing does."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

Rule = Callable[[Any], Awaitable[None]]
"""Called with what a step is about. It raises what the step shall raise, or only waits."""


class Faults:
    """Each step of a port asks here before it is done.

    Steps of the log: the name of each method, `commit` (with the staged transaction, before it
    is kept) and `answer` (the same, after it is kept). Steps of the publisher: `send` (with one
    entry, before it is accepted) and `acknowledge` (with all, once they are accepted). Steps of
    the inbox: `take` (with the seconds it may wait), `first_offset`, `end_offsets`,
    `commit_offsets`.
    """

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[Exception | None]] = defaultdict(deque)
        self._rules: dict[str, Rule] = {}

    def plan(self, step: str, *outcomes: Exception | None) -> None:
        """What the next calls of a step raise; None lets one pass."""
        self._planned[step].extend(outcomes)

    def rule(self, step: str, rule: Rule | None) -> None:
        """Ask `rule` at every call of a step from now on; None takes the rule away."""
        if rule is None:
            self._rules.pop(step, None)
        else:
            self._rules[step] = rule

    async def reach(self, step: str, subject: Any = None) -> None:
        """A port came to this step; raises what is planned for it."""
        if step in self._rules:
            await self._rules[step](subject)
        planned = self._planned[step]
        error = planned.popleft() if planned else None
        if error is not None:
            raise error
