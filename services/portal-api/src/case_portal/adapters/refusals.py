"""What was refused, in PostgreSQL. Every query carries the tenant."""

from typing import Any
from uuid import UUID

import msgspec
from case_events.runtime.postgres.errors import Connections
from psycopg.rows import DictRow, dict_row

from case_portal.application.ports import KeptRefusal, RefusalPage
from case_portal.domain.view import Refusal

REFUSED = """
    select kept.document, coalesce(memories.reference, '') as reference
    from rows as kept
    left join memories on memories.case_id = (kept.document ->> 'case')::uuid
        and memories.tenant = %(tenant)s
    where kept.key like 'refused:%%' and kept.tenant = %(tenant)s
    order by kept.at desc, kept.key desc
    limit %(limit)s offset %(offset)s
"""

REFUSAL = """
    select document from rows
    where key like 'refused:%%' and key = %(key)s and tenant = %(tenant)s
"""


class PostgresRefusals:
    """`application.ports.Refusals` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def refused(self, tenant: str, page: int, size: int) -> RefusalPage:
        """What was refused at a tenant, the last first."""
        asked = {"tenant": tenant, "limit": size + 1, "offset": (page - 1) * size}
        rows = await self._rows(REFUSED, asked)
        found = [KeptRefusal(_refusal(row), row["reference"]) for row in rows]
        return RefusalPage(found[:size], len(found) > size)

    async def refusal(self, tenant: str, refusal: UUID) -> Refusal | None:
        """One refusal of a tenant."""
        rows = await self._rows(REFUSAL, {"tenant": tenant, "key": f"refused:{refusal}"})
        return _refusal(rows[0]) if rows else None

    async def _rows(self, query: str, asked: dict[str, Any]) -> list[DictRow]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _refusal(row: DictRow) -> Refusal:
    return msgspec.convert(row["document"], Refusal)
