"""Planned faults of the ports in memory. By default nothing fails."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

Rule = Callable[[Any], Awaitable[None]]
"""A function that is called with the subject of a step. It raises the error of the step, or
waits."""


class Faults:
    """The faults of one replica. Each step of its ports calls `reach` before it is executed.

    Steps of the log: the name of each method, `commit` (before the staged transaction is stored)
    and `answer` (after it is stored), both with the transaction. Steps of the publisher: `send`
    (with one entry, before it is accepted) and `acknowledge` (with all entries, after they are
    accepted). Steps of the inbox: `take` (with the seconds that it may wait), `first_offset`,
    `end_offsets`, `commit_offsets`.
    """

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[Exception | None]] = defaultdict(deque)
        self._rules: dict[str, Rule] = {}

    def plan(self, step: str, *outcomes: Exception | None) -> None:
        """Plan the errors of the next calls of a step. None lets a call succeed."""
        self._planned[step].extend(outcomes)

    def rule(self, step: str, rule: Rule | None) -> None:
        """Call `rule` at every call of a step from now on. None removes the rule."""
        if rule is None:
            self._rules.pop(step, None)
        else:
            self._rules[step] = rule

    async def reach(self, step: str, subject: Any = None) -> None:
        """Execute the rule of a step, then raise its planned error."""
        if step in self._rules:
            await self._rules[step](subject)
        planned = self._planned[step]
        error = planned.popleft() if planned else None
        if error is not None:
            raise error
