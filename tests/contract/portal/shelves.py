"""Articles for a test: in memory, and in a real PostgreSQL."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from uuid import UUID

from case_definition.schema.directory import Article
from case_portal.knowledge.queries import PostgresArticles
from case_portal.knowledge.service import Articles, Wanted
from psycopg_pool import AsyncConnectionPool

from tests.support.world.articles import SimulatedArticles

T = TypeVar("T")
Work = Callable[[Articles], Coroutine[Any, Any, T]]


class Shelf:
    """A port of either kind. What is kept first was published first."""

    def __init__(self, ask: Callable[[Work[Any]], Any]) -> None:
        self._ask, self._records = ask, 0

    def keeps(self, *articles: Article, record: int = 0) -> None:
        """Keep articles, by a record of their own unless it is said which."""
        news = []
        for article in articles:
            self._records += 1
            news.append((UUID(int=record or self._records), article))
        self._ask(lambda port: port.keep(news))

    def finds(self, text: str = "", **other: Any) -> list[str]:
        """The ids of what is found, in order."""
        known: dict[str, Any] = {"tenant": "here", "language": "en", "for_contacts": True}
        wanted = Wanted(text=text, **(known | other))
        return [one.article.id for one in self._ask(lambda port: port.found(wanted))]

    def reads(self, article: str, tenant: str = "here", for_contacts: bool = True) -> Any:
        """One article."""
        return self._ask(lambda port: port.article(tenant, article, for_contacts))

    def counts(self, tenant: str = "here") -> dict[str, int]:
        """How many articles there are on each topic."""
        counted: dict[str, int] = self._ask(lambda port: port.counted(tenant))
        return counted


def memory_shelf() -> Shelf:
    """Articles in memory."""
    articles = SimulatedArticles()
    return Shelf(lambda work: asyncio.run(work(articles)))


def real_shelf(url: str) -> Shelf:
    """Articles in a database."""

    async def ask(work: Work[T]) -> T:
        async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as pool:
            return await work(PostgresArticles(pool))

    return Shelf(lambda work: asyncio.run(ask(work)))
