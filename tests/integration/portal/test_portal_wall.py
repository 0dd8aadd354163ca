"""C5, C16: what the portal's database shows to each, whatever a query asks; and how fast."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from importlib.resources import files
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import psycopg
import pytest
from case_events.kernel import Document
from case_events.runtime import Ids, Outbox, WriteRejected
from case_events.runtime.postgres import RequestPool, migrate
from case_events.runtime.postgres.requests import set_rls_context
from case_portal.commands import gateway as asking
from case_portal.core.principal import Principal
from case_portal.database.row_level_security import rls_settings
from case_portal.projection import react
from case_portal.read_model import queries as cases
from case_portal.refusals import queries as refusals
from case_portal.reports import queries as reports
from case_portal.reports.service import Question
from case_portal.security import queries as security
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from tests.integration.portal.test_portal_postgres import keep, view
from tests.support.real.servers import Databases, of_requests
from tests.support.wire import codec
from tests.unit.portal.portal_sample import CASE, NOW, reference_data, sample_history

pytestmark = pytest.mark.real

T = TypeVar("T")


def person(kind: Any, name: str, tenant: str = "here", **more: Any) -> Principal:
    return Principal(tenant=tenant, kind=kind, id=name, name=name, language="en", **more)


BOB = person("contact", "bob", customer="acme")
KIM = person("contact", "kim", customer="acme", sees_colleagues=True)
GUS = person("contact", "bob", customer="globex", sees_colleagues=True)
BOB_THERE = person("contact", "bob", "there", customer="acme", sees_colleagues=True)
ADA = person("agent", "ada", roles=("agent", "administrator"))
AMY, AUD, OPS = (person(kind, "x") for kind in ("agent", "auditor", "operator"))
EVE = person("agent", "eve", "there")


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(_migrate)


def on(url: str, work: Callable[[AsyncConnectionPool[Any]], Awaitable[T]]) -> T:
    """Run something with a pool on a database."""

    async def run() -> T:
        async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
            return await work(pool)

    return asyncio.run(run())


async def tell_a_story(pool: AsyncConnectionPool[Any]) -> None:
    """One case with a public and an internal side, a reading, a refusal and an outcome."""
    reference, memory = reference_data(), None
    for one in sample_history():
        outcome = react(memory, one, reference)
        memory = outcome.state
        await keep(pool, CASE, memory, outcome.documents)
    more = [(f"{kind}:1", {"tenant": "here", "at": NOW}) for kind in
            ("reading", "refused", "outcome", "security")]  # fmt: skip
    rows = tuple(Document(key, msgspec.json.encode(document)) for key, document in more)
    assert memory is not None
    await keep(pool, CASE, memory, rows)
    await keep(pool, uuid4(), view("CAS-9", tenant="there"))  # its contact is a Bob as well


def seen(url: str, settings: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many cases, and which kinds of rows, a request sees that says this of itself."""
    with psycopg.connect(of_requests(url)) as db:
        for name, value in settings.items():
            db.execute("select set_config(%s, %s, true)", [f"casefold.{name}", value])
        counted = db.execute("select count(*) from snapshots").fetchone()
        assert counted is not None
        rows = db.execute(
            "select key, document -> 'internal' from documents order by key"
        ).fetchall()
        return counted[0], [
            key.partition(":")[0] + (" internal" if internal else "") for key, internal in rows
        ]


PUBLIC = ["entry"] * 5 + ["outcome"]
EVERYTHING = sorted([*PUBLIC, "entry internal", "entry internal", "reading", "refused"])
OF_ADMINISTRATORS = sorted([*EVERYTHING, "security"])


@pytest.mark.parametrize(
    ("who", "cases_seen", "rows_seen"),
    [
        (BOB, 1, PUBLIC), (KIM, 1, PUBLIC), (AMY, 1, EVERYTHING), (AUD, 1, EVERYTHING),
        (ADA, 1, OF_ADMINISTRATORS),
        (GUS, 0, []), (BOB_THERE, 1, []), (EVE, 1, []), (OPS, 0, []),
    ],
    ids=["own", "colleague", "agent", "auditor", "administrator", "other customer", "other tenant",
         "other tenant's agent", "operator"],
)  # fmt: skip
def test_everybody_sees_what_is_theirs_without_any_condition(
    url: str, who: Principal, cases_seen: int, rows_seen: list[str]
) -> None:
    """C5, C16."""
    on(url, tell_a_story)
    counted, rows = seen(url, rls_settings(who))
    assert (counted, sorted(rows)) == (cases_seen, sorted(rows_seen))


def test_what_is_hidden_from_an_agent_is_not_there(url: str) -> None:
    """Nor does what another case links to, or what was refused, name it; others see it all."""

    def row(key: str, **content: Any) -> Document:
        return Document(key, msgspec.json.encode({"tenant": "here", "at": NOW, **content}))

    async def tell(pool: AsyncConnectionPool[Any]) -> None:
        kept = (row("entry:1", internal=False), row("reading:1"), row("outcome:1"))
        await keep(pool, CASE, view("CAS-1", hidden_from=("x", "y")), kept)
        others = (
            row(f"link:duplicate:to:{CASE}", case=CASE),
            row("refused:1", case=CASE),
            row("refused:2", case=None),
        )
        await keep(pool, uuid4(), view("CAS-2", hidden_from=("y",)), others)

    on(url, tell)
    everything = ["entry", "link", "outcome", "reading", "refused", "refused"]
    assert seen(url, rls_settings(AMY)) == (1, ["outcome", "refused"])
    assert seen(url, rls_settings(person("agent", "y"))) == (0, ["outcome"])
    for who in (AUD, person("agent", "z")):
        assert seen(url, rls_settings(who)) == (2, everything)
    assert seen(url, rls_settings(KIM))[0] == 2, "contacts see it as ever"


@pytest.mark.parametrize("left_out", ["tenant", "reach", "customer", "person", "everything"])
def test_who_does_not_say_enough_sees_nothing(url: str, left_out: str) -> None:
    """C16: unset means that nothing is visible."""
    on(url, tell_a_story)
    settings = {name: value for name, value in rls_settings(BOB).items() if name != left_out}
    assert seen(url, {} if left_out == "everything" else settings) == (0, [])


def test_requests_own_nothing_and_see_no_secrets(url: str) -> None:
    """C16: neither accounts, sessions and tokens, nor the log that they write to."""
    with psycopg.connect(of_requests(url), autocommit=True) as db:
        for table in ("accounts", "sessions", "api_tokens", "operator_notes", "log", "timers",
                      "effects", "parked"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(sql.SQL("select from {}").format(sql.Identifier(table)))
        for statement in ("update snapshots set version = 0", "delete from documents",
                          "alter table snapshots disable row level security"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement.encode())
        row = db.execute(
            "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles"
            " where rolname = session_user"
        ).fetchone()
        assert row == (False,)


def test_a_command_is_asked_over_the_wall_and_shown_to_its_asker_alone(url: str) -> None:
    """C16: the door works under the role; whoever says another name cannot note a command."""

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        command = uuid4()
        note = [command, "here", "contact", "bob", "CAS-1"]
        for who, visible in ((BOB, 1), (KIM, 0), (BOB_THERE, 0), (AMY, 0)):
            requests = RequestPool(pool).acting_for(rls_settings(who))
            outbox = Outbox("portal", requests, Ids(Random(1)), 4, codec, lambda: None)
            if visible:
                async with outbox.open() as transaction:
                    await transaction.tx.connection.execute(asking.STATEMENTS["save_command"], note)
            else:
                with pytest.raises(WriteRejected, match="row-level security"):
                    async with requests.connection() as db:
                        await db.execute(asking.STATEMENTS["save_command"], [uuid4(), *note[1:]])
            async with requests.connection() as db:
                found = await db.execute("select from asked where command = %s", [command])
                assert found.rowcount == visible

    on(of_requests(url), work)


SCOPE = {"nothing": False, "tenant": "here", "customer": "acme", "contact": None, "agent": None,
         "viewing_agent": "x"}  # fmt: skip
PERIOD = {"tenant": "here", "since": NOW, "until": NOW + timedelta(days=1), "as_of": NOW,
          "counted": ["met"], "viewing_agent": "x"}  # fmt: skip
QUESTION = Question(tenant="here", since=NOW, until=NOW, as_of=NOW)
PLANS: list[tuple[str, Any, Mapping[str, Any] | list[Any], str]] = [
    ("a case by its reference", cases._visible(cases.STATEMENTS["find_case"]),
     SCOPE | {"ref": "CAS-1"}, "snapshots_reference"),
    ("the queue", cases._visible(cases.STATEMENTS["list_cases"], view=cases._view("active"),
                                 order=sql.SQL(cases.STATEMENTS["order_by_due"])),
     SCOPE | {"words": [], "limit": 50, "offset": 0}, "snapshots_queue"),
    ("a history", cases.STATEMENTS["entries"], {"case": CASE, "internal": True}, "documents_pkey"),
    ("refusals", refusals._whole(refusals.STATEMENTS["list"]),
     SCOPE | {"limit": 20, "offset": 0}, "documents_refused"),
    ("one refusal", refusals._whole(refusals.STATEMENTS["find"]),
     SCOPE | {"key": "refused:1"}, "documents_refus"),
    ("the security log", security.STATEMENTS["list"],
     {"tenant": "here", "type": None, "outcome": None, "limit": 51, "offset": 0},
     "documents_security"),
    ("an outcome", asking.STATEMENTS["find_outcome"], ["outcome:1"], "documents_outcome"),
    ("a report", reports._counted("{last_readings} SELECT * FROM counted", QUESTION), PERIOD,
     "documents_reading"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "query", "asked", "index"), PLANS, ids=[one[0] for one in PLANS])
def test_an_index_serves_it_behind_the_wall(
    url: str, what: str, query: Any, asked: Any, index: str
) -> None:
    """P1: a policy lets only plain comparisons through to an index; ours are such."""
    on(url, tell_a_story)

    async def work(pool: AsyncConnectionPool[Any]) -> str:
        async with pool.connection() as db:
            await set_rls_context(db, rls_settings(ADA))
            await db.execute("set local enable_seqscan = off")
            text = query if isinstance(query, sql.Composed) else sql.SQL(query)
            found = await db.execute(sql.SQL("explain ") + text, asked)
            return "\n".join(row[0] for row in await found.fetchall())

    plan = on(of_requests(url), work)
    assert index in plan, plan
    assert "hashed SubPlan" not in plan, "it looks through all cases of the tenant"
