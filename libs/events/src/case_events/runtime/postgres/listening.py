"""Hearing of what is added to a log, anywhere."""

import asyncio
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from case_events.runtime.ports import Wake

CHANNEL = "casefold_log"
logger = structlog.get_logger()


async def listen(url: Any, wake: Wake) -> None:
    """Listen for ever, on a connection of its own; what was missed meanwhile is looked up."""
    while True:
        try:
            async with await AsyncConnection.connect(str(url), autocommit=True) as db:
                await db.execute(f"LISTEN {CHANNEL}")
                wake("retry")
                async for notice in db.notifies():
                    wake("retry" if notice.payload == "retry" else "log")
        except (psycopg.Error, OSError) as error:
            logger.warning("listening interrupted", why=str(error))
            await asyncio.sleep(1)
