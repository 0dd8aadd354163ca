"""Refusals in PostgreSQL. Every query contains the scope of its principal."""

from typing import Any, LiteralString
from uuid import UUID

import msgspec
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.core.principal import Scope
from case_portal.read_model.view import RefusalView
from case_portal.refusals.ports import KeptRefusal, RefusalPage

STATEMENTS = load_statements("case_portal.database", "refusals")


class PostgresRefusals:
    """`refusals.ports.Refusals` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """The refusals, latest first."""
        asked = {"limit": size + 1, "offset": (page - 1) * size}
        rows = await self._rows(STATEMENTS["list"], scope, asked)
        found = [KeptRefusal(_refusal(row), row["reference"]) for row in rows]
        return RefusalPage(found[:size], len(found) > size)

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None:
        """One refusal."""
        rows = await self._rows(STATEMENTS["find"], scope, {"key": f"refused:{refusal}"})
        return _refusal(rows[0]) if rows else None

    async def _rows(
        self, query: LiteralString, scope: Scope, more: dict[str, Any]
    ) -> list[DictRow]:
        asked = {"tenant": scope.tenant, "viewing_agent": scope.viewing_agent, **more}
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(_whole(query), asked)
            return await cursor.fetchall()


def _whole(query: LiteralString) -> sql.Composed:
    return sql.SQL(query).format(refusals=sql.SQL(STATEMENTS["refusals"]))


def _refusal(row: DictRow) -> RefusalView:
    return msgspec.convert(row["document"], RefusalView)
