"""Takes commands to workflow by the Door, and waits a moment for what comes of them."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import msgspec
from case_events.contracts.commands import Command
from case_events.envelope import Actor
from case_events.runtime.door import Door, Origin
from case_events.runtime.ports import Interrupted
from case_events.runtime.postgres.errors import connection
from case_events.runtime.postgres.requests import RequestConnections, RequestPool
from case_events.runtime.postgres.transaction import PostgresTransaction
from case_events.topics import COMMANDS

from case_portal.commands.ports import Asked
from case_portal.core.principal import Principal
from case_portal.core.problem import OutOfReach
from case_portal.database.row_level_security import rls_settings
from case_portal.database.signals import Signals
from case_portal.read_model.view import Answer, FoundCase

PATIENCE = 2.0
"""Seconds that somebody waits for the answer before they are told where to look."""

NOTE = """
    insert into asked (command, tenant, person_kind, person, reference)
    values (%s, %s, %s, %s, %s)
"""
ANSWER = "select document from rows where key = %s and key like 'outcome:%%' limit 1"
ASKED = """
    select reference from asked
    where command = %s and tenant = %s and person_kind = %s and person = %s
"""


class DoorDesk:
    """`commands.ports.Desk`; `channel` is how people come to this one."""

    def __init__(
        self,
        door_on: Callable[[RequestConnections], Door[PostgresTransaction]],
        requests: RequestPool,
        signals: Signals,
        channel: str,
        patience: float = PATIENCE,
    ) -> None:
        self._door_on, self._requests, self._signals = door_on, requests, signals
        self._channel, self._patience = channel, patience

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> Asked:
        """See `commands.ports.Desk`."""
        origin = Origin(
            tenant=principal.tenant,
            actor=Actor(kind=principal.kind, id=principal.id, capacity=principal.kind),
            channel=self._channel,
            definition=case.view.definition,
        )
        try:
            async with self._door_on(self._of(principal)).open() as admission:
                record = admission.publish(COMMANDS, command, origin, case.id)
                await _note(admission.tx, record.id, principal, case.view.reference)
        except Interrupted as error:
            raise OutOfReach(str(error)) from error
        answer = await self._answer_in_time(principal, record.id)
        return Asked(command=record.id, reference=case.view.reference, answer=answer)

    async def asked(self, principal: Principal, command: UUID) -> Asked | None:
        """See `commands.ports.Desk`."""
        async with connection(self._of(principal)) as db:
            found = await db.execute(
                ASKED, [command, principal.tenant, principal.kind, principal.id]
            )
            row = await found.fetchone()
        if row is None:
            return None
        return Asked(
            command=command, reference=row[0], answer=await self._answer(principal, command)
        )

    async def _answer_in_time(self, principal: Principal, command: UUID) -> Answer | None:
        # The waiter stands before the table is read, so no answer falls in between.
        with self._signals.waiting(_key(command)) as woken:
            try:
                async with asyncio.timeout(self._patience):
                    while (answer := await self._answer(principal, command)) is None:
                        await woken.wait()
                        woken.clear()
            except TimeoutError:
                return None
            return answer

    async def _answer(self, principal: Principal, command: UUID) -> Answer | None:
        async with connection(self._of(principal)) as db:
            found = await db.execute(ANSWER, [_key(command)])
            row = await found.fetchone()
        return msgspec.convert(row[0], Answer) if row is not None else None

    def _of(self, principal: Principal) -> RequestConnections:
        return self._requests.acting_for(rls_settings(principal))


async def _note(tx: PostgresTransaction, command: UUID, who: Principal, reference: str) -> None:
    await tx.connection.execute(NOTE, [command, who.tenant, who.kind, who.id, reference])


def _key(command: UUID) -> str:
    return f"outcome:{command}"
