"""The portal over PostgreSQL without the checks of its code: only the database protects the
data."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from case_events.kernel import Document
from case_events.runtime import Ids, Outbox
from case_events.runtime.ports import Snapshot
from case_events.runtime.postgres import (
    PostgresLog,
    PostgresTransaction,
    RequestConnections,
    RequestPool,
)
from case_portal.app import make_app
from case_portal.commands import gateway as asking
from case_portal.core.principal import Principal
from case_portal.database.row_level_security import for_principals, rls_settings
from case_portal.database.signals import Signals
from case_portal.read_model import queries as cases
from case_portal.read_model.ports import Changes
from case_portal.refusals import queries as refusals
from case_portal.reports import queries as reports
from case_portal.security import queries as security
from case_portal.topics import queries as topics
from case_portal.volumes import queries as counting
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from tests.support.isolation.apps import attacked_portal
from tests.support.isolation.desks import World
from tests.support.isolation.live_streams import TIMEOUT, Change, leaks_by_stream
from tests.support.real.servers import of_requests
from tests.support.wire import codec

Login = Callable[[str], str]
"""The URL of a database with another login."""

CHECKS: tuple[tuple[Any, str, str, str], ...] = (
    (cases, "visible", cases.STATEMENTS["visible"], " reference <> '' "),
    (cases, "entries", "AND (%(internal)s OR NOT (document ->> 'internal')::boolean)", ""),
    (refusals, "refusals", "AND snapshots.tenant = %(tenant)s", ""),
    (refusals, "refusals", "AND kept.tenant = %(tenant)s", ""),
    (refusals, "refusals", "AND (%(viewing_agent)s::text IS NULL", "AND (true"),
    (reports, "last_readings", "AND (%(viewing_agent)s::text IS NULL OR", "AND (true OR"),
    (reports, "last_readings", "AND tenant = %(tenant)s", ""),
    (security, "list", "AND tenant = %(tenant)s", ""),
    (topics, "count", "tenant = %(tenant)s AND created_at", "created_at"),
    (counting, "count_volumes", "snapshots.tenant = %(tenant)s AND created_at", "created_at"),
    (counting, "count_volumes", "documents.tenant = %(tenant)s\n        AND key", "key"),
    (counting, "count_backlog", "snapshots.tenant = %(tenant)s\n    AND created_at", "created_at"),
    (counting, "count_ratings", "snapshots.tenant = %(tenant)s AND rated_at", "rated_at"),
    (asking, "find_command", " AND tenant = %s AND person_kind = %s AND person = %s",
     " AND %s || %s || %s <> ''"),
)  # fmt: skip
"""The checks of the code: module, statement, the condition, and its replacement."""


def copy_into(url: str, world: World) -> None:
    """Write the state and documents of the simulated portal to a database, as the runtime writes
    them."""
    state = world.driver.platform.services["portal"].log.state
    rows: dict[Any, list[Document]] = {}
    for (case, key), document in state.documents.items():
        rows.setdefault(case, []).append(Document(key, document))

    async def write() -> None:
        kept = {
            case: Snapshot(one.state, one.version, one.digest)
            for case, one in state.snapshots.items()
        }
        async with (
            AsyncConnectionPool(url, min_size=1, open=False) as pool,
            PostgresLog(pool).transaction({}) as tx,
        ):
            await tx.save(dict.fromkeys(kept, 0), kept)
            await tx.save_documents(rows)

    asyncio.run(write())
    with psycopg.connect(url) as db:
        for place, owners in world.places.items():
            for owner in owners:
                if owner.requester is not None:
                    asked = [place, owner.tenant, *owner.requester, "X-1"]
                    db.execute(asking.STATEMENTS["save_command"], asked)


def take_out_checks(patch: pytest.MonkeyPatch) -> None:
    """Remove all conditions on tenant, customer and person from the code."""
    for module, name, condition, instead in CHECKS:
        before = module.STATEMENTS[name]
        assert condition in before, f"{name} has no such check: {condition}"
        patch.setitem(module.STATEMENTS, name, before.replace(condition, instead))
    patch.setattr(Principal, "sees_internal", True)


class OnOneLoop:
    """A pool that is opened on the loop of its first user, the web app."""

    def __init__(self, url: str) -> None:
        options = "-c timezone=UTC"
        self._pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            url, min_size=1, max_size=4, kwargs={"options": options}, open=False
        )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        await self._pool.open()
        async with self._pool.connection() as lent:
            yield lent


def walled_app(
    url: str, world: World, login: Login = of_requests, changes: Changes | None = None
) -> FastAPI:
    """The portal's app over a database. With the login of its owner (`str`), nothing protects the
    data."""
    pool: Any = OnOneLoop(login(url))
    requests = RequestPool(pool)

    def connections(principal: Principal) -> RequestConnections:
        return requests.acting_for(rls_settings(principal))

    def outbox(principal: Principal) -> Outbox[PostgresTransaction]:
        return Outbox("portal", connections(principal), Ids(Random(1)), 4, codec, lambda: None)

    outcomes = asking.Outcomes(connections, Signals(url), 0.01)
    desk = asking.OutboxCommandGateway(outbox, connections, outcomes, "api")
    known = attacked_portal(world)
    portal = replace(
        known,
        cases=for_principals(cases.PostgresCases, requests),
        refusals=for_principals(refusals.PostgresRefusals, requests),
        reports=for_principals(reports.PostgresReports, requests),
        security=for_principals(security.PostgresSecurityEvents, requests),
        topics=for_principals(topics.PostgresTopics, requests),
        counts=for_principals(counting.PostgresCounts, requests),
        desk=desk,
        api_desk=desk,
        changes=changes or known.changes,
    )
    return make_app(portal)


async def leaks_by_real_stream(
    url: str, world: World, login: Login, seconds: float = TIMEOUT
) -> tuple[list[str], int]:
    """As `leaks_by_stream`, over a database whose notifications report the changes."""
    signals = Signals(url)
    with signals.waiting("it listens") as listening:
        running = asyncio.create_task(signals.run())
        await listening.wait()
    async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
        try:
            app = walled_app(url, world, login, signals)
            change = _change(pool, world, signals)
            return await leaks_by_stream(app, world, change, seconds)
        finally:
            running.cancel()
            await asyncio.wait([running])


def _change(pool: AsyncConnectionPool[Any], world: World, signals: Signals) -> Change:
    """Write the entries of a case once more, as the runtime does."""
    rows = world.driver.platform.services["portal"].log.state.documents

    async def change(case: UUID) -> set[UUID]:
        kept = [Document(key, document) for (of, key), document in rows.items()
                if of == case and key.startswith("entry:")]  # fmt: skip
        async with PostgresLog(pool).transaction({}) as tx:
            await tx.save_documents({case: kept})
        with signals.waiting("all is told") as wakeups:
            async with pool.connection() as db:
                await db.execute("select pg_notify('case', 'all is told')")
            await wakeups.wait()
        return {case}

    return change


def commands_of(url: str) -> Iterator[tuple[str, str]]:
    """Tenant and case of every command in the log."""
    with psycopg.connect(url) as db:
        yield from db.execute("select headers ->> 'ce_tenant', case_id::text from log").fetchall()
