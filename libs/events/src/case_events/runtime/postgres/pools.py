"""The two pools of connections of a process: for the runtime, and for requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg_pool import AsyncConnectionPool

from case_events.runtime.postgres.errors import Pool


@asynccontextmanager
async def open_pools(own: str, requests: str, longest: float) -> AsyncIterator[tuple[Pool, Pool]]:
    """Open a pool with the login of the service, and one with that of its requests.

    A statement of a request is cancelled after `longest` seconds. No connection of the second pool
    is open if the service serves no requests.
    """
    limit = f" -c statement_timeout={max(1, round(longest * 1000))}"
    async with _pool(own, "", min_size=2) as pool, _pool(requests, limit, min_size=0) as asked:
        yield pool, asked


@asynccontextmanager
async def _pool(url: str, more: str, min_size: int) -> AsyncIterator[Pool]:
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        url,
        min_size=min_size,
        max_size=10,
        timeout=5,
        kwargs={
            # A replica that stops within a transaction must not hold its partitions for ever.
            "options": f"-c timezone=UTC -c idle_in_transaction_session_timeout=15s{more}",
            "connect_timeout": 5,
        },
        open=False,
    )
    async with pool:
        yield pool
