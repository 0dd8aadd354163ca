"""What the database's driver raises, the portal's queries raise as what the platform knows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from case_events.runtime import Unavailable
from case_portal.access.accounts import PostgresAccounts
from case_portal.access.queries import PostgresLimiter
from case_portal.core.principal import Scope
from case_portal.knowledge.queries import PostgresArticles
from case_portal.read_model.queries import PostgresCases
from case_portal.refusals.queries import PostgresRefusals
from case_portal.reports.queries import PostgresReports
from case_portal.reports.service import Question
from case_portal.topics.queries import PostgresTopics
from case_portal.topics.service import TopicQuestion
from case_portal.volumes.queries import PostgresCounts
from case_portal.volumes.service import OpenSelection
from psycopg_pool import PoolTimeout

from tests.unit.portal.portal_sample import NOW

HERE = Scope(tenant="here")
CASE = UUID(int=1)
QUESTION = Question(tenant="here", since=NOW, until=NOW, as_of=NOW)
TOPICS = TopicQuestion(tenant="here", field="topic", since=NOW, until=NOW)
HOUR = timedelta(hours=1)
ASKED: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "cases": lambda pool: PostgresCases(pool).entries(CASE, True),
    "refusals": lambda pool: PostgresRefusals(pool).refusal(HERE, CASE),
    "reports": lambda pool: PostgresReports(pool).attainment(QUESTION),
    "topics": lambda pool: PostgresTopics(pool).counted(TOPICS),
    "volumes": lambda pool: PostgresCounts(pool).backlog(OpenSelection(tenant="here", at=NOW)),
    "articles": lambda pool: PostgresArticles(pool).counted("here"),
    "sessions": lambda pool: PostgresAccounts(pool, HOUR).session("a token"),
    "attempts": lambda pool: PostgresLimiter(pool, HOUR).give_back("log_in", "amy", 1),
}


class Away:
    """A pool whose connections are lost."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        if self._error:
            raise self._error
        yield


@pytest.mark.parametrize("error", [psycopg.OperationalError("lost"), PoolTimeout("none is free")])
@pytest.mark.parametrize("name", ASKED)
def test_a_database_that_is_away_is_an_interruption(name: str, error: Exception) -> None:
    """So that who asks is told to try again, and nothing above knows the driver."""

    async def ask() -> None:
        await ASKED[name](Away(error))

    with pytest.raises(Unavailable):
        asyncio.run(ask())
