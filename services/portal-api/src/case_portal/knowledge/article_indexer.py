"""Brings articles from the `directory` topic into the database that is searched."""

import asyncio
from uuid import UUID

import structlog
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Article
from case_events.envelope import Record
from case_events.runtime import Unavailable, WriteRejected

from case_portal.knowledge.service import Articles

logger = structlog.get_logger()
AT_ONCE = 1000
AGAIN_AFTER = 1.0

Arrived = tuple[UUID, Article]


class IndexedReference(Reference):
    """Reference data, and the articles that arrived and are not saved yet: the last version of
    each."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[tuple[str, str], Arrived] = {}
        self._came = asyncio.Event()

    def upsert_article(self, article: Article, record: Record) -> None:
        """Add an article to those to save."""
        self._waiting[article.tenant, article.id] = (record.id, article)
        self._came.set()

    async def arrived(self) -> list[Arrived]:
        """The next articles to save, as soon as there are any."""
        await self._came.wait()
        keys = list(self._waiting)[:AT_ONCE]
        batch = [self._waiting.pop(key) for key in keys]
        if not self._waiting:
            self._came.clear()
        return batch

    def give_back(self, batch: list[Arrived]) -> None:
        """Return articles that could not be saved, except those with a newer version meanwhile."""
        for one in batch:
            self._waiting.setdefault((one[1].tenant, one[1].id), one)
        self._came.set()


class ArticleIndexer:
    """Saves articles that arrive. A replica reads unsaved articles again at its next start."""

    def __init__(self, reference: IndexedReference, articles: Articles) -> None:
        self._reference, self._articles = reference, articles

    async def run(self) -> None:
        """Save articles until cancelled."""
        while True:
            await self.step()

    async def step(self) -> None:
        """Wait for the next articles and save them."""
        batch = await self._reference.arrived()
        try:
            await self._articles.keep(batch)
        except WriteRejected:
            await self._keep_each(batch)
        except Unavailable as error:
            logger.warning("articles are not kept yet", why=repr(error))
            self._reference.give_back(batch)
            await asyncio.sleep(AGAIN_AFTER)

    async def _keep_each(self, batch: list[Arrived]) -> None:
        """Save each article alone, so that a rejected article does not stop the others."""
        for one in batch:
            try:
                await self._articles.keep([one])
            except WriteRejected:
                article = one[1]
                logger.exception(
                    "article cannot be kept", tenant=article.tenant, article=article.id
                )
