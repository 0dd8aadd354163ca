"""Inbound records in PostgreSQL, in a transaction that the caller opens and commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from case_intake.application.ports import InboundRecord, StoredAnswer
from case_intake.domain.inbound import NumberedCase, Thread

_MAIL = """
SELECT id, channel, raw, received_at, outcome, why, case_id, reference FROM arrivals
WHERE tenant = %s AND message_id = %s AND body_digest = %s AND channel = 'mail'
"""
_KEEP = """
INSERT INTO arrivals (id, tenant, channel, message_id, body_digest, raw, received_at, outcome,
    why, case_id, reference)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_CASE = """
SELECT case_id, reference, customer, contact FROM cases WHERE tenant = %s AND case_id = %s
"""
_CASE_NAMED = """
SELECT case_id, reference, customer, contact FROM cases
WHERE tenant = %(tenant)s AND reference_key = ANY(%(names)s)
ORDER BY array_position(%(names)s, reference_key) LIMIT 1
"""
_THREAD = """
SELECT case_id, reference, customer, contact, public FROM threads JOIN cases USING (tenant, case_id)
WHERE tenant = %(tenant)s AND message_id = ANY(%(ids)s)
ORDER BY array_position(%(ids)s, message_id) DESC LIMIT 1
"""
_NEXT_NUMBER = """
INSERT INTO counters AS c (tenant, year, number) VALUES (%s, %s, 1)
ON CONFLICT (tenant, year) DO UPDATE SET number = c.number + 1 RETURNING number
"""


class PostgresInboundRepository:
    """Implements the `Arrivals` port on an open transaction's connection."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def lock(self, key: str) -> None:
        # Two keys of one hash wait for each other: slower, and as right.
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key]
        )

    async def mail(self, tenant: str, message_id: str, digest: str) -> InboundRecord | None:
        row = await self._row(_MAIL, (tenant, message_id, digest))
        if row is None:
            return None
        new, channel, raw, received_at, outcome, why, case, reference = row
        return InboundRecord(
            id=new,
            tenant=tenant,
            channel=channel,
            message_id=message_id,
            digest=digest,
            raw=raw,
            received_at=received_at,
            outcome=outcome,
            why=why,
            case=case,
            reference=reference,
        )

    async def exists(self, tenant: str, arrived: UUID) -> bool:
        found = "SELECT FROM arrivals WHERE tenant = %s AND id = %s"
        return await self._row(found, (tenant, arrived)) is not None

    async def answer(self, tenant: str, principal: str, key: str) -> StoredAnswer | None:
        row = await self._row(
            "SELECT body_digest, case_id, reference FROM idempotency"
            " WHERE tenant = %s AND principal = %s AND key = %s",
            (tenant, principal, key),
        )
        return StoredAnswer(digest=row[0], case=row[1], reference=row[2]) if row else None

    async def case(self, tenant: str, case: UUID) -> NumberedCase | None:
        row = await self._row(_CASE, (tenant, case))
        return NumberedCase(*row) if row else None

    async def case_by_reference(
        self, tenant: str, references: Sequence[str]
    ) -> NumberedCase | None:
        names = [reference.upper() for reference in references]
        row = await self._row(_CASE_NAMED, {"tenant": tenant, "names": names}) if names else None
        return NumberedCase(*row) if row else None

    async def thread(self, tenant: str, message_ids: Sequence[str]) -> Thread | None:
        ids = list(message_ids)
        row = await self._row(_THREAD, {"tenant": tenant, "ids": ids}) if ids else None
        return Thread(NumberedCase(*row[:4]), row[4]) if row else None

    async def next_number(self, tenant: str, year: int) -> int:
        row = await self._row(_NEXT_NUMBER, (tenant, year))
        assert row is not None
        return int(row[0])

    async def save(self, arrived: InboundRecord) -> None:
        a = arrived
        await self._connection.execute(
            _KEEP,
            (a.id, a.tenant, a.channel, a.message_id, a.digest, a.raw, a.received_at, a.outcome,
             a.why, a.case, a.reference),
        )  # fmt: skip

    async def save_case(self, tenant: str, case: NumberedCase) -> None:
        await self._connection.execute(
            "INSERT INTO cases (tenant, case_id, reference, customer, contact)"
            " VALUES (%s, %s, %s, %s, %s)",
            (tenant, case.id, case.reference, case.customer, case.contact),
        )

    async def save_thread(self, tenant: str, message_id: str, case: UUID, public: bool) -> None:
        await self._connection.execute(
            "INSERT INTO threads (tenant, message_id, case_id, public) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (tenant, message_id, case, public),
        )

    async def save_answer(
        self, tenant: str, principal: str, key: str, answered: StoredAnswer
    ) -> None:
        await self._connection.execute(
            "INSERT INTO idempotency (tenant, principal, key, body_digest, case_id, reference)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (tenant, principal, key, answered.digest, answered.case, answered.reference),
        )

    async def _row(
        self, statement: str, values: Sequence[Any] | dict[str, Any]
    ) -> tuple[Any, ...] | None:
        return await (await self._connection.execute(statement, values)).fetchone()
