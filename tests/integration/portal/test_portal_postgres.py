"""The portal's tables on a real PostgreSQL: lists, visibility, answers, accounts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest
from case_events.contracts.cases import CommentAdded
from case_events.contracts.commands import AddComment
from case_events.contracts.parts import WrittenContent
from case_events.kernel import Document
from case_events.runtime import Ids, Outbox
from case_events.runtime.ports import Snapshot
from case_events.runtime.postgres import PostgresLog, migrate
from case_portal.commands.gateway import OutboxCommandGateway, Outcomes
from case_portal.core.principal import Principal, Scope
from case_portal.database.signals import Signals
from case_portal.projection import react
from case_portal.read_model.ports import Listing
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.view import CaseView, CommandOutcome, FoundCase
from psycopg_pool import AsyncConnectionPool

from tests.support.real.servers import Databases
from tests.support.wire import codec
from tests.support.world.portal import whoever
from tests.unit.portal.portal_sample import BOB, CASE, NOW, record, reference_data, sample_history

pytestmark = pytest.mark.real

T = TypeVar("T")
BOB_HERE = Principal(
    tenant="here", kind="contact", id="bob", name="Bob", language="en", customer="acme"
)
BASE = CaseView(
    tenant="here",
    reference="",
    case_type="incident",
    status="open",
    priority="P2",
    customer="acme",
    contact="bob",
    definition="here/1",
    created_at=NOW,
    updated_at=NOW,
)


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(_migrate)


def on(url: str, work: Callable[[AsyncConnectionPool[Any]], Awaitable[T]]) -> T:
    """Run something with a pool on a database."""

    async def run() -> T:
        async with AsyncConnectionPool(url, min_size=1, max_size=6, open=False) as pool:
            return await work(pool)

    return asyncio.run(run())


async def keep(
    pool: AsyncConnectionPool[Any], case: UUID, view: CaseView, rows: tuple[Document, ...] = ()
) -> None:
    """Write a memory and rows as the runtime does."""
    async with PostgresLog(pool).transaction({}) as tx:
        state = msgspec.json.encode(view)
        await tx.save({case: 0}, {case: Snapshot(state, view.version)})
        await tx.save_documents({case: rows})


def view(reference: str, **changed: Any) -> CaseView:
    return msgspec.structs.replace(BASE, reference=reference, **changed)


LISTED = (
    view("CAS-1", title="Fire in the printer", status_kind="active", priority="P2"),
    view("CAS-2", title="New fireplace", status_kind="final", status="closed", priority="P10"),
    view("CAS-3", title="100% of (paper) gone", contact="kim", stands_out=True, priority="P1"),
    view("CAS-4", title="Fire drill", customer="globex", contact="gus"),
    view("CAS-1", title="Fire elsewhere", tenant="there"),
    CaseView(),
)


@pytest.fixture(scope="module")
def listed(databases: Databases) -> Iterator[Callable[..., list[str]]]:
    """Titles of what a scope and listing find among `LISTED`."""
    url = databases.fresh(_migrate)

    async def fill(pool: AsyncConnectionPool[Any]) -> None:
        for place, one in enumerate(LISTED):
            updated = NOW + timedelta(minutes=place)
            await keep(pool, uuid4(), msgspec.structs.replace(one, updated_at=updated))

    on(url, fill)

    def find(scope: Scope, **asked: Any) -> list[str]:
        listing = Listing(**{"view": "all", "sort": "reference"} | asked)
        page = on(url, lambda pool: PostgresCases(pool).listed(scope, listing))
        return [case.view.title for case in page.cases]

    yield find


FIRE, PLACE, PAPER, DRILL = (one.title for one in LISTED[:4])
ALL = Scope(tenant="here")
List = Callable[..., list[str]]


def test_a_scope_bounds_what_is_found(listed: List) -> None:
    """C5, C16: own, the customer's, the tenant's; never another's."""
    assert listed(ALL) == [FIRE, PLACE, PAPER, DRILL]
    assert listed(Scope(tenant="here", customer="acme")) == [FIRE, PLACE, PAPER]
    assert listed(Scope(tenant="here", customer="acme", contact="bob")) == [FIRE, PLACE]
    assert listed(Scope(tenant="here", customer="globex", contact="bob")) == []
    assert listed(Scope(tenant="there")) == ["Fire elsewhere"]
    assert listed(Scope(tenant="")) == []
    assert listed(Scope(tenant="here", nothing=True)) == []


def test_views_are_active_closed_and_all(listed: List) -> None:
    """D14."""
    assert listed(ALL, view="active") == [FIRE, PAPER, DRILL]
    assert listed(ALL, view="closed") == [PLACE]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("fire", [FIRE, PLACE, DRILL]),
        ("FIRE print", [FIRE]),
        ("fire*", [FIRE, PLACE, DRILL]),
        ("*place", [PLACE]),
        ("f*e drill", [DRILL]),
        ("cas-3", [PAPER]),
        ("cas-*", [FIRE, PLACE, PAPER, DRILL]),
        ("100%", [PAPER]),
        ("(paper)", [PAPER]),
        ("fir", [FIRE, PLACE, DRILL]),
        ("*ir", []),
        ("'; drop", []),
        ("a.b [", []),
        ("\\", []),
        ("***", [FIRE, PLACE, PAPER, DRILL]),
    ],
)
def test_search_takes_words_and_a_star(listed: List, search: str, found: list[str]) -> None:
    """D14: every word must be there; a word with a star is a whole word."""
    assert listed(ALL, search=search) == found


def test_what_waits_for_the_contact_comes_first_then_the_last_changed(listed: List) -> None:
    assert listed(ALL, sort=None) == [PAPER, DRILL, PLACE, FIRE]


def test_priorities_sort_as_the_definition_ranks_them(listed: List) -> None:
    ranks = {"priority": ("P1", "P2", "P10")}
    assert listed(ALL, sort="priority", ranks=ranks) == [PAPER, FIRE, DRILL, PLACE]


@pytest.mark.parametrize(
    "column", ["title", "case_type", "status", "customer", "team", "agent", "created_at",
               "updated_at", "last_answer_at", "waits_for"]
)  # fmt: skip
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts(listed: List, column: str, descending: bool) -> None:
    """D14."""
    assert len(listed(ALL, sort=column, descending=descending)) == 4


def test_a_list_goes_on_over_pages(listed: List) -> None:
    assert listed(ALL, size=3) == [FIRE, PLACE, PAPER]
    assert listed(ALL, size=3, page=2) == [DRILL]


def test_a_history_is_read_back_as_it_was_told(url: str) -> None:
    """C11; and what is internal stays behind (C5)."""
    reference = reference_data()

    async def work(pool: AsyncConnectionPool[Any]) -> tuple[Any, ...]:
        memory = None
        for one in sample_history():
            outcome = react(memory, one, reference)
            memory = outcome.state
            await keep(pool, CASE, memory, outcome.documents)
        cases = PostgresCases(pool)
        scope = Scope(tenant="here", customer="acme", contact="bob")
        found = await cases.found(scope, "cas-2026-000001")
        hidden = await cases.found(Scope(tenant="there"), "CAS-2026-000001")
        named = ["CAS-2026-000001", "CAS-2026-000002", "no\0where"]
        exist = [await cases.existing(one, named) for one in (scope, Scope(tenant="there"))]
        every, public = await cases.entries(CASE, True), await cases.entries(CASE, False)
        return memory, found, hidden, exist, every, public

    memory, found, hidden, exist, every, public = on(url, work)
    assert found == FoundCase(CASE, memory)
    assert hidden is None
    assert exist == [{"CAS-2026-000001"}, set()]
    assert [entry.version for entry in every] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.version for entry in public] == [1, 2, 3, 4, 7]


def desk_on(
    pool: AsyncConnectionPool[Any], signals: Signals, timeout: float
) -> OutboxCommandGateway:
    """A desk without row-level security."""
    outbox = Outbox("portal", PostgresLog(pool), Ids(Random(1)), 4, codec, lambda: None)
    outcomes = Outcomes(whoever(pool), signals, timeout)
    return OutboxCommandGateway(whoever(outbox), whoever(pool), outcomes, "portal")


def test_an_answer_wakes_whoever_waits_and_is_theirs_alone(url: str) -> None:
    """Guarantee 9."""

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        signals = Signals(url)
        listening = asyncio.create_task(signals.run())
        desk = desk_on(pool, signals, 20)
        case = FoundCase(CASE, view("CAS-1"))
        asking = asyncio.create_task(
            desk.ask(BOB_HERE, case, AddComment(public=True, personal=WrittenContent(text="Hi")))
        )
        command = await _logged_command(pool)
        fact = record(CommentAdded("1", "contact", True), 2, BOB, causation=command)
        outcome = react(case.view, fact, reference_data())
        await keep(pool, CASE, outcome.state, outcome.documents)
        asked = await asking
        assert asked.command == command
        assert asked.answer == CommandOutcome(status="done", version=2)
        assert await desk.asked(BOB_HERE, command) == asked
        kim = msgspec.structs.replace(BOB_HERE, id="kim")
        assert await desk.asked(kim, command) is None
        assert await desk.asked(BOB_HERE, uuid4()) is None
        listening.cancel()

    on(url, work)


def test_without_an_answer_the_command_is_pending(url: str) -> None:
    async def work(pool: AsyncConnectionPool[Any]) -> None:
        desk = desk_on(pool, Signals(url), 0.01)
        case = FoundCase(CASE, view("CAS-1"))
        asked = await desk.ask(BOB_HERE, case, AddComment(public=True))
        assert asked.answer is None
        assert await desk.asked(BOB_HERE, asked.command) == asked

    on(url, work)


def test_a_change_of_a_case_wakes_its_page(url: str) -> None:
    async def work(pool: AsyncConnectionPool[Any]) -> None:
        signals = Signals(url, quiet=0.2)
        listening = asyncio.create_task(signals.run())
        async with signals.of_case(CASE) as changes:
            # The first says that listening began, or that nothing happened yet.
            await anext(changes)
            row = Document("entry:00000001", msgspec.json.encode({"internal": False}))
            await keep(pool, CASE, view("CAS-1"), (row,))
            while not await anext(changes):
                pass
            listening.cancel()
            assert [change async for change in changes if change] == []

    on(url, work)


async def _logged_command(pool: AsyncConnectionPool[Any]) -> UUID:
    """The id of the command that was published, as soon as it is there."""
    async with asyncio.timeout(10), pool.connection() as connection:
        await connection.set_autocommit(True)
        while True:
            found = await connection.execute("select headers ->> 'ce_id' from log")
            row = await found.fetchone()
            if row is not None:
                await connection.set_autocommit(False)
                return UUID(row[0])
            await asyncio.sleep(0.01)
