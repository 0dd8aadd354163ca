"""Cases, counted in PostgreSQL."""

from collections.abc import Iterable, Mapping
from typing import Any

from case_events.runtime.postgres import Connections, connection
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.volumes.projection import ENDED
from case_portal.volumes.service import (
    FIELD,
    Backlog,
    OpenSelection,
    Rated,
    Selection,
    Volume,
    age_limits,
)

HAPPENED = """
    with happened as (
        select 'came' as kind, created_at as at, snapshots.case_id from snapshots
        where snapshots.tenant = %(tenant)s
        and created_at >= %(since)s and created_at < %(until)s
        union all
        select document ->> 'kind', documents.at, documents.case_id from documents
        where documents.tenant = %(tenant)s and key like 'turn:%%'
        and documents.at >= %(since)s and documents.at < %(until)s
    )
    select {groups}, count(*) filter (where kind = 'came') as came,
        count(*) filter (where kind = 'solved') as solved,
        count(*) filter (where kind = 'closed') as closed,
        count(*) filter (where kind = 'reopened') as reopened
    from happened join snapshots using (case_id) where true {only}
    group by by_group order by by_group
"""
OPEN = """
    select {groups},
        count(*) filter (where created_at > %(age_0)s) as band_0,
        count(*) filter (where created_at <= %(age_0)s and created_at > %(age_1)s) as band_1,
        count(*) filter (where created_at <= %(age_1)s and created_at > %(age_2)s) as band_2,
        count(*) filter (where created_at <= %(age_2)s and created_at > %(age_3)s) as band_3,
        count(*) filter (where created_at <= %(age_3)s) as band_4,
        min(created_at) as oldest
    from snapshots
    where snapshots.tenant = %(tenant)s and created_at <= %(at)s
    and coalesce((
        select turn.document ->> 'kind' from documents as turn
        where turn.case_id = snapshots.case_id and turn.key like 'turn:%%' and turn.at <= %(at)s
        order by turn.key desc limit 1), '') <> all(%(ended)s) {only}
    group by by_group order by oldest, by_group
"""
RATED = """
    select {groups}, count(*) as cases, sum(stars) as stars
    from (select rated_at as at, snapshots.* from snapshots) as snapshots
    where snapshots.tenant = %(tenant)s and rated_at >= %(since)s and rated_at < %(until)s {only}
    group by by_group order by by_group
"""
FORMATS = {"day": "YYYY-MM-DD", "week": 'IYYY-"W"IW', "month": "YYYY-MM"}


class PostgresCounts:
    """`volumes.service.CaseCounts` over the cases and turns of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def volumes(self, selection: Selection) -> list[Volume]:
        """A line for each group."""
        return [
            Volume(
                group=tuple(row["by_group"]),
                came=row["came"],
                solved=row["solved"],
                closed=row["closed"],
                reopened=row["reopened"],
            )
            for row in await self._rows(HAPPENED, selection, _period(selection))
        ]

    async def backlog(self, selection: OpenSelection) -> list[Backlog]:
        """A line for each group, the one with the oldest case first."""
        limits = {f"age_{band}": limit for band, limit in enumerate(age_limits(selection.at))}
        asked = {"at": selection.at, "ended": list(ENDED), **limits}
        return [
            Backlog(
                group=tuple(row["by_group"]),
                ages=tuple(row[f"band_{band}"] for band in range(len(limits) + 1)),
                oldest=row["oldest"],
            )
            for row in await self._rows(OPEN, selection, asked)
        ]

    async def ratings(self, selection: Selection) -> list[Rated]:
        """A line for each group."""
        return [
            Rated(group=tuple(row["by_group"]), cases=row["cases"], stars=row["stars"])
            for row in await self._rows(RATED, selection, _period(selection))
        ]

    async def _rows(
        self, query: str, selection: Selection | OpenSelection, more: Mapping[str, Any]
    ) -> list[DictRow]:
        asked = {
            "tenant": selection.tenant,
            **{f"only_{name}": list(values) for name, values in selection.only.items()},
            **more,
        }
        whole = sql.SQL(query).format(groups=_groups(selection.by), only=_only(selection.only))
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(whole, asked)
            return await cursor.fetchall()


def _period(selection: Selection) -> dict[str, Any]:
    return {"since": selection.since, "until": selection.until, "zone": selection.zone}


def _groups(by: Iterable[str]) -> sql.Composable:
    values = sql.SQL(", ").join(_value(name) for name in by)
    return sql.SQL('array[{}]::text[] collate "C" as by_group').format(values)


def _only(names: Iterable[str]) -> sql.Composable:
    return sql.SQL(" ").join(
        sql.SQL("and {} = any({})").format(_value(name), sql.Placeholder(f"only_{name}"))
        for name in names
    )


def _value(name: str) -> sql.Composable:
    """A dimension of a case, as text."""
    if name in FORMATS:
        return sql.SQL("to_char(at at time zone %(zone)s, {})").format(sql.Literal(FORMATS[name]))
    if name.startswith(FIELD):
        field = sql.Literal(name.removeprefix(FIELD))
        return sql.SQL("coalesce(snapshots.state #>> array['fields', {}], '')").format(field)
    return sql.SQL("snapshots.{}").format(sql.Identifier(name))
