"""Readings, counted in PostgreSQL."""

from typing import Any

import msgspec
from case_events.runtime.postgres import Connections, connection
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.reports.projection import CycleReading
from case_portal.reports.service import COUNTED, PERIODS, Attained, Breach, Question

# Cases of which something was decided in the period, by index; then the last reading of each of
# their cycles that was known at the moment asked for.
LAST = """
    with touched as (
        select distinct case_id from documents
        where key like 'reading:%%' and tenant = %(tenant)s
        and at >= %(since)s and at < %(until)s
        and (%(viewing_agent)s::text is null or case_id <> all (array(
            select case_id from snapshots where snapshots.tenant = %(tenant)s
            and cardinality(hidden_from) > 0 and %(viewing_agent)s = any (hidden_from))))
    ), known as (
        select case_id, key, document, at from touched join documents using (case_id)
        where key like 'reading:%%' and tenant = %(tenant)s
        and portal_instant(document ->> 'recorded_at') <= %(as_of)s
    ), last as (
        select distinct on (case_id, document ->> 'target', document ->> 'cycle')
            case_id, document, at
        from known where document ->> 'kind' <> 'answered'
        order by case_id, document ->> 'target', document ->> 'cycle', key desc
    ), counted as (
        select * from last
        where document ->> 'kind' = any(%(counted)s) and at >= %(since)s and at < %(until)s {}
    )
"""
ATTAINMENT = """
    select {}, (document ->> 'promised')::float8 as promised,
        count(*) filter (where document ->> 'kind' = 'met') as kept,
        count(*) filter (where document ->> 'kind' = 'breached') as missed,
        count(*) filter (where document ->> 'kind' = 'excluded') as unanswered
    from counted group by {}, promised order by {}, promised
"""
BREACHES = """
    select document, (
        select answer.document from known as answer
        where answer.case_id = counted.case_id and answer.document ->> 'kind' = 'answered'
        and answer.document ->> 'target' = counted.document ->> 'target'
        and answer.document ->> 'cycle' = counted.document ->> 'cycle'
        order by key desc limit 1) as answer
    from counted where document ->> 'kind' = 'breached'
    order by at, document ->> 'reference', document ->> 'target' limit %(limit)s
"""
FORMATS = {"day": "YYYY-MM-DD", "week": 'IYYY-"W"IW', "month": "YYYY-MM"}


class PostgresReports:
    """`reports.service.Reports` over the rows of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def attainment(self, question: Question) -> list[Attained]:
        """A line for each group and promised share."""
        groups = [
            sql.SQL("{} as {}").format(_value(name), sql.Identifier(f"by_{name}"))
            for name in question.by
        ]
        names = sql.SQL(", ").join(sql.Identifier(f"by_{name}") for name in question.by)
        query = _last(question) + sql.SQL(ATTAINMENT).format(
            sql.SQL(", ").join(groups), names, names
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
        """What was missed, the first first."""
        rows = await self._rows(_last(question) + sql.SQL(BREACHES), question, limit=limit)
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
            **{f"only_{name}": list(values) for name, values in question.only.items()},
            **more,
        }
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _last(question: Question) -> sql.Composed:
    only = [
        sql.SQL("and {} = any({})").format(_value(name), sql.Placeholder(f"only_{name}"))
        for name in question.only
    ]
    return sql.SQL(LAST).format(sql.SQL(" ").join(only))


def _value(name: str) -> sql.Composable:
    """A dimension of a reading, as text."""
    if name in PERIODS:
        return sql.SQL("to_char(at at time zone %(zone)s, {})").format(sql.Literal(FORMATS[name]))
    return sql.SQL("(document ->> {})").format(sql.Literal(name))


def _breach(row: DictRow) -> Breach:
    reading = msgspec.convert(row["document"], CycleReading)
    if row["answer"] is None:
        return Breach(reading=reading)
    answer = msgspec.convert(row["answer"], CycleReading)
    return Breach(reading=reading, answered_at=answer.at, late=max(0, -answer.left))
