"""Publishes commands for workflow through the outbox, and waits a moment for their outcome."""

import asyncio
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

import msgspec
from case_events.contracts.commands import Command
from case_events.envelope import Actor
from case_events.runtime import Origin, Outbox, Unavailable
from case_events.runtime.postgres import (
    Connections,
    PostgresTransaction,
    connection,
    load_statements,
)
from case_events.topics import COMMANDS

from case_portal.commands.ports import CommandReceipt
from case_portal.core.principal import PerPrincipal, Principal
from case_portal.core.problem import ServiceUnavailable
from case_portal.database.signals import Signals
from case_portal.read_model.view import CommandOutcome, FoundCase

A = TypeVar("A", bound=CommandOutcome)
TIMEOUT = 2.0
"""Seconds to wait for an outcome before the answer is a link."""

STATEMENTS = load_statements("case_portal.database", "commands")


class Outcomes:
    """Reads outcomes that the reaction stored, and waits up to `timeout` seconds for one."""

    def __init__(
        self, connections: PerPrincipal[Connections], signals: Signals, timeout: float = TIMEOUT
    ) -> None:
        self._connections, self._signals, self._timeout = connections, signals, timeout

    async def in_time(self, principal: Principal, asked: UUID, kind: type[A]) -> A | None:
        """The outcome of the request with this id; None if there is none in time."""
        # The waiter is registered before the table is read, so that no outcome is missed in
        # between.
        with self._signals.waiting(outcome_key(asked)) as woken:
            outcome = await self.now(principal, asked, kind)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeout):
                    while outcome is None:
                        await woken.wait()
                        woken.clear()
                        outcome = await self.now(principal, asked, kind)
            return outcome

    async def now(self, principal: Principal, asked: UUID, kind: type[A]) -> A | None:
        """The outcome of the request with this id; None if there is none yet."""
        async with connection(self._connections(principal)) as db:
            found = await db.execute(STATEMENTS["find_outcome"], [outcome_key(asked)])
            row = await found.fetchone()
        return msgspec.convert(row[0], kind) if row is not None else None


class OutboxCommandGateway:
    """`commands.ports.CommandGateway`. `channel` is the channel of its commands."""

    def __init__(
        self,
        outbox: PerPrincipal[Outbox[PostgresTransaction]],
        connections: PerPrincipal[Connections],
        outcomes: Outcomes,
        channel: str,
    ) -> None:
        self._outbox, self._connections, self._outcomes = outbox, connections, outcomes
        self._channel = channel

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        """See `commands.ports.CommandGateway`."""
        origin = Origin(
            tenant=principal.tenant,
            actor=Actor(kind=principal.kind, id=principal.id, capacity=principal.kind),
            channel=self._channel,
            definition=case.view.definition,
        )
        try:
            async with self._outbox(principal).open() as transaction:
                record = transaction.publish(COMMANDS, command, origin, case.id)
                await _note(transaction.tx, record.id, principal, case.view.reference)
        except Unavailable as error:
            raise ServiceUnavailable(str(error)) from error
        answer = await self._outcomes.in_time(principal, record.id, CommandOutcome)
        return CommandReceipt(command=record.id, reference=case.view.reference, answer=answer)

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        """See `commands.ports.CommandGateway`."""
        async with connection(self._connections(principal)) as db:
            asked = [command, principal.tenant, principal.kind, principal.id]
            found = await db.execute(STATEMENTS["find_command"], asked)
            row = await found.fetchone()
        if row is None:
            return None
        answer = await self._outcomes.now(principal, command, CommandOutcome)
        return CommandReceipt(command=command, reference=row[0], answer=answer)


async def _note(tx: PostgresTransaction, command: UUID, who: Principal, reference: str) -> None:
    values = [command, who.tenant, who.kind, who.id, reference]
    await tx.connection.execute(STATEMENTS["save_command"], values)


def outcome_key(asked: UUID) -> str:
    """The key under which the reaction stores the outcome of the request with this id."""
    return f"outcome:{asked}"
