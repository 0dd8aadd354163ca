"""Cases by topic, counted in PostgreSQL."""

from case_events.runtime.postgres import Connections, connection
from psycopg import sql
from psycopg.rows import dict_row

from case_portal.topics.service import Counted, TopicQuestion

COUNTED = """
    select coalesce(state #>> array['fields', %(field)s], '') as topic, {groups},
        count(*) as cases, count(distinct contact) as contacts
    from snapshots
    where tenant = %(tenant)s and created_at >= %(since)s and created_at < %(until)s {only}
    group by topic, by_group
"""
FORMATS = {"day": "YYYY-MM-DD", "week": 'IYYY-"W"IW', "month": "YYYY-MM"}


class PostgresTopics:
    """`topics.service.TopicCounts` over the cases of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def counted(self, question: TopicQuestion) -> list[Counted]:
        """A line for each topic and group."""
        groups = sql.SQL(", ").join(_value(name) for name in question.by)
        only = [
            sql.SQL("and {} = any({})").format(_value(name), sql.Placeholder(f"only_{name}"))
            for name in question.only
        ]
        query = sql.SQL(COUNTED).format(
            groups=sql.SQL("array[{}]::text[] as by_group").format(groups),
            only=sql.SQL(" ").join(only),
        )
        asked = {
            "tenant": question.tenant,
            "field": question.field,
            "since": question.since,
            "until": question.until,
            "zone": question.zone,
            **{f"only_{name}": list(values) for name, values in question.only.items()},
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
    if name in FORMATS:
        return sql.SQL("to_char(created_at at time zone %(zone)s, {})").format(
            sql.Literal(FORMATS[name])
        )
    return sql.Identifier(name)
