"""Target results, counted in PostgreSQL."""

from typing import Any, LiteralString

import msgspec
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.database import grouping
from case_portal.reports.projection import CycleReading
from case_portal.reports.service import COUNTED, Attained, Breach, Question

STATEMENTS = load_statements("case_portal.database", "reports")


class PostgresReports:
    """`reports.service.Reports` over the documents of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def attainment(self, question: Question) -> list[Attained]:
        """A line for each group and promised share."""
        query = _counted(
            STATEMENTS["attainment"],
            question,
            groups=sql.SQL(", ").join(
                sql.SQL(STATEMENTS["group"]).format(value=_value(name), name=_named(name))
                for name in question.by
            ),
            names=sql.SQL(", ").join(_named(name) for name in question.by),
        )
        return [
            Attained(
                group=tuple(row[f"by_{name}"] for name in question.by),
                promised=row["promised"],
                kept=row["kept"],
                missed=row["missed"],
                unanswered=row["unanswered"],
            )
            for row in await self._rows(query, question)
        ]

    async def breaches(self, question: Question, limit: int) -> list[Breach]:
        """The missed targets, earliest first."""
        query = _counted(STATEMENTS["breaches"], question)
        rows = await self._rows(query, question, limit=limit)
        return [_breach(row) for row in rows]

    async def _rows(self, query: sql.Composed, question: Question, **more: Any) -> list[DictRow]:
        asked = {
            "tenant": question.tenant,
            "since": question.since,
            "until": question.until,
            "as_of": question.as_of,
            "zone": question.zone,
            "counted": list(COUNTED),
            "viewing_agent": question.viewing_agent,
            **grouping.only_values(question.only),
            **more,
        }
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _counted(
    statement: LiteralString, question: Question, **pieces: sql.Composable
) -> sql.Composed:
    """A statement about the last target results that a question asks for."""
    only = grouping.only(question.only, _value)
    last = sql.SQL(STATEMENTS["last_readings"]).format(only=only)
    return sql.SQL(statement).format(last_readings=last, **pieces)


def _value(name: str) -> sql.Composable:
    """A dimension of a target result, as text."""
    if name in grouping.PERIODS:
        return grouping.period(name, "at")
    return sql.SQL(STATEMENTS["member"]).format(member=sql.Literal(name))


def _named(name: str) -> sql.Identifier:
    """The column of a dimension."""
    return sql.Identifier(f"by_{name}")


def _breach(row: DictRow) -> Breach:
    reading = msgspec.convert(row["document"], CycleReading)
    if row["answer"] is None:
        return Breach(reading=reading)
    answer = msgspec.convert(row["answer"], CycleReading)
    return Breach(reading=reading, answered_at=answer.at, late=max(0, -answer.left))
