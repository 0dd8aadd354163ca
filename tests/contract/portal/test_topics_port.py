"""The contract of the `TopicCounts` port (H5, C13)."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_portal.read_model.view import CaseView
from case_portal.topics.queries import PostgresTopics
from case_portal.topics.service import Counted, TopicQuestion
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.conftest import _migrate
from tests.support.real.servers import Databases
from tests.support.world.topics import SimulatedTopics

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
Count = Callable[[Sequence[CaseView], TopicQuestion], list[Counted]]


def _memory(views: Sequence[CaseView], question: TopicQuestion) -> list[Counted]:
    return asyncio.run(SimulatedTopics(lambda: views).counted(question))


def _real(url: str) -> Count:
    async def ask(views: Sequence[CaseView], question: TopicQuestion) -> list[Counted]:
        async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as pool:
            async with pool.connection() as db, db.cursor() as cursor:
                await cursor.execute("delete from snapshots")
                await cursor.executemany(
                    "insert into snapshots (case_id, partition, version, digest, state)"
                    " values (%s, 0, 1, '', %s::jsonb)",
                    [
                        (UUID(int=place), msgspec.json.encode(view).decode())
                        for place, view in enumerate(views, 1)
                    ],
                )
            return await PostgresTopics(pool).counted(question)

    return lambda views, question: asyncio.run(ask(views, question))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def count(request: pytest.FixtureRequest) -> Count:
    """The counting of either kind."""
    if request.param == "memory":
        return _memory
    known: Databases = request.getfixturevalue("databases")
    return _real(known.fresh(_migrate))


def case(topic: str, day: float = 1, **other: Any) -> CaseView:
    known: dict[str, Any] = {
        "tenant": "here", "reference": "H-1", "customer": "acme", "contact": "ann",
        "case_type": "question", "created_at": MARCH + timedelta(days=day),
        "fields": {"subject": topic} if topic else {},
    }  # fmt: skip
    return CaseView(**(known | other))


def question(**other: Any) -> TopicQuestion:
    known: dict[str, Any] = {
        "tenant": "here",
        "field": "subject",
        "since": MARCH,
        "until": MARCH + timedelta(days=31),
    }
    return TopicQuestion(**(known | other))


def test_cases_and_contacts_are_counted_by_topic(count: Count) -> None:
    """H5: what says no topic is counted as that."""
    views = [case("vat"), case("vat"), case("vat", contact="bob"), case(""), case("bank")]
    assert sorted(count(views, question()), key=lambda line: line.topic) == [
        Counted("", (), 1, 1), Counted("bank", (), 1, 1), Counted("vat", (), 3, 2),
    ]  # fmt: skip


def test_only_the_tenant_the_period_and_what_was_asked_for(count: Count) -> None:
    """C16, C13"""
    views = [
        case("vat"), case("vat", tenant="there"), case("vat", day=31), case("vat", day=-0.001),
        case("vat", customer="globex"), case("vat", case_type="wish"),
    ]  # fmt: skip
    asked = question(only={"customer": ("acme", "bolt"), "case_type": ("question",)})
    assert count(views, asked) == [Counted("vat", (), 1, 1)]


def test_groups_are_customer_type_and_period_in_the_tenants_zone(count: Count) -> None:
    """C13: half past eleven in the evening in London is the next day in Amsterdam."""
    views = [case("vat", day=28.98), case("vat", day=3, customer="globex")]
    asked = question(by=("customer", "case_type", "day", "month"), zone="Europe/Amsterdam")
    assert sorted(line.group for line in count(views, asked)) == [
        ("acme", "question", "2026-03-30", "2026-03"),
        ("globex", "question", "2026-03-04", "2026-03"),
    ]
    weeks = count(views, question(by=("week",), zone="Europe/Amsterdam"))
    assert sorted(line.group for line in weeks) == [("2026-W10",), ("2026-W14",)]
