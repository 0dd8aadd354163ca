"""Counts of cases in PostgreSQL."""

from collections.abc import Mapping
from typing import Any, LiteralString

from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.database import grouping
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

STATEMENTS = load_statements("case_portal.database", "volumes")


class PostgresCounts:
    """`volumes.service.CaseCounts` over the cases and changes of this service."""

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
            for row in await self._rows(STATEMENTS["count_volumes"], selection, _period(selection))
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
            for row in await self._rows(STATEMENTS["count_backlog"], selection, asked)
        ]

    async def ratings(self, selection: Selection) -> list[Rated]:
        """A line for each group."""
        return [
            Rated(group=tuple(row["by_group"]), cases=row["cases"], stars=row["stars"])
            for row in await self._rows(STATEMENTS["count_ratings"], selection, _period(selection))
        ]

    async def _rows(
        self, query: LiteralString, selection: Selection | OpenSelection, more: Mapping[str, Any]
    ) -> list[DictRow]:
        asked = {
            "tenant": selection.tenant,
            **grouping.only_values(selection.only),
            **more,
        }
        whole = sql.SQL(query).format(
            groups=grouping.groups(selection.by, _value), only=grouping.only(selection.only, _value)
        )
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(whole, asked)
            return await cursor.fetchall()


def _period(selection: Selection) -> dict[str, Any]:
    return {"since": selection.since, "until": selection.until, "zone": selection.zone}


def _value(name: str) -> sql.Composable:
    """A dimension of a case, as text."""
    if name in grouping.PERIODS:
        return grouping.period(name, "at")
    if name.startswith(FIELD):
        field = sql.Literal(name.removeprefix(FIELD))
        return sql.SQL(STATEMENTS["field"]).format(field=field)
    return sql.Identifier("snapshots", name)
