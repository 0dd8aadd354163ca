"""Serializers of articles for the API."""

from case_definition.lookup.definition import Definition
from case_definition.schema.directory import Article, ArticleWording

from case_portal.knowledge.schemas import ArticleModel, ArticleSummary


def summary_model(article: Article, definition: Definition, language: str) -> ArticleSummary:
    """An article as lists show it."""
    _, wording = wording_of(article, definition, language)
    return ArticleSummary(
        id=article.id,
        title=wording.title,
        topic=article.topic,
        topic_name=topic_name(definition, article.topic, language),
        summary=_summary(wording.body),
        href=f"/api/v1/articles/{article.id}",
    )


def article_model(article: Article, definition: Definition, language: str) -> ArticleModel:
    """An article as it is read."""
    _, wording = wording_of(article, definition, language)
    return ArticleModel(
        **summary_model(article, definition, language).model_dump(),
        text=wording.body,
        case_types=list(article.case_types),
        audience=article.audience,
    )


def wording_of(
    article: Article, definition: Definition, language: str
) -> tuple[str, ArticleWording]:
    """An article in the reader's language, or in the tenant's default language if it has no
    other."""
    known = language if language in article.wordings else definition.document.default_language
    return known, article.wordings[known]


def topic_name(definition: Definition, topic: str, language: str) -> str:
    """The text for a topic; the topic itself if the definition no longer has it."""
    known = definition.document.knowledge
    if known is None or topic not in known.topics:
        return topic
    return definition.name_of("topics", topic, language)


def _summary(body: str) -> str:
    """The first paragraph, as one line."""
    return " ".join(body.partition("\n\n")[0].split())
