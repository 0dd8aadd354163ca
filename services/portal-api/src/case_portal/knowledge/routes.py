"""The knowledge base over the API: search, reading, and suggestions during typing."""

from typing import Annotated

from fastapi import Query

from case_portal.core.principal import PerPrincipal
from case_portal.knowledge.schemas import (
    ArticleList,
    ArticleModel,
    ArticleQuery,
    SuggestionList,
    SuggestionQuery,
)
from case_portal.knowledge.serializers import article_model, summary_model
from case_portal.knowledge.service import Articles, read, search, suggestions
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, port, reading_router
from case_portal.web.problems import documented

A_PAGE = 20

router = reading_router(400, 401, 422, 503, tags=["knowledge"])

ArticlesHere = Annotated[PerPrincipal[Articles], port("articles")]


@router.get("/articles")
async def list_articles(
    site: SiteHere,
    articles: ArticlesHere,
    principal: CurrentPrincipal,
    query: Annotated[ArticleQuery, Query()],
) -> ArticleList:
    """Search the knowledge base of your desk, in your language."""
    found = await search(
        articles(principal), principal, query.search, query.topic, query.page, A_PAGE
    )
    definition = site.definition_of(principal)
    shown = [summary_model(one, definition, principal.language) for one in found.articles]
    return ArticleList(articles=shown, page=query.page, more=found.more)


@router.get("/articles/{article}", responses=documented(404))
async def read_article(
    article: str, site: SiteHere, articles: ArticlesHere, principal: CurrentPrincipal
) -> ArticleModel:
    """One article, in your language."""
    found = allowed(await read(articles(principal), principal, article))
    definition = site.definition_of(principal)
    return article_model(found, definition, principal.language)


@router.get("/suggestions", responses=documented(404))
async def suggest(
    site: SiteHere,
    articles: ArticlesHere,
    principal: CurrentPrincipal,
    query: Annotated[SuggestionQuery, Query()],
) -> SuggestionList:
    """Articles that may answer a case before it is sent. Ask again while it is typed."""
    definition = site.definition_of(principal)
    typed = (query.title, query.text)
    found = allowed(
        await suggestions(articles(principal), principal, definition, query.case_type, typed)
    )
    shown = [summary_model(one, definition, principal.language) for one in found]
    return SuggestionList(articles=shown)
