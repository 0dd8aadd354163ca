"""The desk's queue and what was refused, on a real PostgreSQL."""

import asyncio
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import pytest
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.refusals import CommandRefused, InputRefused
from case_events.envelope import Actor, Record
from case_events.runtime.postgres import migrate
from case_portal.core.principal import Scope
from case_portal.projection import react
from case_portal.read_model.ports import Listing
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.view import CaseView, ClockState, ClockView
from case_portal.refusals.queries import PostgresRefusals
from psycopg_pool import AsyncConnectionPool

from tests.integration.portal.test_portal_postgres import keep, on, view
from tests.support.real.servers import Databases
from tests.unit.portal.portal_sample import BOB, CASE, NOW, record, reference_data

pytestmark = pytest.mark.real

MIGRATIONS = files("case_portal.database") / "migrations"


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, MIGRATIONS))


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(_migrate)


def clock(target: str, state: ClockState, hours: float | None) -> ClockView:
    due = NOW + timedelta(hours=hours) if hours is not None else None
    return ClockView(target=target, state=state, due=due)


def waiting(reference: str, *clocks: ClockView, came: float = 0, **more: Any) -> CaseView:
    created = NOW - timedelta(hours=came)
    held = {one.target: one for one in clocks}
    return view(reference, clocks=held, created_at=created, **more)


QUEUE = (
    waiting("CAS-1", came=1),
    waiting("CAS-2", came=9),
    waiting("CAS-3", clock("resolution", "running", 5), came=3),
    waiting("CAS-4", clock("resolution", "running", 8), clock("first_response", "warned", 1)),
    waiting("CAS-5", clock("first_response", "breached", -1)),
    waiting("CAS-6", clock("first_response", "breached", -4.5), stands_out=True),
    waiting("CAS-7", clock("first_response", "met", -8), clock("resolution", "running", 6)),
    waiting("CAS-8", clock("first_response", "breached", None), came=5),
    waiting("CAS-9", clock("resolution", "paused", None), came=7),
    waiting("CAS-10", clock("resolution", "running", -9), status_kind="final"),
    waiting("CAS-11", clock("resolution", "running", -9), tenant="there"),
)
BY_DUE = [f"CAS-{place}" for place in (6, 5, 4, 3, 7, 2, 9, 8, 1)]


async def fill(pool: AsyncConnectionPool[Any]) -> None:
    for one in QUEUE:
        await keep(pool, uuid4(), one)


def test_the_queue_stands_by_what_breaches_first_then_by_arrival(url: str) -> None:
    """D4: breached ones first by their missed due; those without a clock as they came."""

    async def work(pool: AsyncConnectionPool[Any]) -> list[str]:
        await fill(pool)
        listing = Listing(view="active", order="due")
        page = await PostgresCases(pool).listed(Scope(tenant="here"), listing)
        for found in page.cases:
            pressing = found.view.pressing
            assert await _next_due(pool, found.id) == (pressing.due if pressing else None)
        return [case.view.reference for case in page.cases]

    assert on(url, work) == BY_DUE


def test_the_queue_goes_on_over_pages(url: str) -> None:
    async def work(pool: AsyncConnectionPool[Any]) -> list[str]:
        await fill(pool)
        listing = Listing(view="active", order="due", size=4, page=2)
        page = await PostgresCases(pool).listed(Scope(tenant="here"), listing)
        return [case.view.reference for case in page.cases]

    assert on(url, work) == BY_DUE[4:8]


def test_an_index_serves_the_queue(url: str) -> None:
    """The order needs no sorting: the first page of a long queue is read from its index."""

    async def work(pool: AsyncConnectionPool[Any]) -> str:
        await fill(pool)
        async with pool.connection() as connection:
            await connection.execute("set local enable_seqscan = off")
            found = await connection.execute(
                "explain select case_id from snapshots where tenant = 'here'"
                " and status_kind <> 'final' order by next_due, created_at, case_id limit 50"
            )
            return "\n".join(row[0] for row in await found.fetchall())

    plan = on(url, work)
    assert "snapshots_queue" in plan
    assert "Sort" not in plan


def mail(tenant: str, minutes: float) -> Record:
    event = InputRefused(
        code="unknown_sender",
        field="from",
        rule="known",
        reason="?",
        raw="a" * 64,
        personal=WrittenContent(title=f"Mail at {tenant}", author=Person(address="eve@x.example")),
    )
    at = NOW + timedelta(minutes=minutes)
    who = Actor("unknown", "")
    return record(event, 0, who, at, channel="mail", tenant=tenant, case=None)


def command(case: UUID, minutes: float) -> Record:
    event = CommandRefused(
        code="not_allowed",
        field="transition",
        rule="from",
        reason="Too late.",
        command="nl.casefold.command.change-status.v1",
    )
    return record(event, 0, BOB, NOW + timedelta(minutes=minutes), causation=uuid4(), case=case)


async def refuse(pool: AsyncConnectionPool[Any], *records: Record) -> None:
    """Keep refusals as the runtime does: under an id that stands for the tenant."""
    of_tenant = {"here": uuid4(), "there": uuid4()}
    for one in records:
        outcome = react(None, one, reference_data())
        await keep(pool, of_tenant[one.tenant], outcome.state, outcome.documents)


def test_refusals_are_found_by_their_tenant_alone_the_last_first(url: str) -> None:
    """C15, C16: with the reference of a case of the same tenant."""
    # Half a second apart: as text, a whole second sorts after its own fractions.
    first, second = mail("here", 0), mail("here", 0.5 / 60)
    elsewhere, of_case = mail("there", 2), command(CASE, 3)
    foreign = uuid4()

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        await keep(pool, CASE, view("CAS-1"))
        await keep(pool, foreign, view("CAS-1", tenant="there"))
        await refuse(pool, first, second, elsewhere, of_case, command(foreign, 4))
        refusals = PostgresRefusals(pool)
        page = await refusals.refused(Scope(tenant="here"), 1, 3)
        assert [one.reference for one in page.refusals] == ["", "CAS-1", ""]
        assert [one.refusal.id for one in page.refusals][1:] == [of_case.id, second.id]
        assert page.more
        last = await refusals.refused(Scope(tenant="here"), 2, 3)
        assert [one.refusal.id for one in last.refusals] == [first.id]
        assert not last.more
        there = await refusals.refused(Scope(tenant="there"), 1, 3)
        assert [one.refusal.title for one in there.refusals] == ["Mail at there"]
        found = await refusals.refusal(Scope(tenant="here"), first.id)
        assert found is not None
        assert (found.raw, found.author.address) == ("a" * 64, "eve@x.example")
        assert await refusals.refusal(Scope(tenant="there"), first.id) is None
        assert await refusals.refusal(Scope(tenant="here"), uuid4()) is None

    on(url, work)


def test_an_index_serves_refusals(url: str) -> None:
    async def work(pool: AsyncConnectionPool[Any]) -> str:
        await refuse(pool, mail("here", 0))
        async with pool.connection() as connection:
            await connection.execute("set local enable_seqscan = off")
            found = await connection.execute(
                "explain select document from documents where key like 'refused:%'"
                " and tenant = 'here' order by at desc, key desc limit 20"
            )
            return "\n".join(row[0] for row in await found.fetchall())

    plan = on(url, work)
    assert "documents_refused" in plan
    assert "Sort" not in plan


async def _next_due(pool: AsyncConnectionPool[Any], case: UUID) -> Any:
    async with pool.connection() as connection:
        found = await connection.execute(
            "select next_due from snapshots where case_id = %s", [case]
        )
        row = await found.fetchone()
        assert row is not None
        return row[0]
