"""Cases by topic, counted in PostgreSQL."""

from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import dict_row

from case_portal.database import grouping
from case_portal.topics.service import Counted, TopicQuestion

STATEMENTS = load_statements("case_portal.database", "topics")


class PostgresTopics:
    """`topics.service.TopicCounts` over the cases of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def counted(self, question: TopicQuestion) -> list[Counted]:
        """A line for each topic and group."""
        query = sql.SQL(STATEMENTS["count"]).format(
            groups=grouping.groups(question.by, _value), only=grouping.only(question.only, _value)
        )
        asked = {
            "tenant": question.tenant,
            "field": question.field,
            "since": question.since,
            "until": question.until,
            "zone": question.zone,
            **grouping.only_values(question.only),
        }
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            rows = await cursor.fetchall()
        return [
            Counted(row["topic"], tuple(row["by_group"]), row["cases"], row["contacts"])
            for row in rows
        ]


def _value(name: str) -> sql.Composable:
    """A dimension of a case, as text."""
    if name in grouping.PERIODS:
        return grouping.period(name, "created_at")
    return sql.Identifier(name)
