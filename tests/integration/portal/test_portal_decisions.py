"""What waits for a decision, on a real PostgreSQL."""

import asyncio
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from case_events.runtime.postgres import migrate
from case_portal.core.principal import Scope
from case_portal.read_model.parts import DecisionView
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.view import CaseView, FoundCase
from psycopg_pool import AsyncConnectionPool

from tests.integration.portal.test_portal_postgres import keep, on, view
from tests.support.real.servers import Databases
from tests.unit.portal.portal_sample import NOW

pytestmark = pytest.mark.real


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(_migrate)


def test_what_waits_for_a_decision_is_found_longest_asked_first(url: str) -> None:
    """H4: not what was decided, is finished, waits for another, or is another tenant's."""

    def asks(reference: str, days: int = 0, **changes: Any) -> CaseView:
        asked = DecisionView(state="asked", role="owner", asked_at=NOW - timedelta(days=days))
        return view(reference, **{"decisions": {"change": asked}} | changes)

    made = DecisionView(state="yes", role="owner", asked_at=NOW)
    views = [
        asks("A-1", days=1),
        asks("A-2", days=3),
        asks("A-3", decisions={"change": made}),
        asks("A-4", status_kind="final"),
        asks("A-5", decisions={"other": DecisionView(state="asked", role="owner", asked_at=NOW)}),
        asks("A-6", tenant="there"),
        asks("A-7", decisions={}),
    ]

    async def work(pool: AsyncConnectionPool[Any]) -> list[list[FoundCase]]:
        for one in views:
            await keep(pool, uuid4(), one)
        cases, scope = PostgresCases(pool), Scope(tenant="here")
        return [await cases.undecided(scope, "change", most) for most in (10, 1)]

    every, first = on(url, work)
    assert [one.view.reference for one in every] == ["A-2", "A-1"]
    assert [one.view.reference for one in first] == ["A-2"]
