"""Notifications of changes in a log, between all processes."""

import asyncio
from typing import Any, Literal

import psycopg
import structlog
from psycopg import AsyncConnection, sql

from case_events.runtime.ports import Wake
from case_events.runtime.postgres.statements import load_statements

CHANNEL = "casefold_log"
STATEMENTS = load_statements("case_events.runtime.postgres", "listening")
logger = structlog.get_logger()


async def listen(url: Any, wake: Wake) -> None:
    """Listen until cancelled, on a connection of its own. After an interruption, look for missed
    changes."""
    listening = sql.SQL(STATEMENTS["listen"]).format(channel=sql.Identifier(CHANNEL))
    while True:
        try:
            async with await AsyncConnection.connect(str(url), autocommit=True) as db:
                await db.execute(listening)
                wake("retry")
                async for notice in db.notifies():
                    wake("retry" if notice.payload == "retry" else "log")
        except (psycopg.Error, OSError) as error:
            logger.warning("listening interrupted", why=str(error))
            await asyncio.sleep(1)


async def notify(db: AsyncConnection[Any], what: Literal["log", "retry"]) -> None:
    """Wake all replicas of the service when the transaction commits: entries were added to the log,
    or a retry was requested."""
    await db.execute(STATEMENTS["notify"], [CHANNEL, what])
