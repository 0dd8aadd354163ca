"""Serializers of topics for the API."""

from case_definition.lookup.definition import Definition

from case_portal.knowledge.serializers import topic_name
from case_portal.topics.schemas import TopicModel
from case_portal.topics.service import Reported, TopicQuestion


def topic_model(
    line: Reported, question: TopicQuestion, definition: Definition, language: str
) -> TopicModel:
    """A line of the report."""
    counted = line.counted
    return TopicModel(
        topic=counted.topic,
        name=topic_name(definition, counted.topic, language),
        group=dict(zip(question.by, counted.group, strict=True)),
        cases=counted.cases,
        contacts=counted.contacts,
        articles=line.articles,
    )
