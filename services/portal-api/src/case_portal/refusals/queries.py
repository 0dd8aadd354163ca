"""What was refused, in PostgreSQL. Every query carries the scope of whoever asks."""

from typing import Any
from uuid import UUID

import msgspec
from case_events.runtime.postgres import Connections, connection
from psycopg.rows import DictRow, dict_row

from case_portal.core.principal import Scope
from case_portal.read_model.view import RefusalView
from case_portal.refusals.ports import KeptRefusal, RefusalPage

KEPT = """
    from documents as kept
    left join snapshots on snapshots.case_id = (kept.document ->> 'case')::uuid
        and snapshots.tenant = %(tenant)s
    where kept.key like 'refused:%%' and kept.tenant = %(tenant)s
    and (%(viewing_agent)s::text is null or %(viewing_agent)s <> all (coalesce(hidden_from, '{}')))
"""

REFUSED = f"""
    select kept.document, coalesce(snapshots.reference, '') as reference {KEPT}
    order by kept.at desc, kept.key desc
    limit %(limit)s offset %(offset)s
"""

REFUSAL = f"select kept.document {KEPT} and kept.key = %(key)s"


class PostgresRefusals:
    """`refusals.ports.Refusals` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """What was refused, the last first."""
        asked = {"limit": size + 1, "offset": (page - 1) * size}
        rows = await self._rows(REFUSED, scope, asked)
        found = [KeptRefusal(_refusal(row), row["reference"]) for row in rows]
        return RefusalPage(found[:size], len(found) > size)

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None:
        """One refusal."""
        rows = await self._rows(REFUSAL, scope, {"key": f"refused:{refusal}"})
        return _refusal(rows[0]) if rows else None

    async def _rows(self, query: str, scope: Scope, more: dict[str, Any]) -> list[DictRow]:
        asked = {"tenant": scope.tenant, "viewing_agent": scope.viewing_agent, **more}
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _refusal(row: DictRow) -> RefusalView:
    return msgspec.convert(row["document"], RefusalView)
