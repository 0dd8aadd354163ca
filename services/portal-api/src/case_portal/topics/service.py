"""The most reported topics: the cases of a period, counted by their topic."""

from datetime import datetime
from typing import Literal, Protocol, get_args

from case_definition.lookup.definition import Definition
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.knowledge.service import Articles

TopicDimension = Literal["customer", "case_type", "day", "week", "month"]
TOPIC_DIMENSIONS: tuple[TopicDimension, ...] = get_args(TopicDimension)

NO_TOPICS = Problem(
    kind="unknown",
    code="no_topics",
    field="knowledge.topic_field",
    rule="required",
    reason="No field of this desk's cases carries a topic; its definition names one under "
    "`knowledge`, as `topic_field`.",
)


class TopicQuestion(Struct, frozen=True, kw_only=True):
    """Which cases to count: those of a tenant that came in from `since` on and before `until`.

    Their topic is the value of `field`. `only` selects cases by the values of a dimension. Days
    begin in `zone`.
    """

    tenant: str
    field: str
    since: datetime
    until: datetime
    by: tuple[TopicDimension, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    zone: str = "UTC"


class Counted(Struct, frozen=True):
    """The number of cases of a group on a topic, and of their contacts. The topic is empty for
    cases without one."""

    topic: str
    group: tuple[str, ...]
    cases: int
    contacts: int


class Reported(Struct, frozen=True):
    """A line of the report, with the number of articles on its topic."""

    counted: Counted
    articles: int


class TopicCounts(Protocol):
    """Counts the cases of one tenant by topic."""

    async def counted(self, question: TopicQuestion) -> list[Counted]:
        """A line for each topic and group, in any order."""


def topic_field(definition: Definition) -> str | Problem:
    """The field with the topic of a tenant's cases."""
    knowledge = definition.document.knowledge
    return (knowledge.topic_field if knowledge else None) or NO_TOPICS


async def most_reported(
    counts: TopicCounts, articles: Articles, principal: Principal, question: TopicQuestion
) -> list[Reported] | Problem:
    """The topics of a period, most reported first, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    on_topic = await articles.counted(question.tenant)
    lines = sorted(
        await counts.counted(question), key=lambda line: (-line.cases, line.topic, line.group)
    )
    return [Reported(line, on_topic.get(line.topic, 0)) for line in lines]
