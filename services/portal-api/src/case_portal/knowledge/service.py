"""The knowledge base: its questions, and who may read what."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.schema.directory import Article
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.core.problem import Problem

SUGGESTED = 5
WORTH_READING = 0.34
"""Articles with less than this share of the best score are not suggested."""

UNKNOWN_ARTICLE = Problem(
    kind="unknown", code="unknown_article", reason="There is no such article."
)
UNKNOWN_TYPE = Problem(
    kind="unknown",
    code="unknown_case_type",
    field="case_type",
    rule="known",
    reason="There is no such type of case; leave it out, or name one of the definition.",
)


class Wanted(Struct, frozen=True, kw_only=True):
    """A search for articles of a tenant, in a language, best first.

    The words of `title` and `text` rank the articles, and words of `title` count more. Without any
    words, all articles are listed by title. The last word of each may be unfinished. `case_type`
    and `topic` narrow the search, if given.
    """

    tenant: str
    language: str
    for_contacts: bool
    title: str = ""
    text: str = ""
    case_type: str = ""
    topic: str = ""
    limit: int = 20
    offset: int = 0


class Found(Struct, frozen=True):
    """An article that was found. A higher score is better, within one answer."""

    article: Article
    score: float = 0.0


class Articles(Protocol):
    """The active articles. An article of another tenant, or for agents only, is not found where it
    must not be."""

    async def found(self, wanted: Wanted) -> list[Found]: ...
    async def article(self, tenant: str, article: str, for_contacts: bool) -> Article | None: ...
    async def counted(self, tenant: str) -> dict[str, int]:
        """The number of articles on each topic that has any."""

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        """Save articles, each with the id of the record that brought it. An article that is saved
        from a later record does not change. One call contains each article once."""


class ArticlePage(Struct, frozen=True):
    """One page of articles, and whether there is a next page."""

    articles: list[Article]
    more: bool = False


async def search(
    articles: Articles, principal: Principal, words: str, topic: str, page: int, size: int
) -> ArticlePage:
    """The articles that match a search."""
    wanted = Wanted(
        tenant=principal.tenant,
        language=principal.language,
        for_contacts=not principal.sees_internal,
        text=words,
        topic=topic,
        limit=size + 1,
        offset=(page - 1) * size,
    )
    found = [one.article for one in await articles.found(wanted)]
    return ArticlePage(found[:size], len(found) > size)


async def read(articles: Articles, principal: Principal, article: str) -> Article | Problem:
    """One article."""
    found = await articles.article(principal.tenant, article, not principal.sees_internal)
    return found or UNKNOWN_ARTICLE


async def suggestions(
    articles: Articles,
    principal: Principal,
    definition: Definition,
    case_type: str,
    typed: tuple[str, str],
) -> list[Article] | Problem:
    """The articles that may answer a case before it is sent, by its type, and its title and text so
    far."""
    if case_type and case_type not in definition.case_types:
        return UNKNOWN_TYPE
    knowledge = definition.document.knowledge
    title, text = typed
    if knowledge is None or not knowledge.suggests(case_type) or not f"{title}{text}".strip():
        return []
    wanted = Wanted(
        tenant=principal.tenant,
        language=principal.language,
        for_contacts=not principal.sees_internal,
        title=title,
        text=text,
        case_type=case_type,
        limit=SUGGESTED,
    )
    found = await articles.found(wanted)
    return [one.article for one in found if one.score >= found[0].score * WORTH_READING]
