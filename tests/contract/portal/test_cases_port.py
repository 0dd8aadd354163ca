"""The contract of the portal's `Cases` port: a case is read as the reaction left it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_definition.rules.ledger import Booking, Ledger, Request
from case_events.contracts.approvals import ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event
from case_events.contracts.decisions import DecisionRequested
from case_events.contracts.links import CaseLinked
from case_events.contracts.parts import WorkPart, WrittenContent
from case_events.contracts.work import WorkCorrected, WorkLogged
from case_events.runtime.ports import Snapshot, Transactions
from case_events.runtime.postgres import PostgresLog
from case_events.testing.memory import MemoryLog
from case_portal.core.principal import Scope
from case_portal.projection import react
from case_portal.read_model.ports import Cases, Listing
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.view import CaseView, HistoryEntry, LinkView
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.conftest import _migrate
from tests.support.real.servers import Databases
from tests.support.world.portal import SimulatedCases
from tests.unit.portal.portal_sample import (
    CASE,
    NOW,
    REFERENCE,
    record,
    reference_data,
    sample_history,
)

HERE = Scope(tenant="here")
OTHER = UUID("018f0000-0000-7000-8000-000000000002")
HALF_HOUR = WorkPart(30)
WORK: dict[str, Any] = {
    "began": NOW, "kind": "advice", "billable": True, "why": "standard", "approval": "extra",
}  # fmt: skip
EVENTS: tuple[Event, ...] = (
    ApprovalRequested(1, "extra", 90, 120, personal=WrittenContent(text="As designed.")),
    ApprovalGranted("extra", 60, 1),
    WorkLogged(entry=1, minutes=60, parts=(HALF_HOUR, WorkPart(30, 50)), **WORK),
    WorkLogged(entry=2, minutes=30, parts=(HALF_HOUR,), **WORK),
    WorkCorrected(entry=1, minutes=30, parts=(HALF_HOUR,), **WORK),
    DecisionRequested("change", "owner"),
    CaseLinked(kind="problem", direction="to", case=OTHER, reference="CAS-2026-000002"),
)
BOOKED = Booking(30, "advice", NOW, (HALF_HOUR,), True, "standard", "extra", "")
LEDGER = Ledger(
    requests={1: Request("extra", 90, 120, "granted", 60)},
    granted={"extra": 60},
    bookings={1: BOOKED, 2: BOOKED},
)

RecordedCase = tuple[CaseView, list[HistoryEntry], list[LinkView]]
Play = Callable[[Cases, RecordedCase], Awaitable[None]]
PlayIn = Callable[[Play], None]


async def _kept(log: Transactions[Any]) -> RecordedCase:
    """Keep a case with all of `EVENTS` as the runtime does; its view and documents."""
    history = sample_history()
    history += [record(event, len(history) + at) for at, event in enumerate(EVENTS, 1)]
    state: CaseView | None = None
    entries: list[HistoryEntry] = []
    links: dict[str, LinkView] = {}
    for one in history:
        outcome = react(state, one, reference_data())
        state = outcome.state
        async with log.transaction({}) as tx:
            kept = Snapshot(msgspec.json.encode(state), state.version)
            await tx.save({CASE: 0}, {CASE: kept})
            await tx.save_documents({CASE: outcome.documents})
        for row in outcome.documents:
            if row.key.startswith("entry:"):
                entries.append(msgspec.json.decode(row.content, type=HistoryEntry))
            if row.key.startswith("link:"):
                links[row.key] = msgspec.json.decode(row.content, type=LinkView)
    assert state is not None
    return state, entries, list(links.values())


def _memory(play: Play) -> None:
    async def played() -> None:
        log = MemoryLog(NOW)
        recorded = await _kept(log)
        await play(SimulatedCases(log.state), recorded)

    asyncio.run(played())


def _real(url: str, play: Play) -> None:
    async def played() -> None:
        pool: AsyncConnectionPool[Any]
        async with AsyncConnectionPool(url, min_size=1, max_size=2, open=False) as pool:
            recorded = await _kept(PostgresLog(pool))
            await play(PostgresCases(pool), recorded)

    asyncio.run(played())


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def play(request: pytest.FixtureRequest) -> PlayIn:
    """Plays with the port of each kind, over one case."""
    if request.param == "memory":
        return _memory
    known: Databases = request.getfixturevalue("databases")
    url = known.fresh(_migrate)
    return lambda story: _real(url, story)


def test_a_case_with_work_is_read_with_its_account(play: PlayIn) -> None:
    """The account counts its requests and entries by number, and JSON has text as keys."""

    async def story(cases: Cases, recorded: RecordedCase) -> None:
        found = await cases.found(HERE, REFERENCE.lower())
        assert found is not None
        assert found.view.ledger == LEDGER
        assert (found.id, found.view) == (CASE, recorded[0])
        listed = await cases.listed(HERE, Listing(view="all"))
        assert listed.cases == [found]
        assert await cases.undecided(HERE, "change", 5) == [found]

    play(story)


def test_its_history_and_its_links_are_read_as_they_were_told(play: PlayIn) -> None:
    async def story(cases: Cases, recorded: RecordedCase) -> None:
        _, entries, links = recorded
        assert await cases.entries(CASE, internal=True) == entries
        public = [entry for entry in entries if not entry.internal]
        assert await cases.entries(CASE, internal=False) == public
        assert 0 < len(public) < len(entries)
        assert await cases.links(CASE) == links
        assert [link.reference for link in links] == ["CAS-2026-000002"]

    play(story)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(tenant="there"),
        Scope(tenant="here", customer="globex"),
        Scope(tenant="here", customer="acme", contact="kim"),
        Scope(tenant="here", nothing=True),
    ],
)
def test_a_case_is_not_found_outside_the_scope(play: PlayIn, scope: Scope) -> None:
    async def story(cases: Cases, recorded: RecordedCase) -> None:
        assert await cases.found(scope, REFERENCE) is None
        assert (await cases.listed(scope, Listing(view="all"))).cases == []
        assert await cases.undecided(scope, "change", 5) == []
        assert await cases.existing(scope, [REFERENCE]) == frozenset()
        assert await cases.existing(HERE, [REFERENCE, "CAS-9"]) == {REFERENCE}

    play(story)
