"""What the API takes and gives of the knowledge base."""

from pydantic import BaseModel, ConfigDict, Field

from case_portal.web.schemas import NO_NUL, Short

MOST_TEXT = 8000
"""Characters of a description that suggestions go by."""


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
