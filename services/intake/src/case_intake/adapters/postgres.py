"""Inbound records in PostgreSQL, in a transaction that the caller opens and commits."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from case_events.runtime.postgres import load_statements
from psycopg import AsyncConnection

from case_intake.application.ports import InboundRecord, StoredAnswer
from case_intake.domain.inbound import NumberedCase, Thread

STATEMENTS = load_statements("case_intake.adapters", "inbound")


class PostgresInboundRepository:
    """Implements `ports.InboundRepository` on an open transaction's connection."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def lock(self, key: str) -> None:
        await self._connection.execute(STATEMENTS["lock"], [key])

    async def mail(self, tenant: str, message_id: str, digest: str) -> InboundRecord | None:
        row = await self._row(STATEMENTS["find_mail"], (tenant, message_id, digest))
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
        return await self._row(STATEMENTS["find_arrival"], (tenant, arrived)) is not None

    async def answer(self, tenant: str, principal: str, key: str) -> StoredAnswer | None:
        row = await self._row(STATEMENTS["find_answer"], (tenant, principal, key))
        return StoredAnswer(digest=row[0], case=row[1], reference=row[2]) if row else None

    async def case(self, tenant: str, case: UUID) -> NumberedCase | None:
        row = await self._row(STATEMENTS["find_case"], (tenant, case))
        return NumberedCase(*row) if row else None

    async def case_by_reference(
        self, tenant: str, references: Sequence[str]
    ) -> NumberedCase | None:
        if not references:
            return None
        asked = {"tenant": tenant, "names": [reference.upper() for reference in references]}
        row = await self._row(STATEMENTS["find_case_by_reference"], asked)
        return NumberedCase(*row) if row else None

    async def thread(self, tenant: str, message_ids: Sequence[str]) -> Thread | None:
        if not message_ids:
            return None
        asked = {"tenant": tenant, "ids": list(message_ids)}
        row = await self._row(STATEMENTS["find_thread"], asked)
        return Thread(NumberedCase(*row[:4]), row[4]) if row else None

    async def next_number(self, tenant: str, year: int) -> int:
        row = await self._row(STATEMENTS["next_number"], (tenant, year))
        assert row is not None
        return int(row[0])

    async def save(self, arrived: InboundRecord) -> None:
        a = arrived
        await self._connection.execute(
            STATEMENTS["save_arrival"],
            (a.id, a.tenant, a.channel, a.message_id, a.digest, a.raw, a.received_at, a.outcome,
             a.why, a.case, a.reference),
        )  # fmt: skip

    async def save_case(self, tenant: str, case: NumberedCase) -> None:
        await self._connection.execute(
            STATEMENTS["save_case"],
            (tenant, case.id, case.reference, case.customer, case.contact),
        )

    async def save_thread(self, tenant: str, message_id: str, case: UUID, public: bool) -> None:
        await self._connection.execute(
            STATEMENTS["save_thread"], (tenant, message_id, case, public)
        )

    async def save_answer(
        self, tenant: str, principal: str, key: str, answered: StoredAnswer
    ) -> None:
        await self._connection.execute(
            STATEMENTS["save_answer"],
            (tenant, principal, key, answered.digest, answered.case, answered.reference),
        )

    async def _row(
        self, statement: LiteralString, values: Sequence[Any] | dict[str, Any]
    ) -> tuple[Any, ...] | None:
        return await (await self._connection.execute(statement, values)).fetchone()
