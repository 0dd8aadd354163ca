"""Articles on their way from the topic into the database that is searched (C12)."""

import asyncio
from collections.abc import Sequence
from random import Random
from uuid import UUID

from case_definition.schema.directory import Article, ArticleWording
from case_events.runtime import Ids, Unavailable, WriteRejected
from case_portal.knowledge import article_indexer
from case_portal.knowledge.article_indexer import ArticleIndexer, IndexedReference
from casefold.publishing import entry_event, reference_record
from pytest import MonkeyPatch

from tests.support.world.articles import SimulatedArticles
from tests.unit.portal.portal_sample import NOW


class Stubborn(SimulatedArticles):
    """Fails as it is told to, then keeps."""

    def __init__(self, *failures: Exception, never: str = "") -> None:
        super().__init__()
        self.failures, self.never = list(failures), never

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if any(article.id == self.never for _, article in articles):
            raise WriteRejected("a NUL")
        await super().keep(articles)


def arrive(reference: IndexedReference, ids: Ids, key: str, title: str) -> None:
    wordings = {"en": ArticleWording(title, "Read.")}
    article = Article(tenant="here", id=key, name=title, topic="money", wordings=wordings)
    published = ("directory", f"here/article/{key}", "here", entry_event(article))
    reference.apply(reference_record(published, ids, NOW))


def title_of(articles: SimulatedArticles, key: str) -> str:
    found = asyncio.run(articles.article("here", key, for_contacts=True))
    return found.name if found else ""


def test_what_arrives_is_kept_and_of_each_the_last() -> None:
    reference, articles, ids = IndexedReference(), SimulatedArticles(), Ids(Random(1))
    for key, title in (("a", "One"), ("b", "Two"), ("a", "Three")):
        arrive(reference, ids, key, title)
    asyncio.run(ArticleIndexer(reference, articles).step())
    assert (title_of(articles, "a"), title_of(articles, "b")) == ("Three", "Two")


def test_what_could_not_be_kept_is_tried_again(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(article_indexer, "AGAIN_AFTER", 0)
    reference, ids = IndexedReference(), Ids(Random(1))
    articles = Stubborn(Unavailable("away"))
    arrive(reference, ids, "a", "One")

    async def twice() -> None:
        steps = ArticleIndexer(reference, articles)
        await steps.step()
        await steps.step()

    asyncio.run(twice())
    assert title_of(articles, "a") == "One"


def test_what_is_given_back_never_hides_what_came_meanwhile() -> None:
    reference, ids = IndexedReference(), Ids(Random(1))
    arrive(reference, ids, "a", "Old")
    batch = asyncio.run(reference.arrived())
    arrive(reference, ids, "a", "New")
    reference.give_back(batch)
    assert [article.name for _, article in asyncio.run(reference.arrived())] == ["New"]


def test_one_article_that_cannot_be_kept_does_not_stop_the_others() -> None:
    reference, ids, articles = IndexedReference(), Ids(Random(1)), Stubborn(never="bad")
    for key in ("a", "bad", "b"):
        arrive(reference, ids, key, f"About {key}")
    asyncio.run(ArticleIndexer(reference, articles).step())
    assert (title_of(articles, "a"), title_of(articles, "bad")) == ("About a", "")
    assert title_of(articles, "b") == "About b"
