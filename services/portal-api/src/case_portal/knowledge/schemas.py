"""The schemas of the knowledge base in the API."""

from pydantic import BaseModel, ConfigDict, Field

from case_portal.web.schemas import NO_NUL, Short

MOST_TEXT = 8000
"""The maximum length of a description for suggestions, in characters."""


class ArticleQuery(BaseModel):
    """A search: words, of which the last may be unfinished; a topic; or nothing, for all
    articles."""

    model_config = ConfigDict(extra="forbid")

    search: Short = ""
    topic: Short = ""
    page: int = Field(default=1, ge=1, le=1000)


class SuggestionQuery(BaseModel):
    """A case as far as it has been typed."""

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
    """An article. Its text is Markdown. With `audience` `agent`, only agents and auditors see
    it."""

    text: str
    case_types: list[str]
    audience: str


class ArticleList(BaseModel):
    """One page of articles, best first; by title if no words were given."""

    articles: list[ArticleSummary]
    page: int
    more: bool


class SuggestionList(BaseModel):
    """The articles that may answer a case, best first."""

    articles: list[ArticleSummary]
