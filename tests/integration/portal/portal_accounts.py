"""The accounts of a portal over a real PostgreSQL, and commands about them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.resources import files
from random import SystemRandom
from typing import Any

from case_events.runtime import Ids, Outbox
from case_events.runtime.postgres import PostgresLog, migrate
from case_events.testing.keys import SECRET
from case_portal.access.accounts import (
    PostgresAccounts,
)
from case_portal.access.cli import portal
from case_portal.access.held import AccessTimes
from case_portal.access.queries import PostgresAccountUnitOfWork
from case_portal.access.user_names import folded
from case_portal.core.audit import Client
from case_portal.core.principal import Account
from case_portal.core.sessions import Session
from click.testing import CliRunner, Result
from psycopg_pool import AsyncConnectionPool

from tests.support.wire import codec


def prepare(url: str) -> None:
    """Make the tables of a new database."""
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


LONG = "a long password"
BOB = Account(tenant="here", kind="contact", person="bob", user="bob")


class AccountDesk:
    """The accounts of a portal over a real database."""

    def __init__(
        self, pool: AsyncConnectionPool[Any], idle: timedelta = timedelta(hours=1)
    ) -> None:
        times = AccessTimes(timedelta(minutes=15), timedelta(hours=12), idle)
        outbox = Outbox("portal", PostgresLog(pool), Ids(SystemRandom()), 4, codec, lambda: None)
        self.accounts = PostgresAccounts(pool, idle)
        self.gate = PostgresAccountUnitOfWork(outbox, pool, SECRET, times)

    async def log_in(self, user: str, password: str, tenant: str | None = None) -> Session | None:
        """A session, if the password fits."""
        known = await self.accounts.named(folded(user), tenant)
        found = await self.accounts.fitting(known, password)
        if found is None:
            return None
        async with self.gate.open() as transaction:
            return await transaction.open_session(found, Client())

    async def who(self, token: str) -> Account | None:
        """The account of a token that is valid."""
        session = await self.accounts.session(token)
        return session.account if session else None


def play(url: str, story: Callable[[AccountDesk], Awaitable[None]]) -> None:
    async def work() -> None:
        async with AsyncConnectionPool[Any](url, min_size=1, open=False) as pool:
            await story(AccountDesk(pool))

    asyncio.run(work())


def run(url: str, *command: str, typed: str = "") -> Result:
    """A command about the portal; `typed` is its standard input."""
    return CliRunner().invoke(portal, command, input=typed, env={"CASEFOLD_DATABASE_URL": url})
