"""Checks the knowledge base: existing topics, and articles that fit the definition."""

import re
from collections.abc import Iterator

from case_definition.check.articles import ArticleFile
from case_definition.check.names import all_unknown, unknown
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
MAX_TITLE = 200
MAX_BODY = 50_000
"""The maximum length in characters: an article is one record with all its languages."""


def knowledge_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the section `knowledge`."""
    knowledge = document.knowledge
    if knowledge is None:
        return
    for position, topic in enumerate(knowledge.topics):
        if topic in knowledge.topics[:position]:
            sentence = f"`{topic}` is there already; remove one of the two"
            yield DefinitionProblem(("knowledge", "topics", position), "duplicate-name", sentence)
    kinds = [kind.name for kind in document.case_types]
    yield from all_unknown(("knowledge", "suggest_for"), "case type", knowledge.suggest_for, kinds)
    if knowledge.topic_field is None:
        return
    path = ("knowledge", "topic_field")
    fields = {field.name: field for field in document.fields}
    yield from unknown(path, "field", knowledge.topic_field, fields)
    field = fields.get(knowledge.topic_field)
    if field is None:
        return
    if field.type != "choice":
        yield DefinitionProblem(
            path, "topic-field", f"make `{field.name}` a choice, or name a field that is"
        )
    missing = [option for option in field.options if option not in knowledge.topics]
    if missing:
        sentence = f"`{field.name}` can be {', '.join(missing)}; add what is missing to `topics`"
        yield DefinitionProblem(path, "topic-field", sentence)


def article_problems(
    written: ArticleFile, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """The problems of an article with the definition."""
    if not _ID.fullmatch(written.id):
        sentence = "name this file with letters, digits, _ and - alone: it is the article's id"
        yield DefinitionProblem((), "article-id", sentence)
    head = written.head
    if head is not None:
        if document.knowledge is None:
            sentence = "the definition has no `knowledge`; add it, with its topics"
            yield DefinitionProblem(("topic",), "no-knowledge", sentence)
        else:
            yield from unknown(("topic",), "topic", head.topic, document.knowledge.topics)
        kinds = [kind.name for kind in document.case_types]
        yield from all_unknown(("case_types",), "case type", head.case_types, kinds)
    for language, wording in written.wordings.items():
        yield from unknown((language,), "language", language, document.languages)
        if len(wording.title) > MAX_TITLE or len(wording.body) > MAX_BODY:
            sentence = f"keep the title within {MAX_TITLE} characters, the text within {MAX_BODY:,}"
            yield DefinitionProblem((language,), "too-long", sentence)
    for language in document.languages:
        if language not in written.wordings:
            sentence = f"the article is missing in {language}; add `# {language}: ` and its title"
            yield DefinitionProblem((), "missing-translation", sentence)
