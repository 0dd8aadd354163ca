"""C16: with the tenant taken out of every query, intake's database still keeps tenants apart."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from functools import partial
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest
from case_events.contracts.messages import AccessRequested
from case_events.envelope import Actor
from case_events.kernel import Draft
from case_events.runtime import Ids, Outbox, WriteRejected
from case_events.runtime.postgres import PostgresTransaction, RequestPool
from case_events.topics import MESSAGES
from case_intake.adapters.outbox import PostgresIntakeOutbox
from case_intake.adapters.postgres import STATEMENTS
from case_intake.application.ports import IntakeTransaction, StoredAnswer
from case_intake.domain.inbound import NumberedCase
from psycopg_pool import AsyncConnectionPool

from tests.contract.intake.test_inbound_port import arrived
from tests.support.real.servers import of_requests
from tests.support.wire import codec

pytestmark = pytest.mark.real

T = TypeVar("T")
CASE = NumberedCase(UUID(int=7), "D-2026-0007", "acme", "anna")
CHECKS = (
    ("find_mail", "tenant = %s AND", "%s <> '' AND"),
    ("find_case", "tenant = %s AND", "%s <> '' AND"),
    ("find_case_by_reference", "tenant = %(tenant)s AND", ""),
    ("find_thread", "tenant = %(tenant)s AND", ""),
)
"""Where a query says whose something is: the condition, and what stands instead."""
Seen = tuple[object, ...]


@pytest.fixture
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No query asks whose something is."""
    for name, condition, instead in CHECKS:
        before = STATEMENTS[name]
        assert condition in before
        monkeypatch.setitem(STATEMENTS, name, before.replace(condition, instead))


def within(
    url: str,
    tenant: str,
    do: Callable[[IntakeTransaction], Awaitable[T]],
    login: Callable[[str], str] = of_requests,
    actor: Actor | None = None,
) -> T:
    """One transaction for something that came in for a tenant."""

    async def run() -> T:
        async with AsyncConnectionPool(login(url), min_size=1, open=False) as pool:
            requests = RequestPool(pool)

            def outbox_with(rls: Mapping[str, str]) -> Outbox[PostgresTransaction]:
                acting = requests.acting_for(rls)
                return Outbox("intake", acting, Ids(Random(1)), 4, codec, lambda: None)

            outbox = PostgresIntakeOutbox(outbox_with)
            async with outbox.open(tenant, actor) as transaction:
                return await do(transaction)

    return asyncio.run(run())


async def keep(transaction: IntakeTransaction) -> None:
    """What a case by mail leaves at the desk."""
    arrivals = transaction.repository
    await arrivals.save(arrived())
    await arrivals.save_case("desk", CASE)
    await arrivals.save_thread("desk", "1@x", CASE.id, True)
    await arrivals.save_answer(
        "desk",
        "contact/anna",
        "k",
        StoredAnswer(digest="d", case=CASE.id, reference=CASE.reference),
    )
    assert await arrivals.next_number("desk", 2026) == 1


async def look(transaction: IntakeTransaction) -> Seen:
    """All of it, whoever asks."""
    arrivals = transaction.repository
    return (
        await arrivals.mail("desk", "1@x", "d"),
        await arrivals.case("desk", CASE.id),
        await arrivals.case_by_reference("desk", ["d-2026-0007"]),
        await arrivals.thread("desk", ["1@x"]),
        await arrivals.answer("desk", "contact/anna", "k"),
    )


def test_what_came_for_one_tenant_is_not_there_for_another(database: str, no_checks: None) -> None:
    """By mail, reference, id, thread and key; and for nobody at all there is nothing."""
    within(database, "desk", keep)
    assert all(within(database, "desk", look))
    for other in ("second", ""):
        assert not any(within(database, other, look))


def test_without_the_policies_it_would_be(database: str, no_checks: None) -> None:
    """So that the test above bites."""
    within(database, "desk", keep)
    assert all(within(database, "second", look, login=str))


def test_nothing_is_written_in_the_name_of_another_tenant(database: str) -> None:
    """Neither an arrival, a case, a thread, a key nor a number."""
    within(database, "desk", keep)
    answered = StoredAnswer(digest="d", case=CASE.id, reference=CASE.reference)
    writes: list[Callable[[IntakeTransaction], Awaitable[Any]]] = [
        lambda a: a.repository.save(arrived(digest="e")),
        lambda a: a.repository.save_case("desk", NumberedCase(UUID(int=8), "D-8", "acme", "anna")),
        lambda a: a.repository.save_thread("desk", "2@x", CASE.id, True),
        lambda a: a.repository.save_answer("desk", "contact/anna", "other", answered),
        lambda a: a.repository.next_number("desk", 2027),
    ]
    for write in writes:
        with pytest.raises(WriteRejected, match="row-level security"):
            within(database, "second", write)


@pytest.mark.parametrize(
    ("actor", "refused"),
    [(Actor("contact", "anna"), True), (Actor("agent", "ivy"), False), (None, False)],
    ids=["a form of somebody else", "a form of her own", "a mail, whose sender is found in it"],
)
def test_a_form_publishes_in_the_name_of_its_creator_alone(
    database: str, actor: Actor | None, refused: bool
) -> None:
    """And for its own tenant."""

    async def publish(transaction: IntakeTransaction, tenant: str = "desk") -> None:
        event = AccessRequested("anna")
        by = Actor("agent", "ivy")
        transaction.publish(Draft(topic=MESSAGES, event=event, tenant=tenant, actor=by))

    why = pytest.raises(WriteRejected, match="as its own person") if refused else nullcontext()
    with why:
        within(database, "desk", publish, actor=actor)
    with pytest.raises(WriteRejected, match="its own tenant"):
        within(database, "desk", partial(publish, tenant="second"), actor=actor)


def test_indexes_serve_what_intake_looks_up(database: str) -> None:
    """P1: a policy lets only plain comparisons through to an index; ours are such."""
    within(database, "desk", keep)
    asked: list[tuple[str, Any, str]] = [
        (STATEMENTS["find_mail"], ("desk", "1@x", "d"), "arrivals_mail"),
        (STATEMENTS["find_case"], ("desk", CASE.id), "cases_pkey"),
        (
            STATEMENTS["find_case_by_reference"],
            {"tenant": "desk", "names": ["D-2026-0007"]},
            "cases_reference",
        ),
        (STATEMENTS["find_thread"], {"tenant": "desk", "ids": ["1@x"]}, "threads_pkey"),
    ]
    with psycopg.connect(of_requests(database)) as db:
        db.execute("set enable_seqscan = off")
        db.execute("select set_config('casefold.tenant', 'desk', false)")
        for query, values, index in asked:
            plan = "\n".join(row[0] for row in db.execute(f"explain {query}".encode(), values))
            assert index in plan, plan
