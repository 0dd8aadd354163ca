"""Waiting for several results at the same time."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(work: Iterable[Awaitable[T]], at_once: int) -> list[T]:
    """The results in order; at most `at_once` of them are awaited at the same time."""
    limit = asyncio.Semaphore(at_once)

    async def one(awaited: Awaitable[T]) -> T:
        async with limit:
            return await awaited

    return list(await asyncio.gather(*map(one, work)))
