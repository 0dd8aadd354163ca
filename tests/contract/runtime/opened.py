"""Tests of a log, on an open one of each kind."""

from collections.abc import Awaitable, Callable
from functools import wraps

from case_events.runtime.ports import Log

from tests.contract.runtime.conftest import LogUnderTest


def with_log(test: Callable[[Log], Awaitable[None]]) -> Callable[[LogUnderTest], None]:
    """Run a test on an open log."""

    @wraps(test)
    def run(logs: LogUnderTest) -> None:
        async def main() -> None:
            async with logs.open() as log:
                await test(log)

        logs.run(main())

    del run.__wrapped__
    return run
