"""The knowledge base over the API: to search, to read, and to be suggested while one types."""

from typing import Annotated

from case_definition.directory import Article, Wording
from case_definition.lookup import Definition
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from case_portal.cases.routes import PortalHere, Reader, allowed, bearer, cookie
from case_portal.core.principal import Principal
from case_portal.knowledge.service import read, search, suggestions
from case_portal.web.portal import Portal
from case_portal.web.problems import documented
from case_portal.web.schemas import NO_NUL, Short

A_PAGE = 20
MOST_TEXT = 8000
"""Characters of a description that suggestions go by."""

router = APIRouter(
    prefix="/api/v1",
    tags=["knowledge"],
    responses=documented(400, 401, 422, 503),
    dependencies=[Depends(bearer), Depends(cookie)],
)


class ArticleQuery(BaseModel):
    """What to look for: words, of which the last may be unfinished; a topic; or all."""

    model_config = ConfigDict(extra="forbid")

    search: Short = ""
    topic: Short = ""
    page: int = Field(default=1, ge=1, le=1000)


class SuggestionQuery(BaseModel):
    """A case as far as it is typed."""

    model_config = ConfigDict(extra="forbid")

    case_type: Short = ""
    title: Short = ""
    text: str = Field(
        "", max_length=MOST_TEXT, pattern=NO_NUL, description="The description so far."
    )


class ArticleSummary(BaseModel):
    """An article in a list, in the reader's language."""

    id: str
    title: str
    topic: str
    topic_name: str
    summary: str
    href: str


class ArticleModel(ArticleSummary):
    """An article: its text is Markdown. For the desk alone where `audience` is `agent`."""

    text: str
    case_types: list[str]
    audience: str


class ArticleList(BaseModel):
    """One page of articles, the best first; by title where no words were given."""

    articles: list[ArticleSummary]
    page: int
    more: bool


class SuggestionList(BaseModel):
    """What may answer a case, the best first."""

    articles: list[ArticleSummary]


@router.get("/articles")
async def list_articles(
    portal: PortalHere, reader: Reader, query: Annotated[ArticleQuery, Query()]
) -> ArticleList:
    """Search the knowledge base of your desk, in your language."""
    found = await search(portal.articles, reader, query.search, query.topic, query.page, A_PAGE)
    definition = _definition(portal, reader)
    shown = [summary_model(one, definition, reader.language) for one in found.articles]
    return ArticleList(articles=shown, page=query.page, more=found.more)


@router.get("/articles/{article}", responses=documented(404))
async def read_article(article: str, portal: PortalHere, reader: Reader) -> ArticleModel:
    """One article, in your language."""
    found = allowed(await read(portal.articles, reader, article))
    definition = _definition(portal, reader)
    return article_model(found, definition, reader.language)


@router.get("/suggestions", responses=documented(404))
async def suggest(
    portal: PortalHere, reader: Reader, query: Annotated[SuggestionQuery, Query()]
) -> SuggestionList:
    """Articles that may answer a case before it is sent: ask again while it is typed."""
    definition = _definition(portal, reader)
    typed = (query.title, query.text)
    found = allowed(await suggestions(portal.articles, reader, definition, query.case_type, typed))
    shown = [summary_model(one, definition, reader.language) for one in found]
    return SuggestionList(articles=shown)


def summary_model(article: Article, definition: Definition, language: str) -> ArticleSummary:
    """An article as lists tell it."""
    _, told = wording_of(article, definition, language)
    return ArticleSummary(
        id=article.id,
        title=told.title,
        topic=article.topic,
        topic_name=topic_name(definition, article.topic, language),
        summary=_summary(told.body),
        href=f"/api/v1/articles/{article.id}",
    )


def article_model(article: Article, definition: Definition, language: str) -> ArticleModel:
    """An article as it is read."""
    _, told = wording_of(article, definition, language)
    return ArticleModel(
        **summary_model(article, definition, language).model_dump(),
        text=told.body,
        case_types=list(article.case_types),
        audience=article.audience,
    )


def wording_of(article: Article, definition: Definition, language: str) -> tuple[str, Wording]:
    """An article in somebody's language, or in the tenant's own where it has no other."""
    known = language if language in article.wordings else definition.document.default_language
    return known, article.wordings[known]


def topic_name(definition: Definition, topic: str, language: str) -> str:
    """What people read for a topic; the topic itself, where the definition has it no more."""
    known = definition.document.knowledge
    if known is None or topic not in known.topics:
        return topic
    return definition.name_of("topics", topic, language)


def _summary(body: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(body.partition("\n\n")[0].split())


def _definition(portal: Portal, reader: Principal) -> Definition:
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    return definition
