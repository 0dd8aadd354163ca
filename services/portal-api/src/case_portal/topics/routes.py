"""The report of topics over the API, as JSON or CSV."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.core.zones import zone_of
from case_portal.knowledge.service import Articles
from case_portal.topics.schemas import TopicQuery, TopicReport
from case_portal.topics.serializers import topic_model
from case_portal.topics.service import TopicCounts, most_reported, topic_field
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, port, reading_router
from case_portal.web.tables import AS_CSV, csv_of, wants_csv

router = reading_router(400, 401, 404, 422, 503, prefix="/reports", tags=["reports"])

TopicsHere = Annotated[PerPrincipal[TopicCounts], port("topics")]


@router.get("/topics", responses=AS_CSV, response_model=TopicReport)
async def read_topics(
    request: Request,
    site: SiteHere,
    topics: TopicsHere,
    articles: Annotated[PerPrincipal[Articles], port("articles")],
    principal: CurrentPrincipal,
    query: Annotated[TopicQuery, Query()],
) -> TopicReport | Response:
    """The most reported topics, and the number of articles on each. For agents and auditors."""
    definition = site.definition_of(principal)
    # A person without permission learns nothing about the definition.
    field = topic_field(definition) if principal.sees_internal else ""
    question = query.question(principal.tenant, allowed(field), zone_of(definition), site.now())
    found = allowed(
        await most_reported(topics(principal), articles(principal), principal, question)
    )
    lines = [topic_model(line, question, definition, principal.language) for line in found]
    if wants_csv(request, query.format):
        return csv_of(
            ("topic", "name", *question.by, "cases", "contacts", "articles"),
            (
                [one.topic, one.name, *one.group.values(), one.cases, one.contacts, one.articles]
                for one in lines
            ),
        )
    return TopicReport(since=question.since, until=question.until, lines=lines)
