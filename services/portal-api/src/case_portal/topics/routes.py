"""Which topics are reported most, over the API: as JSON or CSV."""

from datetime import datetime
from typing import Annotated

from case_definition.lookup import Definition
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from case_portal.cases.routes import PortalHere, Reader, allowed, bearer, cookie
from case_portal.core.zones import zone_of
from case_portal.knowledge.routes import topic_name
from case_portal.reports.routes import AS_CSV, csv_of, wants_csv
from case_portal.reports.schemas import TopicQuery
from case_portal.topics.service import Reported, TopicQuestion, most_reported, topic_field
from case_portal.web.problems import documented

router = APIRouter(
    prefix="/api/v1/reports",
    tags=["reports"],
    responses=documented(400, 401, 404, 422, 503),
    dependencies=[Depends(bearer), Depends(cookie)],
)


class TopicModel(BaseModel):
    """A topic within a group: its cases, the contacts who sent them, and the articles on it.

    `topic` is empty where a case does not say its own.
    """

    topic: str
    name: str
    group: dict[str, str]
    cases: int
    contacts: int
    articles: int


class TopicReport(BaseModel):
    """The topics of the cases of a period, most reported first."""

    since: datetime
    until: datetime
    lines: list[TopicModel]


@router.get("/topics", responses=AS_CSV, response_model=TopicReport)
async def read_topics(
    request: Request, portal: PortalHere, reader: Reader, query: Annotated[TopicQuery, Query()]
) -> TopicReport | Response:
    """What is reported most, and how many articles there are on it, for agents and auditors."""
    definition = portal.reference.newest(reader.tenant)
    assert definition is not None, "whoever is logged in has a tenant with a definition"
    # Somebody who may not ask hears nothing of how the desk is set up.
    field = topic_field(definition) if reader.sees_internal else ""
    question = query.question(reader.tenant, allowed(field), zone_of(definition), portal.now())
    found = allowed(await most_reported(portal.topics, portal.articles, reader, question))
    lines = [topic_model(line, question, definition, reader.language) for line in found]
    if wants_csv(request, query.format):
        return csv_of(
            ("topic", "name", *question.by, "cases", "contacts", "articles"),
            (
                [one.topic, one.name, *one.group.values(), one.cases, one.contacts, one.articles]
                for one in lines
            ),
        )
    return TopicReport(since=question.since, until=question.until, lines=lines)


def topic_model(
    line: Reported, question: TopicQuestion, definition: Definition, language: str
) -> TopicModel:
    """A line as the API tells it."""
    counted = line.counted
    return TopicModel(
        topic=counted.topic,
        name=topic_name(definition, counted.topic, language),
        group=dict(zip(question.by, counted.group, strict=True)),
        cases=counted.cases,
        contacts=counted.contacts,
        articles=line.articles,
    )
