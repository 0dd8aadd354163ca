"""Articles to read: one on a page of its own, and those that may answer what is being typed."""

from dataclasses import dataclass
from typing import Annotated

from case_definition.directory import Article
from fastapi import APIRouter, Depends, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from case_portal.core.problem import Problem
from case_portal.knowledge.markdown import as_html
from case_portal.knowledge.routes import MOST_TEXT, wording_of
from case_portal.knowledge.service import read, suggestions
from case_portal.web.portal import Portal, portal_of
from case_portal.web.problems import Stop
from case_portal.web.rendering import Reader, own_form, page, reader_of
from case_portal.web.schemas import NO_NUL, Short

router = APIRouter(include_in_schema=False)

PortalHere = Annotated[Portal, Depends(portal_of)]
ReaderHere = Annotated[Reader, Depends(reader_of)]


@dataclass(frozen=True)
class ArticleShown:
    """An article in the language in which somebody reads it."""

    id: str
    language: str
    title: str
    html: Markup


@router.get("/articles/{article}")
async def read_page(
    article: str, request: Request, portal: PortalHere, reader: ReaderHere
) -> Response:
    """One article."""
    found = await read(portal.articles, reader.principal, article)
    if isinstance(found, Problem):
        raise Stop(found)
    return page(request, "article.html", reader, article=_shown(reader, found))


@router.post("/cases/new/suggestions", dependencies=[Depends(own_form)])
async def suggest(
    request: Request,
    portal: PortalHere,
    reader: ReaderHere,
    case_type: Annotated[Short, Form()],
    title: Annotated[Short, Form()] = "",
    text: Annotated[str, Form(max_length=MOST_TEXT, pattern=NO_NUL)] = "",
) -> Response:
    """What the form of a new case shows beside it. Posted, for what people type is not to stand
    in the logs of whatever lies on the way."""
    found = await suggestions(
        portal.articles, reader.principal, reader.definition, case_type, (title, text)
    )
    if isinstance(found, Problem):
        raise Stop(found)
    # The articles stand under a heading of the form; their own go below it.
    shown = [_shown(reader, one, deeper=1) for one in found]
    return page(request, "suggestions.html", reader, articles=shown)


def _shown(reader: Reader, article: Article, deeper: int = 0) -> ArticleShown:
    language, told = wording_of(article, reader.definition, reader.words.language)
    return ArticleShown(article.id, language, told.title, as_html(told.body, deeper))
