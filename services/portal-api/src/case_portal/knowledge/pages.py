"""The page of an article, and the suggestions next to the form of a new case."""

from dataclasses import dataclass
from typing import Annotated

from case_definition.schema.directory import Article
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.knowledge.markdown import as_html
from case_portal.knowledge.schemas import MOST_TEXT
from case_portal.knowledge.serializers import wording_of
from case_portal.knowledge.service import Articles, read, suggestions
from case_portal.web.dependencies import OWN_FORM, ReaderHere, allowed, port
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.schemas import NO_NUL, Short

router = APIRouter(include_in_schema=False)

ArticlesHere = Annotated[PerPrincipal[Articles], port("articles")]


@dataclass(frozen=True)
class ArticleShown:
    """An article in the language of its reader."""

    id: str
    language: str
    title: str
    html: Markup


@router.get("/articles/{article}")
async def read_page(
    article: str, request: Request, articles: ArticlesHere, reader: ReaderHere
) -> Response:
    """One article."""
    found = allowed(await read(articles(reader.principal), reader.principal, article))
    return page(request, "article.html", reader, article=_shown(reader, found))


@router.post("/cases/new/suggestions", dependencies=OWN_FORM)
async def suggest(
    request: Request,
    articles: ArticlesHere,
    reader: ReaderHere,
    case_type: Annotated[Short, Form()],
    title: Annotated[Short, Form()] = "",
    text: Annotated[str, Form(max_length=MOST_TEXT, pattern=NO_NUL)] = "",
) -> Response:
    """The suggestions next to the form of a new case. The request is a POST, so that the typed text
    does not appear in the logs of servers on the way."""
    found = allowed(
        await suggestions(
            articles(reader.principal),
            reader.principal,
            reader.definition,
            case_type,
            (title, text),
        )
    )
    # The articles are under a heading of the form, so their own headings are one level lower.
    shown = [_shown(reader, one, deeper=1) for one in found]
    return page(request, "suggestions.html", reader, articles=shown)


def _shown(reader: Reader, article: Article, deeper: int = 0) -> ArticleShown:
    language, wording = wording_of(article, reader.definition, reader.words.language)
    return ArticleShown(article.id, language, wording.title, as_html(wording.body, deeper))
