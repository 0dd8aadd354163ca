"""The security log in PostgreSQL."""

from datetime import timedelta

import msgspec
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg.rows import dict_row

from case_portal.security.ports import SecurityListing, SecurityPage, SecurityView

STATEMENTS = load_statements("case_portal.database", "security")


class PostgresSecurityEvents:
    """`security.ports.SecurityEvents` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def listed(self, tenant: str, listing: SecurityListing) -> SecurityPage:
        """See `security.ports.SecurityEvents`."""
        asked = {
            "tenant": tenant,
            "type": listing.type,
            "outcome": listing.outcome,
            "limit": listing.size + 1,
            "offset": (listing.page - 1) * listing.size,
        }
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(STATEMENTS["list"], asked)
            rows = await cursor.fetchall()
        found = [msgspec.convert(row["document"], SecurityView) for row in rows]
        return SecurityPage(found[: listing.size], len(found) > listing.size)


async def forget_old_events(pool: Connections, kept: timedelta) -> None:
    """Delete the events that happened longer ago than `kept`."""
    async with connection(pool) as db:
        await db.execute(STATEMENTS["delete_old"], [kept])
